"""Loading a sheet: every row is read and judged first, then loaded in batches, and never twice."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import msgspec
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.imports import sheets
from jingwei.imports.cells import Cell
from jingwei.imports.importers import Importer, Passage, Record, importer
from jingwei.imports.mapping import Mapping, Value
from jingwei.imports.models import Known, Run
from jingwei.imports.refusals import RowRefused
from jingwei.imports.sheets import Row
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

IMPORTED = verb("imports.sheet_loaded", gettext_lazy("load a sheet"), gettext_lazy("loaded a sheet"))

BATCH = 200
"""Rows a transaction: a broken-off import keeps the batches before, and the next one goes on from there."""

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


@dataclass(frozen=True)
class Refused:
    """A row that was not loaded: its number as Excel shows it, why, and its cells to be given back."""

    number: int
    reason: str
    cells: dict[str, Cell] = field(default_factory=dict, repr=False, compare=False)


@dataclass
class Outcome:
    """How the rows fared: read = loaded + changed + unchanged + refused. `notes` tells what was left out,
    `figures` what all rows of the same system have come to."""

    read: int = 0
    loaded: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    header: tuple[str, ...] = ()
    figures: list[tuple[Promise | str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class _Ready:
    """A row that may be loaded, and the digest of its values."""

    row: Row
    record: Record
    number: str
    digest: str


class _OnlyTried(Exception):
    """Undoes a trial run."""


def run(
    file: Path | str,
    *,
    as_: str,
    mapping: Mapping,
    actor: Actor,
    at: datetime,
    county: str = "",
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Outcome:
    """Load the table in `file` through importer `as_`, rows named and read by `mapping`.

    A row known from before is unchanged, or loaded again if it has changed. With `dry_run` all is done
    and undone. Raises SheetRefused, MapRefused or NoSuchImporter before anything is written; a row that
    breaks a rule is refused alone.
    """
    taker, outcome, passage = importer(as_), Outcome(), Passage(actor, at, county or _only_county())
    taker.accept(mapping)
    ready = _judged(taker, Path(file), mapping, passage, outcome)
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    about = {"importer": as_, "county": passage.county, "source": mapping.about.source}
    written = Run(**about, file=Path(file).name, sha256=digest, at=at)
    try:
        with transaction.atomic() if dry_run else nullcontext():
            _load(taker, written, ready, passage, outcome, progress)
            outcome.figures = list(taker.figures(written.source, written.county)) if taker.figures else []
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass
    outcome.refused.sort(key=lambda refused: refused.number)
    return outcome


# ---- reading and judging: nothing is written


def _judged(taker: Importer, file: Path, mapping: Mapping, passage: Passage, outcome: Outcome) -> list[_Ready]:
    """The rows that may be loaded; the others are refused in `outcome`. The whole sheet is read first, so
    that one which is refused as a whole leaves nothing behind."""
    ready: list[_Ready] = []
    numbers: dict[str, int] = {}
    with sheets.read(file, sheet=mapping.about.sheet, expecting=mapping.names()) as sheet:
        places, outcome.header = mapping.places(sheet.header), sheet.header
        for row in sheet.rows:
            outcome.read += 1
            try:
                ready.append(_ready(taker, row, mapping.record(row, places), mapping, numbers))
                if taker.check:
                    taker.check(ready[-1].record, passage)
            except RowRefused as refused:
                if ready and ready[-1].row is row:
                    ready.pop()
                outcome.refused.append(Refused(row.number, str(refused), row.cells))
        outcome.notes = list(sheet.notes)
    if unread := mapping.unread(outcome.header):
        outcome.notes.append(_("Columns left unread: %(columns)s.") % {"columns": "、".join(unread)})
    return ready


def _ready(taker: Importer, row: Row, values: dict[str, Value], mapping: Mapping, numbers: dict[str, int]) -> _Ready:
    number = str(values.get(taker.key) or "") if taker.key else ""
    if len(number) > 120:
        raise RowRefused(_("The number is longer than 120 characters."))
    if number and numbers.setdefault(number, row.number) != row.number:
        said = _("The number %(number)s stands in row %(row)s already.")
        raise RowRefused(said % {"number": number, "row": numbers[number]})
    told = msgspec.json.encode(values, order="sorted")
    digest = salted_hmac("jingwei.imports", told, algorithm="sha256").hexdigest()
    return _Ready(row, Record(row.number, mapping.about.source, values), number, digest)


# ---- loading


def _load(
    taker: Importer,
    written: Run,
    ready: list[_Ready],
    passage: Passage,
    outcome: Outcome,
    progress: Progress,
) -> None:
    with transaction.atomic():
        written.save()
        facts: dict[str, str | int | bool | None] = {
            "importer": taker.name,
            "source": written.source,
            "sha256": written.sha256,
            "rows": outcome.read,
        }
        record(passage.actor, IMPORTED, at=passage.at, subject=("imports.run", written.pk), facts=facts)
    for batch in _batches(ready):
        with transaction.atomic():
            _load_batch(taker, written, batch, passage, outcome)
            _note_counts(written, outcome)
        progress(outcome.loaded + outcome.changed + outcome.unchanged + len(outcome.refused), outcome.read)
    _note_counts(written, outcome)


def _batches(ready: list[_Ready]) -> Iterator[list[_Ready]]:
    for start in range(0, len(ready), BATCH):
        yield ready[start : start + BATCH]


def _load_batch(taker: Importer, written: Run, batch: list[_Ready], passage: Passage, outcome: Outcome) -> None:
    mine = Known.objects.filter(importer=taker.name, county=written.county, source=written.source)
    with connection.cursor() as cursor:  # two runs of one system's sheets take turns, batch by batch
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"imports {taker.name} {written.source}"],
        )
    known = {row.number: row for row in mine.filter(number__in=[each.number for each in batch if each.number])}
    waiting = []
    for each in batch:
        before = known.get(each.number)
        if before and before.digest == each.digest:
            outcome.unchanged += 1
        else:
            waiting.append((each, before))
    subjects = _together(taker, waiting, passage)
    if subjects is None:
        subjects = [_load_row(taker, each, before, passage, outcome) for each, before in waiting]
    _remember(taker, written, waiting, subjects, outcome)


_Waiting = Sequence[tuple[_Ready, Known | None]]
"""Rows to be loaded, each with what is known of it from before."""


def _remember(
    taker: Importer, written: Run, waiting: _Waiting, subjects: Sequence[int | None], outcome: Outcome
) -> None:
    """Note what was made of each row, so that it is known when it comes again; None was refused."""
    fresh = []
    for (each, before), subject in zip(waiting, subjects, strict=True):
        if subject is None:
            continue
        if before:
            before.subject, before.digest, before.run = subject, each.digest, written
            before.save(update_fields=["subject", "digest", "run"])
            outcome.changed += 1
            continue
        outcome.loaded += 1
        if each.number:
            fresh.append(_known(taker, written, each, subject))
    Known.objects.bulk_create(fresh)


def _row(each: _Ready, before: Known | None) -> Record:
    return replace(each.record, known=before.subject if before else None)


def _together(taker: Importer, waiting: _Waiting, passage: Passage) -> Sequence[int | None] | None:
    """Load the rows in one go; None where that cannot be, and nothing is left behind."""
    if taker.load_many is None or not waiting:
        return None
    try:
        with transaction.atomic():
            return taker.load_many([_row(each, before) for each, before in waiting], passage)
    except RowRefused:
        return None


def _load_row(taker: Importer, each: _Ready, before: Known | None, passage: Passage, outcome: Outcome) -> int | None:
    """Load one row in its own savepoint; None if it was refused, with nothing left behind."""
    try:
        with transaction.atomic():
            return taker.load(_row(each, before), passage)
    except RowRefused as refused:
        outcome.refused.append(Refused(each.row.number, str(refused), each.row.cells))
        return None
    except Exception as broken:
        broken.add_note(f"while loading row {each.row.number} through importer {taker.name!r}")
        raise


def _known(taker: Importer, written: Run, each: _Ready, subject: int) -> Known:
    return Known(
        importer=taker.name,
        county=written.county,
        source=written.source,
        number=each.number,
        digest=each.digest,
        subject=subject,
        run=written,
    )


def _only_county() -> str:
    """The county that need not be named; empty where several work here, or none."""
    counties = list(County.objects.values_list("code", flat=True)[:2])
    return counties[0] if len(counties) == 1 else ""


def _note_counts(written: Run, outcome: Outcome) -> None:
    for count in ("read", "loaded", "changed", "unchanged"):
        setattr(written, count, getattr(outcome, count))
    written.refused = len(outcome.refused)
    written.save()
