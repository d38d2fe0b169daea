"""By-law of what is published: whoever adds and subtracts all that is told never works out what is withheld."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casework.conftest import MONDAY, Desk
from jingwei.casework.models import Round
from jingwei.figures.models import Published, Reading
from jingwei.figures.readings import NotClosed, close, latest
from jingwei.figures.told import Publication, closed_with, to_withhold
from jingwei.figures.withholding import Sum, withheld
from jingwei.worktime import Period

LEAST = 5
PRIME = 2**61 - 1


def worked_out(hidden: set[Any], sums: list[tuple[Any, tuple[Any, ...]]]) -> set[Any]:
    """Gauss and Jordan, on a full matrix of remainders: which of the withheld numbers the told ones give away."""
    unknown = sorted(hidden, key=repr)
    rows = [[((cell in parts) - (cell == whole)) % PRIME for cell in unknown] for whole, parts in sums]
    rows, done = [row for row in rows if any(row)], 0
    for column in range(len(unknown)):
        pivot = next((n for n in range(done, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        inverse = pow(rows[done][column], -1, PRIME)
        rows[done] = [value * inverse % PRIME for value in rows[done]]
        for n, row in enumerate(rows):
            if n != done and (times := row[column]):
                rows[n] = [(a - times * b) % PRIME for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return {unknown[row.index(1)] for row in rows if sum(map(bool, row)) == 1}


@given(
    table=st.lists(st.lists(st.integers(0, 9) | st.just(0), min_size=3, max_size=3), min_size=2, max_size=4),
    months=st.integers(1, 3),
)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_table_gives_away_a_small_number(table: list[list[int]], months: int) -> None:
    numbers = {
        (m, p, c): (n * (m + 2)) % 11 for m in range(months) for p, row in enumerate(table) for c, n in enumerate(row)
    }
    told: list[tuple[Any, tuple[Any, ...]]] = []

    def added(whole: Any, parts: list[Any]) -> None:
        numbers[whole] = sum(numbers[part] for part in parts)
        told.append((whole, tuple(parts)))

    for m in range(months):
        for p in range(len(table)):
            added((m, p, "all"), [(m, p, c) for c in range(3)])
        for c in (*range(3), "all"):
            added((m, "all", c), [(m, p, c) for p in range(len(table))])
        told.append(((m, "all", "all"), tuple((m, "all", c) for c in range(3))))
    if months > 1:
        for p in (*range(len(table)), "all"):
            for c in (*range(3), "all"):
                added(("all", p, c), [(m, p, c) for m in range(months)])
    hidden = withheld(numbers, [Sum(*one) for one in told], LEAST)
    assert {cell for cell, n in numbers.items() if 0 < n < LEAST} <= hidden
    assert worked_out(hidden, told) == set()


def test_the_elimination_of_this_test_finds_what_a_line_by_line_look_does_not() -> None:
    """Two squares joined by one cell: no line has a single gap, and the cell between them is told all the same."""
    lines = [("abc", "ab"), ("x", "acd"), ("y", "b"), ("z", "cd")]
    assert worked_out(set("acd"), [(w, tuple(p)) for w, p in lines]) == {"a"}
    assert Sum("x", ("a",)).members == ("x", "a")


# ---- the county's own readings


def told(period: str) -> dict[tuple[str, str, str], int | None]:
    """What everybody may read of one figure: None where it is withheld."""
    cells = Published.objects.filter(
        reading__in=latest("990302"), reading__figure="incidents.received", reading__period__startswith=period
    )
    return {(c.reading.period, c.path, c.category): None if c.withheld else c.number for c in cells}


def every_sum(found: Mapping[tuple[str, str, str], int | None]) -> list[tuple[Any, tuple[Any, ...]]]:
    """All additions that a reader can make from paths, categories and the names of periods."""
    sums: list[tuple[Any, tuple[Any, ...]]] = []
    quarter = ("2026-Q1", ("2026-01", "2026-02", "2026-03"))
    for period, path, category in found:
        below = [k for k in found if k[0] == period and k[2] == category and k[1].startswith(path)]
        children = tuple(k for k in below if k[1].count("/") == path.count("/") + 1)
        if children:
            sums.append(((period, path, category), children))
        if not category:
            sums.append(((period, path, ""), tuple(k for k in found if k[:2] == (period, path) and k[2])))
        if period == quarter[0]:
            sums.append(((period, path, category), tuple((m, path, category) for m in quarter[1])))
    return sums


@pytest.fixture
def quarter(qingshi: Any) -> Desk:
    """Three months: many lamps on one ground, few on another, some of them confidential."""
    desk = Desk(qingshi)
    categories = [c.key for c in _categories(qingshi)][:3]
    for n in range(46):
        desk.at = MONDAY - timedelta(days=60) + timedelta(days=(n * 7) % 88)
        place = qingshi.place("grid", 1 if n % 9 else 3)
        desk.report(place=place, category=categories[0 if n % 4 else 1 + n % 2], confidential=n % 10 == 0)
    return desk


def _categories(qingshi: Any) -> Any:
    from jingwei.affairs.incidents.pack import IncidentsSection

    return qingshi.book[IncidentsSection].categories


def test_no_page_of_a_closed_quarter_gives_away_what_is_withheld(quarter: Desk, qingshi: Any) -> None:
    leader, post = qingshi.holder("county_leadership.leader_1"), qingshi.post("county_leadership.leader_1")
    at = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)

    def closed(period: str) -> list[Reading]:
        return close(Period.parse(period), post, actor=leader, at=at)

    with pytest.raises(NotClosed):
        closed("2026-Q1")  # its months first
    with pytest.raises(NotClosed):
        closed("2026-04")  # not over yet
    for month in ("2026-01", "2026-02", "2026-03", "2026-Q1"):
        assert len(closed(month)) > 20
    found = told("2026")
    hidden = {key for key, n in found.items() if n is None}
    every = Published.objects.select_related("reading").filter(reading__figure="incidents.received")
    true = {(c.reading.period, c.path, c.category): c.number for c in every}
    assert true["2026-Q1", "990302/", ""] == 46
    assert {key for key, n in true.items() if 0 < n < LEAST} <= hidden
    assert hidden
    assert worked_out(hidden, every_sum(found)) == set()

    # A late entry: what stands closed stays, and the correction names it.
    assert closed("2026-03") == []
    before = latest("990302").get(figure="incidents.received", period="2026-03")
    quarter.at = datetime(2026, 3, 30, 3, 0, tzinfo=UTC)
    quarter.report(category=_categories(qingshi)[0].key)
    made = close(Period.parse("2026-03"), post, actor=leader, at=at + timedelta(days=1))
    assert {r.period for r in made} == {"2026-03", "2026-Q1"}  # what adds up with it is corrected with it
    after = {r.figure: r for r in made if r.period == "2026-03"}
    assert after["incidents.received"].corrects == before
    kept = set(before.cells.filter(withheld=True).values_list("path", "category"))
    assert kept <= set(after["incidents.received"].cells.filter(withheld=True).values_list("path", "category"))
    assert before.cells.get(path="990302/", category="").number + 1 == (
        after["incidents.received"].cells.get(path="990302/", category="").number
    )
    a_reader_without_sight_is_told_why(qingshi, after["incidents.received"])


def a_reader_without_sight_is_told_why(qingshi: Any, reading: Reading) -> None:
    """The official number, a link to the rows she may see, and in words how many she may not."""
    secret = Round.objects.filter(case__tier=1, opened_at__month=3).count()
    whole = reading.cells.get(path="990302/", category="").number
    client = qingshi.sign_in(Client(), "leader")
    page = client.get(f"/desk/figures/published/{reading.pk}/").content.decode()
    assert (secret > 0, f">{whole}</a> <small>其中{secret}件不在本岗位可见范围</small>" in page) == (True, True)
    href = re.search(rf'href="([^"]*/rows/[^"]*)">{whole}</a>', page)
    assert href is not None
    rows = client.get(href[1].replace("&amp;", "&")).content.decode()
    assert f'<span class="n">{whole - secret}</span>' in rows
    assert "不公布" in page
    listed = client.get("/desk/figures/published/").content.decode()
    said = rf'/published/{reading.pk}/">来件</a><b class="figure__number n">(\d+)</b>'
    assert re.findall(said, listed) == [str(whole)]
    assert (
        qingshi.sign_in(client, "dispatcher").post("/desk/figures/published/", {"period": "2026-02"}).status_code == 403
    )


# ---- closed again, in any order

MONTHS = [Period.parse(f"2026-0{n}") for n in (1, 2, 3)]
QUARTER = Period.parse("2026-Q1")
PLACES = ["c/", "c/a/", "c/b/", "c/d/"]
Cells = dict[tuple[str, str], int]


def added_up(months: list[dict[tuple[str, str], int]]) -> Cells:
    """All sums of a table: of places, of categories, of months."""
    found: Cells = {}
    for month in months:
        for (place, sort), n in month.items():
            for where in ((place, sort), (place, ""), ("c/", sort), ("c/", "")):
                found[where] = found.get(where, 0) + n
    return found


def known_by(said: list[Publication]) -> list[dict[tuple[str, str], Any]]:
    """By what a reader knows each number: what did not change is the same one still, what changes back is another."""
    found: list[dict[tuple[str, str], Any]] = []
    stands: dict[Any, tuple[Any, ...]] = {}
    for turn, one in enumerate(said):
        found.append({})
        for where, n in one.numbers.items():
            name = (str(one.period), *where)
            if name not in stands or stands[name][-1] != n:
                stands[name] = (*name, turn, n)
            found[-1][where] = stands[name]
    return found


def equations(said: list[Publication]) -> list[tuple[Any, tuple[Any, ...]]]:
    """All additions that somebody can make who kept every publication."""
    sums: list[tuple[Any, tuple[Any, ...]]] = []
    stands: dict[str, Any] = {}
    for one, keys in zip(said, known_by(said), strict=True):
        stands[str(one.period)] = keys
        sums += [(keys[place, ""], (keys[place, "x"], keys[place, "y"])) for place in PLACES]
        sums += [(keys["c/", s], tuple(keys[p, s] for p in PLACES[1:])) for s in ("x", "y", "")]
        if one.period == QUARTER:
            sums += [(key, tuple(stands[str(m)][where] for m in MONTHS)) for where, key in keys.items()]
    return sums


SQUARES = [(p, s) for p in PLACES[1:] for s in ("x", "y")]
a_month = st.lists(st.integers(0, 9), min_size=6, max_size=6).map(lambda ns: dict(zip(SQUARES, ns, strict=True)))
change = st.tuples(
    st.integers(0, 2), st.sampled_from(PLACES[1:]), st.sampled_from("xy"), st.sampled_from([-3, -1, 1, 1, 4])
)
late = st.tuples(st.lists(change, min_size=1, max_size=3), st.sampled_from([*MONTHS, QUARTER, QUARTER]))


NOTHING = (0, 0, 0, 0, 0, 0)


def squares(*months: tuple[int, ...]) -> tuple[Cells, ...]:
    """Months by the numbers of their squares."""
    return tuple(dict(zip(SQUARES, ns, strict=True)) for ns in months)


FOUND_OUT = (  # each was told once, by what was read before or after it instead of with it
    (
        squares((0, 0, 0, 0, 3, 2), (0, 0, 1, 0, 0, 4), NOTHING),
        [([(0, "c/a/", "x", 4), (0, "c/d/", "x", -3), (1, "c/b/", "x", -3)], QUARTER)],
    ),
    (squares((0, 0, 0, 1, 1, 4), (4, 0, 0, 0, 0, 0), NOTHING), [([(0, "c/d/", "x", -3)], QUARTER)]),
    (
        squares(NOTHING, (0, 1, 8, 0, 8, 0), (4, 2, 5, 0, 0, 0)),
        [
            ([(2, "c/b/", "x", -1)], MONTHS[0]),
            ([(0, "c/b/", "y", 1), (0, "c/d/", "y", 1), (0, "c/a/", "x", 1)], QUARTER),
        ],
    ),
)


def nothing_is_worked_out(months: Any, later: Any) -> None:
    """Lamps that are found out late, or were no lamps; the quarter is closed again, or one month of it."""
    table, said = [dict(month) for month in months], list[Publication]()

    def close_(period: Period) -> None:
        new = []
        for one in closed_with(period, {p.period for p in said}):
            numbers = added_up([table[n] for n in range(3) if one in (MONTHS[n], QUARTER)])
            before = [p for p in said if p.period == one]
            if not before or before[-1].numbers != numbers:
                new.append(Publication(one, numbers))
        hidden = to_withhold(new, said, PLACES, LEAST, flow=True)
        said.extend(replace(one, withheld=which) for one, which in zip(new, hidden, strict=True))

    close_(QUARTER)
    for changes, period in later:
        for month, place, sort, n in changes:
            table[month][place, sort] = max(0, table[month][place, sort] + n)
        close_(period)
    keyed = [(key, w in p.withheld) for p, keys in zip(said, known_by(said), strict=True) for w, key in keys.items()]
    shown, hidden = ({key for key, held in keyed if held is which} for which in (False, True))
    assert shown & hidden == set()
    assert {key for key, _held in keyed if 0 < key[-1] < LEAST} <= hidden
    assert worked_out(hidden, equations(said)) == set()


@given(months=st.tuples(a_month, a_month, a_month), later=st.lists(late, min_size=1, max_size=3))
@example(*FOUND_OUT[0])
@example(*FOUND_OUT[1])
@example(*FOUND_OUT[2])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_withheld_is_worked_out_whatever_is_closed_again_in_whatever_order(months: Any, later: Any) -> None:
    nothing_is_worked_out(months, later)


@pytest.mark.long
@given(months=st.tuples(a_month, a_month, a_month), later=st.lists(late, min_size=1, max_size=5))
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_withheld_is_worked_out_of_many_more(months: Any, later: Any) -> None:
    nothing_is_worked_out(months, later)


@pytest.mark.long
def test_a_quarter_is_closed_again_with_the_months_that_changed(qingshi: Any) -> None:
    """Its late lamp would else be the difference between the quarter and its months, and tell itself."""
    desk, leader = Desk(qingshi), "county_leadership.leader_1"
    actor, post, at = qingshi.holder(leader), qingshi.post(leader), datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
    for n in range(24):
        desk.at = MONDAY + timedelta(hours=n)
        desk.report(place=qingshi.place("grid", 1))
    for name in ("2026-01", "2026-02", "2026-03", "2026-Q1"):
        close(Period.parse(name), post, actor=actor, at=at)
    desk.at = datetime(2026, 2, 20, 3, 0, tzinfo=UTC)
    desk.report(place=qingshi.place("grid", 1))
    made = close(Period.parse("2026-Q1"), post, actor=actor, at=at + timedelta(days=1))
    received = {r.period: r for r in made if r.figure == "incidents.received"}
    assert list(received) == ["2026-02", "2026-Q1"]
    here = qingshi.place("county").path
    told = {period: r.cells.get(path=here, category="") for period, r in received.items()}
    assert [(cell.number, cell.withheld) for cell in told.values()] == [(1, True), (25, True)]
