"""Turns as they are kept: laid out again and again, met by records that exist anyway, excused, told of."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from duties.conftest import NEW_YEAR, SHANGHAI, Notebook
from jingwei.affairs.county import set_up
from jingwei.duties.acts import AHEAD, NotLater, end_excuse, excuse, lay_out, record_changed
from jingwei.duties.declared import DUTIES
from jingwei.duties.models import LaidUntil, Met, Turn
from jingwei.duties.queries import State, owed_within, standing_on
from jingwei.duties.tasks import remind
from jingwei.notices.models import Notice
from jingwei.organisations.acts import appoint
from jingwei.organisations.models import Appointment, Organisation
from jingwei.policy.county import CountySection
from jingwei.trail.models import Line
from jingwei.worktime import Period
from people_fixtures.qingshi import CODE, Qingshi

pytestmark = pytest.mark.django_db


def kept(county: str = CODE) -> set[tuple[object, ...]]:
    fields = ("key", "organisation", "post", "person", "place", "first", "last", "due", "times", "met_at")
    return set(Turn.objects.filter(county=county).values_list(*fields))


class PowerCut(Exception):
    """The machine stops in the middle."""


def in_pieces(chance: random.Random, days: int, pieces: int) -> Iterator[datetime]:
    yield from sorted(NEW_YEAR + timedelta(days=chance.randrange(days), seconds=n) for n in range(pieces - 1))
    yield NEW_YEAR + timedelta(days=days)


def cut_off(county: str, at: datetime) -> None:
    with transaction.atomic():
        lay_out(county, at=at)
        raise PowerCut


def lay_out_with_power_cuts(chance: random.Random, days: int, pieces: int, county: str = CODE) -> None:
    for at in in_pieces(chance, days, pieces):
        if chance.random() < 0.3:
            with pytest.raises(PowerCut):
                cut_off(county, at)
        else:
            lay_out(county, at=at)
    lay_out(county, at=NEW_YEAR + timedelta(days=days))


@pytest.mark.parametrize(("days", "pieces"), [(60, 12), pytest.param(360 - AHEAD.days, 400, marks=pytest.mark.long)])
def test_a_stretch_laid_out_at_once_and_in_random_pieces_with_power_cuts_has_the_same_turns(
    with_duties: Qingshi, days: int, pieces: int
) -> None:
    with transaction.atomic():
        lay_out(CODE, at=NEW_YEAR + timedelta(days=days))
        at_once = kept()
        Turn.objects.filter(county=CODE).delete()
        LaidUntil.objects.filter(county=CODE).delete()
    lay_out_with_power_cuts(random.Random(20260101), days, pieces)
    assert kept() == at_once
    assert {key for key, *_rest in at_once} == {"round", "village_meeting", "volunteers", "screening"}


@pytest.mark.long
def test_a_year_of_weishui_at_once_and_in_400_random_pieces_with_power_cuts_has_the_same_turns(db: None) -> None:
    county = set_up("weishui", lambda *said: None, at=NEW_YEAR)[CountySection].code
    days = 360 - AHEAD.days
    with transaction.atomic():
        lay_out(county, at=NEW_YEAR)
        lay_out(county, at=NEW_YEAR + timedelta(days=days))
        at_once = kept(county)
        Turn.objects.filter(county=county).delete()
        LaidUntil.objects.filter(county=county).delete()
    lay_out(county, at=NEW_YEAR)
    lay_out_with_power_cuts(random.Random(20260101), days, 400, county)
    assert kept(county) == at_once
    rhythm = {"daily_consultation", "weekly_meeting", "monthly_review", "quarterly_bulletin", "round"}
    assert rhythm <= {key for key, *_rest in at_once}


def test_laid_out_twice_in_a_moment_nothing_changes_and_the_trail_is_silent(with_duties: Qingshi) -> None:
    assert lay_out(CODE, at=NEW_YEAR) == Turn.objects.count() > 0
    lines = Line.objects.filter(verb="duties.laid_out").count()
    assert (lay_out(CODE, at=NEW_YEAR), Line.objects.filter(verb="duties.laid_out").count()) == (0, lines) == (0, 1)


def test_a_village_that_is_dissolved_owes_nothing_that_had_not_begun(with_duties: Qingshi) -> None:
    lay_out(CODE, at=NEW_YEAR)
    village = Organisation.objects.filter(county=CODE, kind="community").order_by("pk")[0]
    village.until = date(2026, 1, 10)
    village.save()
    lay_out(CODE, at=NEW_YEAR)
    owed = Turn.objects.filter(organisation=village, key="village_meeting").values_list("first", flat=True)
    assert set(owed) == {date(2026, 1, 5)}
    stood = standing_on(Turn.objects.filter(organisation=village, key="village_meeting"), date(2026, 1, 20))
    assert [one.state for one in stood] == [State.LATE]  # due on 9 January, when the village still stood


def test_a_meeting_meets_its_turn_and_one_taken_back_no_longer_does(with_duties: Qingshi, notebook: Notebook) -> None:
    lay_out(CODE, at=NEW_YEAR)
    record = DUTIES["noted_meeting"].met_by
    village = Organisation.objects.filter(county=CODE, kind="community").order_by("pk")[0]
    turn = Turn.objects.get(organisation=village, key="village_meeting", first=date(2026, 1, 5))
    held = datetime(2026, 1, 7, 9, 0, tzinfo=SHANGHAI)

    notebook.meetings[1] = (village.pk, held)
    record_changed(record, [village.pk], held.date())
    turn.refresh_from_db()
    assert (turn.met_at, list(Met.objects.filter(turn=turn).values_list("record", flat=True))) == (held, [1])

    twice = Turn.objects.filter(organisation=village, key="volunteers", first=date(2026, 1, 5))
    assert [one.met_at for one in twice] == [None]  # that one asks for two

    del notebook.meetings[1]
    record_changed(record, [village.pk], held.date())
    turn.refresh_from_db()
    assert (turn.met_at, Met.objects.filter(turn=turn).count()) == (None, 0)


def test_a_meeting_held_before_its_turn_was_laid_out_meets_it_when_it_is(
    with_duties: Qingshi, notebook: Notebook
) -> None:
    village = Organisation.objects.filter(county=CODE, kind="community").order_by("pk")[0]
    held = datetime(2026, 1, 7, 9, 0, tzinfo=SHANGHAI)
    notebook.meetings[1] = (village.pk, held)
    lay_out(CODE, at=NEW_YEAR)
    assert Turn.objects.get(organisation=village, key="village_meeting", first=date(2026, 1, 5)).met_at == held


def state_of(turns: object, on: date) -> list[State]:
    return [one.state for one in standing_on(turns, on)]  # type: ignore[arg-type]


def test_who_is_excused_owes_nothing_and_owes_it_again_when_the_excuse_is_taken_back(with_duties: Qingshi) -> None:
    lay_out(CODE, at=NEW_YEAR)
    actor, head = with_duties.actor("head"), with_duties.post_of("head")
    village = Organisation.objects.filter(county=CODE, kind="community").select_related("ground").order_by("pk")[0]
    january = Period(date(2026, 1, 1), date(2026, 1, 16))
    turns = owed_within(Turn.objects.filter(organisation=village, key="village_meeting"), january)
    assert state_of(turns, date(2026, 1, 14)) == [State.LATE, State.OWED]

    key = uuid4()
    first, last = date(2026, 1, 5), date(2026, 1, 12)
    for _twice in range(2):
        given = excuse(village, "leave", first, last, by=head, actor=actor, at=NEW_YEAR, key=key)
    assert state_of(turns, date(2026, 1, 14)) == [State.EXCUSED, State.OWED]
    assert Line.objects.filter(verb="duties.excused").count() == 1

    end_excuse(given, actor=actor, at=NEW_YEAR)
    assert state_of(turns, date(2026, 1, 14)) == [State.LATE, State.OWED]

    with pytest.raises(NotLater):
        excuse(village, "leave", last, first, by=head, actor=actor, at=NEW_YEAR, key=uuid4())


def test_who_came_into_the_post_a_few_days_ago_owes_nothing_yet(with_duties: Qingshi) -> None:
    lay_out(CODE, at=NEW_YEAR)
    turn = Turn.objects.filter(key="volunteers", due=date(2026, 1, 23)).select_related("post").order_by("pk")[0]
    turns = Turn.objects.filter(pk=turn.pk)
    assert state_of(turns, date(2026, 1, 22)) == [State.OWED]
    assert turn.post is not None
    holder = Appointment.objects.get(post=turn.post, until=None)
    Appointment.objects.filter(pk=holder.pk).update(until=date(2026, 1, 15))
    appoint(
        [(turn.post, with_duties.person("head").pk)],
        actor=with_duties.actor("administrator"),
        at=datetime(2026, 1, 15, 9, tzinfo=SHANGHAI),
    )
    assert state_of(turns, date(2026, 1, 22)) == [State.EXCUSED]


def test_the_front_desk_is_told_once_shortly_before_it_is_due(with_duties: Qingshi) -> None:
    lay_out(CODE, at=NEW_YEAR)
    turn = Turn.objects.filter(key="village_meeting", due=date(2026, 1, 9)).order_by("pk")[0]
    told = Notice.objects.filter(subject_type="turn", subject_id=turn.pk)
    remind(datetime(2026, 1, 6, 9, 0, tzinfo=SHANGHAI))
    assert told.count() == 0
    for hour in (9, 10):
        remind(datetime(2026, 1, 7, hour, 0, tzinfo=SHANGHAI))
    assert [(one.event, one.post.front_desk, one.label) for one in told] == [("duty_due", True, "村周例会 2026-01-09")]


def test_a_round_that_found_nothing_owes_no_record(with_duties: Qingshi) -> None:
    lay_out(CODE, at=NEW_YEAR)
    assert set(state_of(Turn.objects.filter(key="round"), date(2026, 12, 31))) == {State.SHOWN}


def test_a_hundred_turns_are_read_in_as_many_queries_as_one(
    with_duties: Qingshi, django_assert_num_queries: object
) -> None:
    lay_out(CODE, at=NEW_YEAR)
    everything = owed_within(Turn.objects.all(), Period(date(2026, 1, 1), date(2026, 2, 10)))
    for turns in (everything[:1], everything[:100]):
        with django_assert_num_queries(4):  # type: ignore[operator]
            standing_on(turns, date(2026, 1, 20))
