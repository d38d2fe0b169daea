"""By-laws of the pages of figures: every number opens to as many rows, under the reader's sight, as of the cut-off."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from casework.conftest import Desk
from jingwei.affairs.incidents.kinds import Incident


@pytest.fixture
def month(qingshi: Any) -> Desk:
    """Seven lamps of a morning: one confidential, one closed, one refused, one assigned."""
    desk = Desk(qingshi)
    cases = [desk.report(place=qingshi.place("grid", 1 + n % 2), confidential=n == 0) for n in range(7)]
    desk.take(Incident.refuse, cases[1], "town_centre.dispatcher")
    desk.assign(cases[2])
    desk.take(Incident.handle_on_the_spot, cases[3], "town_centre.clerk")
    return desk


def numbers(body: str) -> dict[str, tuple[str, str]]:
    """What the page of all figures says: by address of its own page, the number and where it opens."""
    found = re.findall(
        r'figure__name" href="/desk/figures/([a-z_.]+)/.*?figure__number n" href="([^"]*)">([^<]*)<', body
    )
    return {name: (number, href.replace("&amp;", "&")) for name, href, number in found}


def opened(client: Client, href: str) -> int:
    """How many rows an address shows on all its pages."""
    rows = 0
    while href:
        body = client.get(href).content.decode()
        rows += body.count('class="row"')
        following = re.search(r'rel="next" href="([^"]*)"', body)
        href = re.sub(r"\?.*", "", href) + following[1].replace("&amp;", "&") if following else ""
    return rows


def test_every_number_of_the_page_opens_to_so_many_rows(month: Desk, client: Client, qingshi: Any) -> None:
    qingshi.sign_in(client, "leader")
    body = client.get("/desk/figures/?period=2026-03&place=990302/").content.decode()
    assert numbers(body)["incidents.received"][0] == "6"  # the confidential one is not hers to see
    qingshi.sign_in(client, "dispatcher")
    town = qingshi.place("town").path
    said = numbers(client.get(f"/desk/figures/?period=2026-03&place={town}").content.decode())
    assert len(said) >= 40
    assert said["incidents.received"][0] == "7"
    assert said["incidents.refused"][0] == "1"
    differ = {
        name: (number, rows)
        for name, (number, href) in said.items()
        if "/rows/" in href
        and (rows := opened(client, href)) != int(number.replace(",", ""))
        and name != "places.households"
    }
    assert differ == {}


def test_a_figure_by_place_by_category_and_by_unit_opens_too(month: Desk, client: Client, qingshi: Any) -> None:
    qingshi.sign_in(client, "dispatcher")
    body = client.get("/desk/figures/incidents.received/?period=2026-03&place=990302/").content.decode()
    address = re.search(r'id="map" data-shapes="([^"]*)"', body)
    assert address is not None
    shapes = client.get(address[1].replace("&amp;", "&")).json()["features"]
    drawn = {one["properties"]["name"]: one["properties"]["shade"] for one in shapes if not one["properties"]["own"]}
    assert drawn == {"青石乡 7": 0.85}  # all seven lie there
    lines = re.findall(r'<td class="n"><a href="([^"]*)">([\d,]+)</a>', body)
    assert len(lines) >= 4
    assert all(opened(client, href.replace("&amp;", "&")) == int(number) for href, number in lines)


def test_what_an_address_asks_for_in_vain_is_said_in_a_sentence(client: Client, qingshi: Any) -> None:
    qingshi.sign_in(client, "dispatcher")
    asked: dict[str, str] = {
        "period=2026-13": "时段请写成", "period=九月": "时段请写成", "period=9999": "时段请写成",
        "at=yesterday": "时间请写成", "at=2026-03-01": "时间请写成",
        "at=0001-01-01T00:00:00%2B14:00": "时间请写成", "place=%00": "本县没有这个地方",
        "place=990302/7777/": "本县没有这个地方",
    }  # fmt: skip
    for query, sentence in asked.items():
        answer = client.get(f"/desk/figures/?{query}")
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), query
    assert client.get("/desk/figures/incidents.nothing/").status_code == 404
    assert client.get("/desk/figures/incidents.redo_rate/rows/").status_code == 404


def test_the_sheets_hold_the_numbers_of_the_page(month: Desk, client: Client, qingshi: Any) -> None:
    qingshi.sign_in(client, "dispatcher")
    sheet: Callable[[str], Any] = lambda href: openpyxl.load_workbook(  # noqa: E731
        io.BytesIO(b"".join(client.get(href).streaming_content))  # type: ignore[attr-defined]
    )
    whole = sheet("/desk/figures/all.xlsx?period=2026-03&place=990302/").worksheets[0]
    rows = {row[1]: row[3] for row in whole.iter_rows(min_row=7, values_only=True)}
    assert (rows["派单"], len(rows) >= 40) == (1, True)
    one = sheet("/desk/figures/incidents.received.xlsx?period=2026-03&place=990302/")
    assert [page.title for page in one.worksheets][:2] == ["变化", "按地方"]
    assert one.worksheets[0].cell(9, 2).value == 7
