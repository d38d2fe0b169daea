"""Laying duties out, reckoning what met them, and excusing from them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from jingwei.duties.debtors import debtors
from jingwei.duties.declared import DUTIES, Record
from jingwei.duties.laying import Laid, lay
from jingwei.duties.models import Excuse, LaidUntil, Met, Turn
from jingwei.duties.pack import DutiesSection, DutyLine
from jingwei.organisations.models import Organisation, Post
from jingwei.policy.books import Book
from jingwei.policy.calendar import WorktimeSection
from jingwei.policy.models import County
from jingwei.policy.queries import edition_book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import Verb, verb
from jingwei.worktime import CalendarMissing, Period, periods

LAID = verb("duties.laid_out", _("lay out the duties"), _("laid out the duties"))
EXCUSED = verb("duties.excused", _("excuse from duties"), _("excused from duties"))
EXCUSE_ENDED = verb("duties.excuse_ended", _("end an excuse"), _("ended an excuse"))

AHEAD = timedelta(days=45)
"""So far ahead turns are laid out: whoever plans sees the month that comes."""

LAYING = Actor.machine("laying out duties")


class NotLater(ValueError):
    """An excuse begins before it ends, and is for a year at most."""

    sentence = _("Give the first and the last day, in this order, and no more than a year between them.")


@transaction.atomic
def lay_out(county_code: str, *, at: datetime) -> int:
    """Lay out every duty of a county from where it was left, to `AHEAD` of `at`; how many turns came or went.

    Any number of times with the same result. What has not begun follows the pack and the debtors of today: turns no
    longer owed go, unless something met them. What has begun stays as it was laid out.
    """
    county = County.objects.select_for_update(no_key=True).get(pk=county_code)
    book = edition_book(county.edition_id)
    today, lines = localdate(at), book[DutiesSection].standing
    changed = sum(_lay_one(county, line, book, today, at) for line in lines)
    changed += _lift(county, today, {line.key for line in lines})
    if changed:
        record(LAYING, LAID, at=at, subject=("county", int(county.code)), place=county.name, facts={"turns": changed})
    return changed


def _lay_one(county: County, line: DutyLine, book: Book, today: date, at: datetime) -> int:
    since = line.since or today
    start = {"since": since, "day": since - timedelta(days=1)}
    mark, _new = LaidUntil.objects.get_or_create(county=county, key=line.key, defaults=start)
    first = min(mark.day + timedelta(days=1), Period.of(line.every, today).first)
    laid, reached = _laid(county, line, book, Period(max(first, mark.since), max(mark.since, today + AHEAD)))
    gone = _drop(county, line.key, (today, reached), {_identity(one) for one in laid})
    new = _keep(county, laid, at)
    LaidUntil.objects.filter(pk=mark.pk).update(day=min(reached, today))
    if new:  # what was recorded before its turn was laid out meets it too
        reckon(Turn.objects.filter(county=county, key=line.key, first__gte=laid[0].period.first, met_at=None))
    return new + gone


def _laid(county: County, line: DutyLine, book: Book, days: Period) -> tuple[list[Laid], date]:
    """The turns of the periods that begin on these days, and how far the calendar reaches.

    What lies in a year whose calendar is missing is laid out when its table arrives.
    """
    owing, calendar, laid = debtors(county.code, line.owed_by), book[WorktimeSection].calendar(), list[Laid]()
    rule = line.rule(days.first)
    for period in periods(line.every, days.first, days.last):
        try:
            if period.first >= days.first:
                laid += lay(rule, owing, calendar, period.first, period.first)
        except CalendarMissing:
            return laid, period.first - timedelta(days=1)
    return laid, days.last


def _keep(county: County, laid: list[Laid], at: datetime) -> int:
    """Keep a turn for what was laid out, where there is none yet; how many are new. The county is locked."""
    there = Turn.objects.filter(county=county)
    before = there.count()
    turns = [
        Turn(
            county=county, key=one.key, organisation_id=one.debtor.organisation, post_id=one.debtor.post,
            person_id=one.debtor.person, place_id=one.debtor.place, first=one.period.first, last=one.period.last,
            due=one.due, times=one.times, edition_id=county.edition_id, laid_at=at,
        )
        for one in laid
    ]  # fmt: skip
    Turn.objects.bulk_create(turns, ignore_conflicts=True, batch_size=2000)
    return there.count() - before


Identity = tuple[date, date, int, int | None, int | None, int | None, int]


def _identity(laid: Laid) -> Identity:
    debtor = laid.debtor
    return (laid.period.first, laid.due, debtor.organisation, debtor.post, debtor.person, debtor.place, laid.times)


def _drop(county: County, key: str, between: tuple[date, date], owed: set[Identity]) -> int:
    """Take away what begins after the first of two days, was met by nothing, and is no longer owed."""
    after, last = between
    waiting = Turn.objects.filter(county=county, key=key, first__gt=after, first__lte=last, met_by=None)
    fields = ("pk", "first", "due", "organisation_id", "post_id", "person_id", "place_id", "times")
    gone = [pk for pk, *said in waiting.values_list(*fields) if tuple(said) not in owed]
    return Turn.objects.filter(pk__in=gone).delete()[0] if gone else 0


def _lift(county: County, today: date, standing: set[str]) -> int:
    """Take away what has not begun of duties that the county has switched off."""
    return Turn.objects.filter(county=county, first__gt=today, met_by=None).exclude(key__in=standing).delete()[0]


def reckon(turns: Iterable[Turn]) -> None:
    """Ask which records meet these turns, and keep just that."""
    by_record: dict[str, tuple[Record, list[Turn]]] = {}
    for turn in turns:
        line = edition_book(turn.edition_id)[DutiesSection].line(turn.key)
        if line is not None and (duty := DUTIES.get(line.of)) and duty.met_by.finds:
            by_record.setdefault(duty.name, (duty.met_by, []))[1].append(turn)
    for met_by, asked in by_record.values():
        _reckon(met_by, asked)


def _reckon(met_by: Record, turns: list[Turn]) -> None:
    assert met_by.finds is not None
    by_turn: dict[int, dict[int, datetime]] = {turn.pk: {} for turn in turns}
    for found in met_by.finds(turns):
        by_turn[found.turn][found.record] = found.at
    _keep_met(by_turn)
    for turn in turns:
        moments = sorted(by_turn[turn.pk].values())
        met_at = moments[turn.times - 1] if len(moments) >= turn.times else None
        if met_at != turn.met_at:
            Turn.objects.filter(pk=turn.pk).update(met_at=met_at)
            turn.met_at = met_at


def _keep_met(by_turn: dict[int, dict[int, datetime]]) -> None:
    there = Met.objects.filter(turn__in=by_turn)
    Met.objects.filter(pk__in=[met.pk for met in there if by_turn[met.turn_id].get(met.record) != met.at]).delete()
    rows = [Met(turn_id=turn, record=pk, at=at) for turn, found in by_turn.items() for pk, at in found.items()]
    Met.objects.bulk_create(rows, ignore_conflicts=True)


def record_changed(record_: Record, organisations: Iterable[int], day: date) -> None:
    """Say, in the same transaction, that records of this sort came, changed or went for these organisations that day.

    Turns that such a record meets, or met, are reckoned anew.
    """
    names = [duty.name for duty in DUTIES.values() if duty.met_by is record_]
    turns = Turn.objects.filter(organisation__in=list(organisations), first__lte=day, last__gte=day)
    wanted = [turn for turn in turns.select_for_update().order_by("pk") if _duty_of(turn) in names]
    reckon(wanted)


def _duty_of(turn: Turn) -> str:
    line = edition_book(turn.edition_id)[DutiesSection].line(turn.key)
    return line.of if line else turn.key


def owe_no_more(person: int) -> None:
    """Take away what a person undertook and has not met, in the transaction in which she withdraws."""
    Turn.objects.filter(person=person, met_at=None).delete()


@transaction.atomic
def excuse(
    organisation: Organisation, ground: str, first: date, last: date, *, by: Post, actor: Actor, at: datetime,
    key: UUID, post: Post | None = None,
) -> Excuse:  # fmt: skip
    """Excuse an organisation, or one post of it, from what is due on these days; the same `key` again is the same.

    Raises NotLater.
    """
    if not timedelta() <= last - first <= timedelta(days=366):
        raise NotLater
    given = {"organisation": organisation, "post": post, "first": first, "last": last, "ground": ground}
    kept, new = Excuse.objects.get_or_create(key=key, defaults={**given, "given_by": by, "given_at": at})
    if new:
        facts = {"ground": ground, "first": str(first), "last": str(last), "post": post.pk if post else None}
        _written(actor, EXCUSED, organisation, at, facts)
    return kept


@transaction.atomic
def end_excuse(excuse_: Excuse, *, actor: Actor, at: datetime) -> None:
    """Take an excuse back: what was due on its days is owed again."""
    if Excuse.objects.filter(pk=excuse_.pk, ended_at=None).update(ended_at=at):
        _written(actor, EXCUSE_ENDED, excuse_.organisation, at, {"excuse": excuse_.pk})


def _written(
    actor: Actor, what: Verb, organisation: Organisation, at: datetime, facts: dict[str, str | int | bool | None]
) -> None:
    subject = ("organisation", organisation.pk)
    record(actor, what, at=at, subject=subject, place=organisation.ground.path, facts=facts)
