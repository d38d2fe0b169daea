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
from jingwei.figures.counting import Question
from jingwei.figures.declared import Counted, figure_named
from jingwei.figures.models import Published, Reading
from jingwei.figures.readings import NotClosed, _hidden, close, latest
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


def test_a_quarter_closed_again_gives_away_nothing_its_months_withhold(qingshi: Any) -> None:
    post, figure = qingshi.post("county_leadership.leader_1"), figure_named("incidents.received")
    county, edition = post.organisation.county, post.organisation.county.edition
    at, here = datetime(2026, 4, 2, 9, 0, tzinfo=UTC), qingshi.place("county")
    assert isinstance(figure, Counted)

    def read(period: str, lamps: int, roads: int, *, withheld: bool = False) -> Reading:
        one = Reading.objects.create(
            county=county, figure=figure.full_name, definition="", edition=edition, period=period, known=at,
            least=LEAST, post=post, title="",
        )  # fmt: skip
        for category, n in (("", lamps + roads), ("lamps", lamps), ("roads", roads)):
            hidden = withheld and category != ""
            Published.objects.create(reading=one, path=here.path, category=category, number=n, withheld=hidden)
        return one

    read("2026-01", 6, 20)
    read("2026-02", 6, 20)
    read("2026-03", 1, 20, withheld=True)
    before = read("2026-Q1", 12, 60)
    numbers = {("2026-Q1", here.path, c): n for c, n in (("", 73), ("lamps", 13), ("roads", 60))}
    hidden = _hidden(Question(figure, here, Period.parse("2026-Q1"), at, None), numbers, [here], LEAST, before)
    assert hidden >= {("2026-Q1", here.path, "lamps"), ("2026-Q1", here.path, "roads")}
