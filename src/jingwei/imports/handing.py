"""A roster at the desk: handed in, recognised, mended, tried, adopted, taken back. Long ones are the worker's."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.imports import adopting, grids, keeping, recognising
from jingwei.imports.acts import Outcome
from jingwei.imports.models import Handed, KeptMap, Run
from jingwei.imports.pack import RostersSection, RosterWords
from jingwei.imports.recognising import Recognised
from jingwei.imports.refusals import MapRefused, SheetRefused
from jingwei.outbox.acts import put
from jingwei.policy.queries import book as book_of
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

HANDED_IN = verb("imports.handed_in", gettext_lazy("hand a roster in"), gettext_lazy("handed a roster in"))
AT_ONCE = 300
"""Rows up to which a page waits for the answer (a second or two); more are the worker's."""
MOST_SHOWN = 100
"""Refused rows that the page shows; all of them stand in the sheet that is handed back."""


class HandingRefused(ValueError):
    """What is done with a roster handed in follows its course; the sentence tells the next move."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def words_of(county: str, roster: str) -> RosterWords:
    """The county's words for a roster."""
    return book_of(county)[RostersSection].words(roster)


@transaction.atomic
def take(data: bytes, name: str, *, county: str, ground: str, actor: Actor, at: datetime) -> Handed:
    """Keep a file that was handed in, and see what it is. Raises SheetRefused, and keeps nothing."""
    with grids.on_disk(data) as path:
        found = recognising.recognise(path, book_of(county)[RostersSection], name=name)
    handed = Handed(
        county_id=county,
        ground=ground,
        at=at,
        by_person=actor.person_id or 0,
        by_post=actor.post_id or 0,
        by_title=actor.title,
        name=name[-255:],
        sha256=hashlib.sha256(data).hexdigest(),
        roster=found.roster.name,
        sheet=found.sheet[:80],
        row=found.row,
    )
    keeping.put(handed, data)  # refuses what is not on the information list
    handed.save()
    facts: dict[str, str | int | bool | None] = {"roster": handed.roster, "sha256": handed.sha256, "bytes": len(data)}
    record(actor, HANDED_IN, at=at, subject=("imports.handed", handed.pk), place=ground, facts=facts)
    return handed


def seen(handed: Handed, path: Path) -> Recognised:
    """What the file is taken to be: as chosen on the page, else as kept from an earlier time, else as recognised."""
    section = book_of(handed.county_id)[RostersSection]
    found = recognising.recognise(
        path, section, roster=handed.roster, sheet=handed.sheet, row=handed.row, name=handed.name
    )
    kept = KeptMap.objects.filter(county=handed.county_id, roster=found.roster.name, header=found.digest).first()
    if kept is not None:
        found = recognising.mended(found, kept.columns, recognising.KEPT)
    return recognising.mended(found, handed.columns) if handed.columns else found


@transaction.atomic
def choose(handed: Handed, *, roster: str, sheet: str, row: int) -> None:
    """Take the file for another roster, another of its sheets, or another header row; what was mended is forgotten.

    Raises SheetRefused where no column names stand there.
    """
    handed = _open(handed)
    section = book_of(handed.county_id)[RostersSection]
    with keeping.file_of(handed) as path:
        other = (handed.roster, handed.sheet) != (roster, sheet)
        found = recognising.recognise(path, section, roster=roster, sheet=sheet, row=0 if other else row)
    handed.roster, handed.sheet, handed.row = found.roster.name, found.sheet[:80], found.row
    handed.columns, handed.state, handed.counts, handed.notes, handed.refused = {}, Handed.ARRIVED, {}, [], ""
    handed.save(update_fields=["roster", "sheet", "row", "columns", "state", "counts", "notes", "refused"])


@transaction.atomic
def mend(handed: Handed, columns: dict[str, str], *, keep: bool, at: datetime) -> None:
    """Read the fields from these columns; with `keep`, also next time a sheet has these column names."""
    handed = _open(handed)
    with keeping.file_of(handed) as path:
        found = recognising.mended(seen(handed, path), columns)
    told = {match.field.name: match.column for match in found.matches}
    if len(taken := [column for column in told.values() if column]) != len(set(taken)):
        raise HandingRefused(_("One column is chosen for two fields. Choose another for one of them."))
    handed.columns, handed.state, handed.counts = told, Handed.ARRIVED, {}
    handed.save(update_fields=["columns", "state", "counts"])
    if keep:
        KeptMap.objects.update_or_create(
            county=handed.county, roster=handed.roster, header=found.digest, defaults={"columns": told, "at": at}
        )


def _open(handed: Handed) -> Handed:
    """The row, locked; refuses what is adopted, in work, or emptied."""
    row = Handed.objects.select_for_update().get(pk=handed.pk)
    if row.busy:
        raise HandingRefused(_("It is being worked on. Wait until that is done."))
    if row.state in (Handed.ADOPTED, Handed.UNDONE):
        raise HandingRefused(_("This roster is adopted already. Hand the file in again to change something."))
    if not row.content:
        raise HandingRefused(_("The file is not kept any more. Hand it in again."))
    return row


# ---- trying and adopting


@transaction.atomic
def ask(handed: Handed, *, adopt: bool, key: str, actor: Actor, at: datetime) -> None:
    """Try a roster, or adopt it: at once where it is short, else by the worker. Adopted twice is adopted once."""
    row = Handed.objects.select_for_update().get(pk=handed.pk)
    if adopt and (row.state in (Handed.ADOPTED, Handed.UNDONE) or row.state == Handed.ADOPTING):
        return
    row = _open(row)
    if adopt and row.state != Handed.TRIED:
        raise HandingRefused(_("Try it first; then what would happen can be adopted."))
    row.state, row.done = Handed.ADOPTING if adopt else Handed.TRYING, 0
    with keeping.file_of(row) as path:
        row.of = _rows(seen(row, path), path, row)
    row.save(update_fields=["state", "done", "of"])
    if row.of <= AT_ONCE:
        work(row, actor=actor, at=at)
        return
    payload = {"handed": row.pk, "person": actor.person_id, "post": actor.post_id, "title": actor.title}
    put("imports.roster", {**payload, "at": at.isoformat()}, key=f"imports.roster:{row.pk}:{key}", at=at)


def _rows(found: Recognised, path: Path, handed: Handed) -> int:
    from jingwei.imports import sheets

    if found.missing:
        names = "”、“".join(str(one.title) for one in found.missing)
        raise HandingRefused(_("Say first which column is “%(field)s”.") % {"field": names})
    if not set(found.roster.known_by) & set(found.columns):
        raise HandingRefused(
            _("No column says what a row is about. Choose another roster, or say which column is which.")
        )
    try:
        with sheets.read(path, sheet=found.sheet, header=found.row) as sheet:
            return sum(1 for _row in sheet.rows)
    except SheetRefused as no:
        raise HandingRefused(str(no)) from no


def work(handed: Handed, *, actor: Actor, at: datetime) -> None:
    """Do what was asked: the trial or the adoption, in the transaction of whoever calls."""
    adopt, told = handed.state == Handed.ADOPTING, _Telling(handed.pk)
    with keeping.file_of(handed) as path:
        found = seen(handed, path)
        try:
            outcome, run = adopting.bring_in(
                path,
                found.roster,
                found.mapping(words_of(handed.county_id, found.roster.name)),
                name=handed.name,
                actor=actor,
                at=at,
                county=handed.county_id,
                dry_run=not adopt,
                progress=told,
            )
        except (SheetRefused, MapRefused) as no:
            handed.state, handed.notes = Handed.BROKEN, [str(no)]
            handed.save(update_fields=["state", "notes"])
            return
    _note(handed, outcome, run, recognising.remarks(found))


def _note(handed: Handed, outcome: Outcome, run: Run | None, remarks: list[str]) -> None:
    handed.counts = {
        "read": outcome.read,
        "new": outcome.loaded,
        "changed": outcome.changed,
        "same": outcome.unchanged,
        "refused": len(outcome.refused),
    }
    handed.notes = [*remarks, *outcome.notes][:50]
    keeping.put_refused(handed, [(one.number, one.reason) for one in outcome.refused])
    handed.state, handed.run = (Handed.ADOPTED, run) if run else (Handed.TRIED, None)
    handed.done = handed.of
    handed.save(update_fields=["counts", "notes", "refused", "state", "run", "done"])


class _Telling:
    """Tells how far it is, past the transaction that does the work, so that the page can show it."""

    def __init__(self, pk: int) -> None:
        self.pk, self.last = pk, 0

    def __call__(self, done: int, of: int) -> None:
        if of <= AT_ONCE or done - self.last < of // 50:
            return
        self.last = done
        beside = connection.copy()
        try:
            with beside.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
                cursor.execute("UPDATE imports_handed SET done = %s WHERE id = %s", [done, self.pk])
        finally:
            beside.close()


# ---- reading


def handed_under(county: str, ground: str) -> QuerySet[Handed]:
    """What was handed in by posts on this ground, the latest first; the files themselves are left where they are."""
    found = Handed.objects.filter(county=county, ground__startswith=ground).defer("content", "refused")
    return found.select_related("run").order_by("-at", "-pk")


@transaction.atomic
def take_back(handed: Handed, *, actor: Actor, at: datetime) -> int:
    """Undo what was adopted, as one act; how many things went. Raises CannotUndo."""
    row = (
        Handed.objects.select_for_update(of=("self",))
        .select_related("run")
        .defer("content", "refused")
        .get(pk=handed.pk)
    )
    if row.run is None or row.state != Handed.ADOPTED:
        return 0
    many = adopting.undo(row.run, actor=actor, at=at)
    row.state = Handed.UNDONE
    row.save(update_fields=["state"])
    return many
