"""A roster at the desk: handed in, recognised, mended, taken back. How it is tried and adopted stands in `trying`."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.imports import adopting, grids, guessing, keeping, recognising
from jingwei.imports.models import Handed, KeptMap
from jingwei.imports.pack import RostersSection, RosterWords
from jingwei.imports.recognising import Recognised
from jingwei.imports.rosters import Guessed, Whole, roster_named
from jingwei.policy.queries import book as book_of
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

HANDED_IN = verb("imports.handed_in", gettext_lazy("hand a roster in"), gettext_lazy("handed a roster in"))
MAP_KEPT = verb("imports.map_kept", gettext_lazy("keep a map of columns"), gettext_lazy("kept a map of columns"))
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
        whole = _guessed(path, found, county, name)
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
        whole=whole,
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
    kept = _kept(found, handed.county_id)
    if kept is not None:
        found = recognising.mended(found, kept.columns, recognising.KEPT)
    return recognising.mended(found, handed.columns) if handed.columns else found


def _kept(found: Recognised, county: str) -> KeptMap | None:
    return KeptMap.objects.filter(county=county, roster=found.roster.name, header=found.digest).first()


def _guessed(path: Path, found: Recognised, county: str, name: str) -> dict[str, Guessed]:
    """What is said of the whole file: as kept from an earlier time, else as guessed."""
    whole = guessing.guessed(path, found, words_of(county, found.roster.name), county=county, name=name)
    kept = _kept(found, county)
    return whole | {one: (value, _("as mended before")) for one, value in (kept.whole if kept else {}).items()}


def whole_of(handed: Handed) -> dict[str, str]:
    """What is said of the whole file, by name."""
    return {name: value for name, (value, _why) in handed.whole.items()}


def asked_of(handed: Handed) -> list[tuple[Whole, list[tuple[str, str]], str, str]]:
    """What a person may say of the whole file: the question, the answers, the present one, and why it is that."""
    roster = roster_named(handed.roster)
    told = []
    for one in roster.whole if roster else ():
        value, why = handed.whole.get(one.name, ("", ""))
        told.append((one, list(one.options(handed.county_id)), value, why))
    return told


@transaction.atomic
def choose(handed: Handed, *, roster: str, sheet: str, row: int) -> None:
    """Take the file for another roster, another of its sheets, or another header row; what was mended is forgotten.

    Raises SheetRefused where no column names stand there.
    """
    handed = open_row(handed)
    section = book_of(handed.county_id)[RostersSection]
    with keeping.file_of(handed) as path:
        other = (handed.roster, handed.sheet) != (roster, sheet)
        found = recognising.recognise(path, section, roster=roster, sheet=sheet, row=0 if other else row)
        handed.whole = _guessed(path, found, handed.county_id, handed.name)
    handed.roster, handed.sheet, handed.row = found.roster.name, found.sheet[:80], found.row
    handed.columns, handed.state, handed.counts, handed.notes, handed.refused = {}, Handed.ARRIVED, {}, [], ""
    said = ["roster", "sheet", "row", "columns", "whole", "state", "counts", "notes", "refused"]
    handed.save(update_fields=said)


@transaction.atomic
def mend(
    handed: Handed, columns: dict[str, str], whole: dict[str, str] | None = None, *, keep: bool, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Read the fields from these columns, and take the whole file for what is said of it; with `keep`, also next time
    a sheet has these column names, with a line in the trail."""
    handed = open_row(handed)
    with keeping.file_of(handed) as path:
        found = recognising.mended(seen(handed, path), columns)
    told = {match.field.name: match.column for match in found.matches}
    if len(taken := [column for column in told.values() if column]) != len(set(taken)):
        raise HandingRefused(_("One column is chosen for two fields. Choose another for one of them."))
    for one, options, value, _why in asked_of(handed):
        said = (whole or {}).get(one.name, value)
        if said != value and said in dict(options):
            handed.whole[one.name] = (said, _("as you chose"))
    handed.columns, handed.state, handed.counts = told, Handed.ARRIVED, {}
    handed.save(update_fields=["columns", "whole", "state", "counts"])
    if keep:
        kept, _new = KeptMap.objects.update_or_create(
            county=handed.county, roster=handed.roster, header=found.digest,
            defaults={"columns": told, "whole": whole_of(handed), "at": at},
        )  # fmt: skip
        facts: dict[str, str | int | bool | None] = {"roster": handed.roster, "header": found.digest, "map": kept.pk}
        record(actor, MAP_KEPT, at=at, subject=("imports.handed", handed.pk), place=handed.ground, facts=facts)


def open_row(handed: Handed) -> Handed:
    """The row, locked; refuses what is adopted, in work, or emptied."""
    row = Handed.objects.select_for_update().get(pk=handed.pk)
    if row.busy:
        raise HandingRefused(_("It is being worked on. Wait until that is done."))
    if row.state in (Handed.ADOPTED, Handed.UNDONE):
        raise HandingRefused(_("This roster is adopted already. Hand the file in again to change something."))
    if not row.content:
        raise HandingRefused(_("The file is not kept any more. Hand it in again."))
    return row


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
