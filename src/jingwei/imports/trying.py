"""Trying a roster and adopting it: at once where it is short, else by the worker; what broke can be tried again."""

import logging
from datetime import datetime
from pathlib import Path

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from jingwei.imports import adopting, keeping, recognising, sheets
from jingwei.imports.acts import Outcome
from jingwei.imports.handing import HandingRefused, open_row, seen, whole_of, words_of
from jingwei.imports.models import Handed, Run
from jingwei.imports.recognising import Recognised
from jingwei.imports.refusals import MapRefused, SheetRefused
from jingwei.outbox.acts import put
from jingwei.trail.actor import Actor

AT_ONCE = 300
"""Rows up to which a page waits for the answer (a second or two); more are the worker's."""

log = logging.getLogger(__name__)


@transaction.atomic
def ask(handed: Handed, *, adopt: bool, key: str, actor: Actor, at: datetime) -> None:
    """Try a roster, or adopt it: at once where it is short, else by the worker. Adopted twice is adopted once."""
    row = Handed.objects.select_for_update().get(pk=handed.pk)
    if adopt and (row.state in (Handed.ADOPTED, Handed.UNDONE) or row.state == Handed.ADOPTING):
        return
    row = open_row(row)
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
    if found.missing:
        names = "”、“".join(str(one.title) for one in found.missing)
        raise HandingRefused(_("Say first which column is “%(field)s”.") % {"field": names})
    if not found.roster.tells_what & set(found.columns):
        raise HandingRefused(
            _("No column says what a row is about. Choose another roster, or say which column is which.")
        )
    try:
        with sheets.read(path, sheet=found.sheet, header=found.row) as sheet:
            return sum(1 for _row in sheet.rows)
    except SheetRefused as no:
        raise HandingRefused(str(no)) from no


def work(handed: Handed, *, actor: Actor, at: datetime) -> None:
    """Do what was asked: the trial or the adoption, in the transaction of whoever calls.

    What nobody foresaw keeps nothing, is told on the page, and leaves the roster to be tried again; only what the
    database itself is to blame for goes on to the caller, who comes again by himself.
    """
    try:
        with transaction.atomic():
            _work(handed, actor, at)
    except (SheetRefused, MapRefused, HandingRefused) as no:
        _broken(handed, str(no))
    except (OperationalError, InterfaceError):
        raise
    except Exception as unforeseen:
        where = "; ".join(getattr(unforeseen, "__notes__", ()))
        log.error("roster %s broke: %s %s", handed.pk, type(unforeseen).__name__, where)  # never what the sheet says
        said = _(
            "Something nobody foresaw happened (%(what)s), and nothing was written. Try it again; if it happens again, "
            "tell whoever runs the system this word and the number %(number)s."
        )
        _broken(handed, said % {"what": type(unforeseen).__name__, "number": handed.pk})


def _work(handed: Handed, actor: Actor, at: datetime) -> None:
    adopt = handed.state == Handed.ADOPTING
    with keeping.file_of(handed) as path:
        found = seen(handed, path)
        outcome, run = adopting.bring_in(
            path,
            found.roster,
            found.mapping(words_of(handed.county_id, found.roster.name), whole_of(handed)),
            name=handed.name,
            actor=actor,
            at=at,
            county=handed.county_id,
            dry_run=not adopt,
            progress=_Telling(handed.pk),
        )
    _note(handed, outcome, run, recognising.remarks(found))


def _broken(handed: Handed, sentence: str) -> None:
    handed.state, handed.notes, handed.counts, handed.refused = Handed.BROKEN, [sentence], {}, ""
    handed.run, handed.done = None, 0
    handed.save(update_fields=["state", "notes", "counts", "refused", "run", "done"])


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
