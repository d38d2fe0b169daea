"""By-law of what is published: whoever adds and subtracts all that is told never works out what is withheld."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.conftest import MONDAY, Desk
from jingwei.casework.models import Round
from jingwei.figures.models import Published, Reading
from jingwei.figures.readings import NotClosed, close, latest
from jingwei.figures.told import Publication, to_withhold, within
from jingwei.figures.withholding import Sum, withheld
from jingwei.worktime import Period

LEAST = 5


def worked_out(numbers: Mapping[Any, int], hidden: set[Any], sums: list[tuple[Any, tuple[Any, ...]]]) -> set[Any]:
    """Gauss and Jordan, on a full matrix: which of the withheld numbers the told ones give away."""
    unknown = sorted(hidden, key=repr)
    rows = [
        [Fraction((cell in parts) - (cell == whole)) for cell in unknown]
        for whole, parts in sums
    ]  # fmt: skip
    done = 0
    for column in range(len(unknown)):
        pivot = next((n for n in range(done, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for n, row in enumerate(rows):
            if n != done and row[column]:
                rows[n] = [a - row[column] * b for a, b in zip(row, rows[done], strict=True)]
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
    assert worked_out(numbers, hidden, told) == set()


def test_the_elimination_of_this_test_finds_what_a_line_by_line_look_does_not() -> None:
    """Two squares joined by one cell: no line has a single gap, and the cell between them is told all the same."""
    lines = [("abc", "ab"), ("x", "acd"), ("y", "b"), ("z", "cd")]
    assert worked_out({}, set("acd"), [(w, tuple(p)) for w, p in lines]) == {"a"}
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
    assert worked_out(true, hidden, every_sum(found)) == set()

    # A late entry: what stands closed stays, and the correction names it.
    assert closed("2026-03") == []
    before = latest("990302").get(figure="incidents.received", period="2026-03")
    quarter.at = datetime(2026, 3, 30, 3, 0, tzinfo=UTC)
    quarter.report(category=_categories(qingshi)[0].key)
    after = {r.figure: r for r in close(Period.parse("2026-03"), post, actor=leader, at=at + timedelta(days=1))}
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


def equations(said: list[Publication]) -> list[tuple[Any, tuple[Any, ...]]]:
    """All additions that somebody can make who kept every publication; what did not change is the same number."""
    sums: list[tuple[Any, tuple[Any, ...]]] = []
    stands: dict[str, Cells] = {}
    for one in said:
        name, cells = str(one.period), dict(one.numbers)
        stands[name] = cells
        sums += [
            ((name, place, "", cells[place, ""]), tuple((name, place, s, cells[place, s]) for s in ("x", "y")))
            for place in PLACES
        ]
        sums += [
            ((name, "c/", s, cells["c/", s]), tuple((name, p, s, cells[p, s]) for p in PLACES[1:]))
            for s in ("x", "y", "")
        ]
        if one.period == QUARTER:
            sums += [
                ((name, *where, n), tuple((str(m), *where, stands[str(m)][where]) for m in MONTHS))
                for where, n in cells.items()
            ]
    return sums


SQUARES = [(p, s) for p in PLACES[1:] for s in ("x", "y")]
a_month = st.lists(st.integers(0, 9), min_size=6, max_size=6).map(lambda ns: dict(zip(SQUARES, ns, strict=True)))
change = st.tuples(
    st.integers(0, 2), st.sampled_from(PLACES[1:]), st.sampled_from("xy"), st.sampled_from([-3, -1, 1, 1, 4])
)
late = st.tuples(st.lists(change, min_size=1, max_size=3), st.sampled_from([*MONTHS, QUARTER, QUARTER]))


@given(months=st.tuples(a_month, a_month, a_month), later=st.lists(late, min_size=1, max_size=3))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_withheld_is_worked_out_whatever_is_closed_again_in_whatever_order(months: Any, later: Any) -> None:
    """Lamps that are found out late, or were no lamps; the quarter is closed again before its month, or never."""
    table, said = [dict(month) for month in months], list[Publication]()

    def close_(period: Period) -> None:
        for one in (*within(period), period):
            numbers = added_up([table[n] for n in range(3) if one in (MONTHS[n], QUARTER)])
            before = [p for p in said if p.period == one]
            if not before or before[-1].numbers != numbers:
                new = Publication(one, numbers)
                said.append(Publication(one, numbers, to_withhold(new, said, PLACES, LEAST, flow=True)))

    close_(QUARTER)
    for changes, period in later:
        for month, place, sort, n in changes:
            table[month][place, sort] = max(0, table[month][place, sort] + n)
        close_(period)
    keyed = [{(str(p.period), *w, n): w in p.withheld for w, n in p.numbers.items()} for p in said]
    shown = {key for one in keyed for key, held in one.items() if not held}
    hidden = {key for one in keyed for key, held in one.items() if held}
    assert shown & hidden == set()
    assert {key for one in keyed for key in one if 0 < key[3] < LEAST} <= hidden
    assert worked_out({}, hidden, equations(said)) == set()


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
