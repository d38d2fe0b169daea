"""By-laws of the interface for programs: the pages' own numbers, described by a document that fits what is answered."""

from typing import Any

import msgspec
from django.test import Client

from casework.conftest import Desk
from jingwei.doors.api import answers
from jingwei.doors.api.described import PATHS, document
from jingwei.figures.declared import every_figure

HERE = "?period=2026-03&place=990302/"


def asked(client: Client, address: str, answer: Any) -> Any:
    """The answer as its declared structure; whatever does not fit it is refused."""
    return msgspec.json.decode(client.get(address).content, type=answer)


def test_a_program_is_told_what_the_page_says_and_opens_it(qingshi: Any, client: Client) -> None:
    desk = Desk(qingshi)
    for n in range(33):
        desk.report(confidential=n < 2)
    assert client.get("/api/figures/").status_code == 401

    qingshi.sign_in(client, "leader")
    listed = asked(client, "/api/figures/", answers.DeclaredList)
    assert [f.name for f in listed.figures] == [f.full_name for f in every_figure()]
    told = asked(client, f"/api/figures/incidents.received/{HERE}", answers.Told)
    assert (told.value.number, told.last_period.number, told.asked.place) == (31, 0, "990302/")
    [by_place] = [table for table in told.tables if table.name == "place"]
    assert [(value.key, value.number) for value in by_place.values if value.number] == [
        (qingshi.place("town").path, 31)
    ]

    first = asked(client, told.value.rows, answers.Rows)
    second = asked(client, f"{told.value.rows}&after={first.after}", answers.Rows)
    assert (first.number, len(first.rows), len(second.rows), second.after) == (31, 30, 1, "")
    assert len({row.meta[0] for row in (*first.rows, *second.rows)}) == 31
    share = asked(client, f"/api/figures/incidents.redo_rate/{HERE}", answers.Told)
    assert (share.value.number, share.value.whole, share.value.share) == (0, 31, 0.0)
    assert (share.figure.part, share.figure.whole) == ("incidents.redone", "incidents.received")

    wrong = {"incidents.nothing/": 404, "incidents.redo_rate/rows/": 404, "incidents.received/?period=x": 422}
    wrong |= {f"incidents.received/?unit={said}": 422 for said in ("x", "²", "9" * 40)}
    assert client.get("/desk/figures/incidents.received/?category=²").status_code == 200
    assert client.get("/desk/figures/incidents.received/?unit=x").status_code == 422
    assert {path: client.get(f"/api/figures/{path}").status_code for path in wrong} == wrong


def test_the_document_describes_every_address_and_every_answer(client: Client, db: None) -> None:
    told = document()
    assert msgspec.json.decode(client.get("/api/openapi.json").content) == msgspec.to_builtins(told)
    assert set(told["paths"]) == set(PATHS)
    used = set(_references(told))
    assert used == {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}
    parameters = told["paths"]["/api/figures/{name}/"]["get"]["parameters"]
    assert {p["name"] for p in parameters} >= {"name", "place", "period", "at", "category", "unit"}


def _references(part: Any) -> Any:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else ())
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _references(inner)
