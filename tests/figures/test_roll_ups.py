"""By-laws of roll-ups: no act waits for them and none is lost; the page of all figures asks a handful of questions."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.conftest import CHOSEN, ENOUGH, Desk
from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.remarks import correct
from jingwei.casework.acts.steps import take
from jingwei.casework.needs import Evidence
from jingwei.figures import folding
from jingwei.figures.answering import answers, read_from, total
from jingwei.figures.asks import Ask
from jingwei.figures.counting import Question
from jingwei.figures.declared import figure_named
from jingwei.figures.folding import PATIENCE, build, fold, rebuild
from jingwei.figures.models import Cell, Part, RollUp, Subject, Touched
from jingwei.figures.proving import Differs, differences
from jingwei.figures.rollups import MOVED, rolled_figures
from jingwei.worktime import ALL

WRITERS, EACH = 4, 12


def test_rebuilding_while_others_write_loses_nothing_and_stops_nobody(own_database: str, qingshi: Any) -> None:
    """Four hands open and handle cases while all is built, folded and built again; then it is proved."""
    grids = [qingshi.place("grid", n) for n in (1, 2, 3)]
    clerk, evidence = qingshi.holder("town_centre.clerk"), Evidence(words=ENOUGH, choices=CHOSEN)
    build(timezone.now())

    def write(hand: int) -> None:
        for n in range(EACH):
            said = Intake(place=grids[(hand + n) % 3], title="路灯不亮", source="counter", confidential=n % 5 == 0)
            case = open_case(Incident, said, actor=clerk, at=timezone.now())
            if n % 3 == 0:
                take(Incident.handle_on_the_spot, case, actor=clerk, at=timezone.now(), evidence=evidence)
        connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, hand) for hand in range(WRITERS)]
        while not all(one.done() for one in writing):
            rebuild(rolled_figures(), timezone.now())
            fold(timezone.now())
        for one in writing:
            one.result()
    now = timezone.now()
    every = Question(figure_named("incidents.received"), qingshi.place("county"), ALL, now, None)  # type: ignore[arg-type]
    assert read_from([Ask(every, [ALL])]) != {}
    assert total(answers([Ask(every, [ALL])])[0][0]) == WRITERS * EACH  # what is not folded is counted with it
    build(now)
    assert list(differences(now)) == []


class Killed(Exception):
    """As if the machine had gone off."""


def test_a_build_that_is_killed_goes_on_from_where_it_was(qingshi: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine cases in ranges of two; meanwhile one that was counted is closed, and one that was not is moved."""
    monkeypatch.setattr(folding, "MANY", 2)
    desk = Desk(qingshi)
    cases = [desk.report(place=qingshi.place("grid", 1 + n % 3), confidential=n % 4 == 0) for n in range(9)]
    Touched.objects.all().delete()  # all of it happened before there were roll-ups
    assert fold(desk.at, rounds=2) == 4
    desk.closed(cases[0])
    correct(cases[7], place=qingshi.place("grid", 3), actor=desk.by("town_centre.dispatcher"), at=desk.later(2))
    assert fold(desk.at, rounds=1) == 2
    begun = list(RollUp.objects.values_list("figure", "swept_to")), Part.objects.count(), Cell.objects.count()

    def killed(execute: Any, sql: str, *said: Any) -> Any:
        done = execute(sql, *said)
        if MOVED in sql:
            raise Killed
        return done

    with connection.execute_wrapper(killed), pytest.raises(Killed):
        fold(desk.at)
    assert (list(RollUp.objects.values_list("figure", "swept_to")), Part.objects.count(), Cell.objects.count()) == begun
    assert {swept for _figure, swept in begun[0]} == {cases[3].pk}
    correct(cases[8], place=qingshi.place("grid", 2), actor=desk.by("town_centre.dispatcher"), at=desk.later(2))
    assert build(desk.at) == 6  # two ranges, half of one, and the one that was moved
    assert list(differences(desk.later())) == []


def test_what_is_kept_wrong_is_found_and_built_again_and_what_is_retired_goes(qingshi: Any) -> None:
    desk = Desk(qingshi)
    desk.closed(desk.report(place=qingshi.place("grid", 1)))
    build(desk.at)
    Cell.objects.filter(dimension="", grain="m", path="990302/", rolled__figure="incidents.closed").update(n=7)
    [found] = {one for one in differences(desk.later()) if isinstance(one, Differs) and one.period == "all"}
    assert found == Differs("incidents.closed", "all", ("990302/", ""), kept=7, counted=1)
    rebuild(rolled_figures(), desk.at)
    assert list(differences(desk.later())) == []
    old = RollUp.objects.exclude(retired_at=None)
    assert old.count() == len(rolled_figures())
    for _round in range(2):  # parts and cells, then the roll-up
        fold(desk.at + PATIENCE)
    assert (old.count(), Part.objects.filter(rolled__in=old).count()) == (0, 0)
    assert Subject.objects.count() == 1


def test_the_page_of_all_figures_asks_as_much_of_three_cases_as_of_one(qingshi: Any, client: Client) -> None:
    desk, asked = Desk(qingshi), []
    qingshi.sign_in(client, "dispatcher")
    for more in (1, 2):
        for n in range(more):
            desk.closed(desk.report(place=qingshi.place("grid", 1 + n)))
        build(desk.at)
        client.get("/desk/figures/?period=2026-03")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/desk/figures/?period=2026-03&place=990302/").status_code == 200
        asked.append([one["sql"][:60] for one in seen.captured_queries])
    assert len(asked[0]) == len(asked[1])
    assert len(asked[0]) <= 24, asked[0]
