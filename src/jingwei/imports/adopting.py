"""Bringing a roster in: tried first, adopted as one act, taken back as one act."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.imports import sheets
from jingwei.imports.acts import Outcome, Refused
from jingwei.imports.cells import Cell
from jingwei.imports.importers import Field, Passage, Record
from jingwei.imports.mapping import Mapping, Value
from jingwei.imports.models import Made, Run
from jingwei.imports.refusals import RowRefused
from jingwei.imports.rosters import Progress, Roster, StandsInTheWay, What, Wrote, roster_named
from jingwei.imports.sheets import Row
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Fact, record
from jingwei.trail.models import Line
from jingwei.trail.verbs import verb

ADOPTED = verb("imports.roster_adopted", gettext_lazy("adopt a roster"), gettext_lazy("adopted a roster"))
UNDONE = verb("imports.roster_undone", gettext_lazy("take a roster back"), gettext_lazy("took a roster back"))

NOT_TOUCHING = (
    "account.refused", "people.unmasked", "organisations.appointed", "organisations.dismissed",
    "organisations.responsible", "organisations.no_longer",
)  # fmt: skip
"""Lines of the trail that name a thing and change nothing of it; what they wrote beside it, the database guards."""


class _OnlyTried(Exception):
    """Undoes a trial."""


def bring_in(
    path: Path,
    roster: Roster,
    mapping: Mapping,
    *,
    name: str,
    actor: Actor,
    at: datetime,
    county: str,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> tuple[Outcome, Run | None]:
    """Bring in what the sheet says, all in one transaction; what became of the rows, and the run unless tried only.

    A row that breaks a rule is refused alone, the others are taken. Raises SheetRefused or MapRefused before
    anything is written.
    """
    passage, outcome = Passage(actor, at, county), Outcome()
    run: Run | None = None
    try:
        with transaction.atomic():
            County.objects.select_for_update(no_key=True).get(pk=county)  # one roster of a county at a time
            run = _adopt(path, roster, mapping, name, passage, outcome, progress)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        run = None
    outcome.refused.sort(key=lambda refused: refused.number)
    return outcome, run


def _adopt(
    path: Path, roster: Roster, mapping: Mapping, name: str, passage: Passage, outcome: Outcome, progress: Progress
) -> Run:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    records = judged(path, roster, mapping, outcome)
    run = Run.objects.create(
        importer=roster.name, county=passage.county, source="roster", file=name[:255], sha256=digest, at=passage.at
    )
    made: list[tuple[str, int]] = []
    for row, wrote in _written(roster, records, passage, progress):
        made += _counted(row, wrote, outcome)
    Made.objects.bulk_create([Made(run=run, kind=kind, subject=subject) for kind, subject in made], batch_size=1000)
    run.read, run.loaded, run.changed = outcome.read, outcome.loaded, outcome.changed
    run.unchanged, run.refused = outcome.unchanged, len(outcome.refused)
    facts: dict[str, Fact] = {"roster": roster.name, "sha256": digest, "rows": outcome.read, "made": len(made)}
    facts |= {"new": outcome.loaded, "changed": outcome.changed, "refused": len(outcome.refused)}
    run.last_line = record(passage.actor, ADOPTED, at=passage.at, subject=("imports.run", run.pk), facts=facts)
    run.save()
    return run


def _written(
    roster: Roster, records: Sequence[tuple[Row, Record]], passage: Passage, progress: Progress
) -> Iterator[tuple[Row, Wrote | RowRefused]]:
    """What came of each row: written together where the roster can, else one by one."""
    if roster.write_all is not None:
        answers = roster.write_all([one for _row, one in records], passage, progress)
        yield from zip((row for row, _one in records), answers, strict=True)
        return
    for done, (row, one) in enumerate(records, start=1):
        yield row, _write(roster, row, one, passage)
        if done % 50 == 0 or done == len(records):
            progress(done, len(records))


def _write(roster: Roster, row: Row, one: Record, passage: Passage) -> Wrote | RowRefused:
    try:
        with transaction.atomic():
            return roster.write(one, passage)
    except RowRefused as refused:
        return refused
    except Exception as broken:
        broken.add_note(f"while bringing in row {row.number} of roster {roster.name!r}")
        raise


def _counted(row: Row, wrote: Wrote | RowRefused, outcome: Outcome) -> Sequence[tuple[str, int]]:
    if isinstance(wrote, RowRefused):
        outcome.refused.append(Refused(row.number, str(wrote), row.cells))
        return ()
    match wrote.what:
        case What.NEW:
            outcome.loaded += 1
        case What.CHANGED:
            outcome.changed += 1
        case What.SAME:
            outcome.unchanged += 1
    return wrote.made


# ---- reading and judging: nothing is written


def judged(path: Path, roster: Roster, mapping: Mapping, outcome: Outcome) -> list[tuple[Row, Record]]:
    """The rows that can be read; the others are refused in `outcome`."""
    ready: list[tuple[Row, Record]] = []
    seen: dict[tuple[object, ...], tuple[int, bytes]] = {}
    with sheets.read(path, sheet=mapping.about.sheet, header=mapping.about.header, expecting=mapping.names()) as sheet:
        places, above = mapping.places(sheet.header), dict[str, Cell]()
        outcome.header = sheet.header
        for row in sheet.rows:
            outcome.read += 1
            try:
                values = mapping.record(mapping.carry(row, places, above), places)
                _fit(roster, values)
                _refuse_second(roster, values, row.number, seen)
            except RowRefused as refused:
                outcome.refused.append(Refused(row.number, str(refused), row.cells))
            else:
                ready.append((row, Record(row.number, mapping.about.source, values)))
        outcome.notes = list(sheet.notes)
    return ready


def _fit(roster: Roster, values: dict[str, Value]) -> None:
    """Every field has its value, None where the sheet says nothing; refuses what is too long or missing."""
    for each in roster.fields:
        said = values[each.name] = values.get(each.name)
        if said is None and each.required:
            raise RowRefused(_("“%(column)s” is empty; it is needed.") % {"column": each.title})
        if isinstance(said, str):
            values[each.name] = _short(each, said)


def _short(each: Field, said: str) -> str:
    plain = " ".join(said.split())
    if len(plain) > each.most:
        told = _("“%(column)s” is longer than %(most)s characters.")
        raise RowRefused(told % {"column": each.title, "most": each.most})
    return plain


def _refuse_second(
    roster: Roster, values: dict[str, Value], number: int, seen: dict[tuple[object, ...], tuple[int, bytes]]
) -> None:
    """A second row that speaks of the same thing says the same, or is refused."""
    if roster.alone and values.get(roster.alone) is None:
        return
    known = tuple(values.get(name) for name in roster.known_by)
    told = hashlib.sha256(msgspec.json.encode(values, order="sorted")).digest()
    first, said = seen.setdefault(known, (number, told))
    if said != told:
        raise RowRefused(_("Row %(row)s says otherwise of the same. Keep one of the two.") % {"row": first})


# ---- taking back


class CannotUndo(Exception):
    """A run is taken back whole, while nothing rests on what it made; `reasons` say what does."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(dict.fromkeys(reasons))
        super().__init__("\n".join(self.reasons))


@transaction.atomic
def undo(run: Run, *, actor: Actor, at: datetime) -> int:
    """Take back what a run made, as one act; how many things. What it changed stays changed.

    Twice is once. Raises CannotUndo, and then nothing has happened.
    """
    County.objects.select_for_update(no_key=True).get(pk=run.county)
    run = Run.objects.select_for_update().get(pk=run.pk)
    roster = roster_named(run.importer)
    if run.undone_at is not None:
        return 0
    if roster is None:
        raise CannotUndo([_("This roster is not known any more.")])
    things = list(run.made.order_by("-pk"))
    passage = Passage(actor, at, run.county)
    if roster.unmake_all is not None:
        reasons = _taken_back(roster.unmake_all, things, run, passage)
    else:
        reasons = [said for thing in things for said in _taken_back(_one_by_one(roster), [thing], run, passage)]
    if reasons:
        raise CannotUndo(reasons)
    run.undone_at = at
    run.save(update_fields=["undone_at"])
    facts: dict[str, Fact] = {"roster": roster.name, "things": len(things)}
    record(actor, UNDONE, at=at, subject=("imports.run", run.pk), facts=facts)
    return len(things)


_Unmake = Callable[[Sequence[tuple[str, int]], Passage], None]


def _one_by_one(roster: Roster) -> _Unmake:
    def unmake(things: Sequence[tuple[str, int]], passage: Passage) -> None:
        for kind, pk in things:
            roster.unmake(kind, pk, passage)

    return unmake


def _taken_back(unmake: _Unmake, things: Sequence[Made], run: Run, passage: Passage) -> list[str]:
    """Take things back; what stands in the way, and then none of them is gone."""
    try:
        with transaction.atomic():
            _refuse_touched(things, run)
            unmake([(thing.kind, thing.subject) for thing in things], passage)
            _check_now()
    except StandsInTheWay as no:
        return [no.sentence]
    except (ProtectedError, IntegrityError):
        return [_("Something it made is in use already, and is named by records that stay.")]
    return []


def _check_now() -> None:
    """Let the database say at once, not at the end, that something still points to what is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _refuse_touched(things: Sequence[Made], run: Run) -> None:
    """What was changed since the run is not the run's alone any more."""
    later = Line.objects.filter(pk__gt=run.last_line).exclude(verb__in=NOT_TOUCHING)
    subjects: dict[str, list[int]] = {}
    for thing in things:
        subjects.setdefault(thing.kind, []).append(thing.subject)
    lines = (later.filter(subject_type=k, subject_id__in=v).order_by("pk").first() for k, v in subjects.items())
    line = next(filter(None, lines), None)
    if line is not None:
        said = _("On %(day)s something it made was changed by %(who)s; take that back first.")
        day = localtime(line.at).date().isoformat()
        raise StandsInTheWay(said % {"day": day, "who": line.actor_title})
