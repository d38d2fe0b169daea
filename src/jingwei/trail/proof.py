"""Proving the trail: finds every line that was changed, removed or slipped in behind its back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from jingwei.trail.models import Seal
from jingwei.trail.sealer import logged


@dataclass(frozen=True)
class Broken:
    """One place where the trail does not prove itself; `line` is an id, None where no one line is meant."""

    what: Literal["guard", "altered", "missing", "inserted", "seal", "log"]
    line: int | None
    sentence: str

    def __str__(self) -> str:
        return self.sentence


LINES = "SELECT id FROM trail_line AS line WHERE digest IS DISTINCT FROM trail_digest(line) ORDER BY id"

SEALS = """
SELECT id, altered, loose FROM (
    SELECT id, head IS DISTINCT FROM trail_head(trail_seal, ids, digests)
               OR lines <> cardinality(ids) OR lines <> cardinality(digests) AS altered,
           id <> coalesce(lag(id) OVER chain, 0) + 1
               OR id_from <> coalesce(lag(id_below) OVER chain, 1)
               OR previous_head <> coalesce(lag(head) OVER chain, decode(repeat('00', 32), 'hex')) AS loose
    FROM trail_seal WINDOW chain AS (ORDER BY id)) AS link
WHERE altered OR loose ORDER BY id
"""

SEALED = """
SELECT sealed.seal, sealed.id, line.id
FROM (SELECT seal.id AS seal, held.id, held.digest
      FROM trail_seal AS seal CROSS JOIN LATERAL unnest(seal.ids, seal.digests) AS held(id, digest)) AS sealed
LEFT JOIN trail_line AS line ON line.id = sealed.id
WHERE line.id IS NULL OR line.digest IS DISTINCT FROM sealed.digest
ORDER BY sealed.id
"""

SLIPPED_IN = """
SELECT line.id FROM trail_line AS line
LEFT JOIN (SELECT unnest(ids) AS id FROM trail_seal) AS sealed ON sealed.id = line.id
WHERE (sealed.id IS NULL AND line.id < (SELECT max(id_below) FROM trail_seal))
   OR line.id >= (SELECT last_value + is_called::int FROM trail_line_id_seq)
ORDER BY line.id
"""

GUARDS = """
SELECT wanted.holder, wanted.guard
FROM (VALUES ('trail_line', 'trail_fill'), ('trail_line', 'trail_refuse_change'),
             ('trail_line', 'trail_refuse_truncate'), ('trail_seal', 'trail_fill'),
             ('trail_seal', 'trail_refuse_change'), ('trail_seal', 'trail_refuse_truncate'))
    AS wanted(holder, guard)
LEFT JOIN pg_trigger AS t ON t.tgrelid = wanted.holder::regclass AND t.tgname = wanted.guard
    AND t.tgenabled IN ('O', 'A')
WHERE t.oid IS NULL
"""


def verify() -> Iterator[Broken]:
    """Prove every line and every seal, and compare the seals with the log outside the database.

    Yields nothing for a sound trail. Lines younger than the last seal are proven by their own digest only:
    that is the stated weakness of the unsealed minute.
    """
    heads = list(logged())
    with transaction.atomic():
        yield from _guards()
        yield from _lines()
        yield from _seals()
        yield from _log(heads)


def _guards() -> Iterator[Broken]:
    for holder, guard in _rows(GUARDS):
        said = _("The guard %(guard)s of %(table)s is switched off: switch it on with ALTER TABLE … ENABLE TRIGGER.")
        yield Broken("guard", None, said % {"guard": guard, "table": holder})


def _lines() -> Iterator[Broken]:
    told: set[int] = set()
    for (line_id,) in _rows(LINES):
        told.add(line_id)
        yield Broken("altered", line_id, _altered(line_id))
    for seal_id, line_id, there in _rows(SEALED):
        if there is None:
            said = _("Trail line %(line)s is missing: seal %(seal)s holds it.") % {
                "line": line_id,
                "seal": seal_id,
            }
            yield Broken("missing", line_id, said)
        elif line_id not in told:
            yield Broken("altered", line_id, _altered(line_id))
    for (line_id,) in _rows(SLIPPED_IN):
        said = _("Trail line %(line)s was slipped in: no seal of its time holds it.") % {"line": line_id}
        yield Broken("inserted", line_id, said)


def _altered(line_id: int) -> str:
    return _("Trail line %(line)s was altered after it was written.") % {"line": line_id}


def _seals() -> Iterator[Broken]:
    for seal_id, altered, loose in _rows(SEALS):
        if altered:
            said = _("Trail seal %(seal)s was altered: its head does not follow from what it holds.")
            yield Broken("seal", None, said % {"seal": seal_id})
        if loose:
            said = _("Trail seal %(seal)s does not follow from the seal before it: one was removed or replaced.")
            yield Broken("seal", None, said % {"seal": seal_id})


def _log(heads: list[tuple[int, str]]) -> Iterator[Broken]:
    """Compare what the log said when this began with the seals there are now; younger ones are left out."""
    outside: dict[int, str] = {}
    for seal_id, head in heads:
        if outside.setdefault(seal_id, head) != head:
            said = _("The log of trail heads gives seal %(seal)s twice, with different heads.")
            yield Broken("log", None, said % {"seal": seal_id})
    newest = max(outside, default=0)
    inside = {row.id: bytes(row.head).hex() for row in Seal.objects.filter(id__lte=newest).iterator()}
    for seal_id in sorted(outside.keys() | inside.keys()):
        if inside.get(seal_id) == outside.get(seal_id):
            continue
        if seal_id not in inside:
            said = _(
                "The log of trail heads names seal %(seal)s, which the database does not have. If an"
                " older copy was restored, move the log aside and keep it; otherwise seals were removed."
            )
        elif seal_id not in outside:
            said = _("Trail seal %(seal)s is not in the log of trail heads: the log was altered.")
        else:
            said = _("Trail seal %(seal)s has another head than the log of trail heads: the chain was replaced.")
        yield Broken("log", None, said % {"seal": seal_id})


def _rows(query: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a query over the whole trail, a thousand at a time."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(1000):
            yield from rows
