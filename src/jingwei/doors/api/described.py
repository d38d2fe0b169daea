"""The OpenAPI document of the interface, made from the structures it answers with and the figures there are."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.doors.api import answers
from jingwei.doors.api.pages import JSON
from jingwei.figures.declared import BOOKS, every_figure

ANSWERS = (answers.DeclaredList, answers.Told, answers.Rows, answers.Reading, answers.Fault)
PATHS: dict[str, tuple[str, str, type[msgspec.Struct]]] = {
    "/api/figures/": ("figures", "Every figure, with its definition.", answers.DeclaredList),
    "/api/figures/{name}/": ("figure", "What a figure says of a place and a period.", answers.Told),
    "/api/figures/{name}/rows/": ("figureRows", "Exactly the rows counted, a page at a time.", answers.Rows),
    "/api/figures/{name}/published/{period}/": (
        "reading",
        "The published reading of a closed period.",
        answers.Reading,
    ),
}


def document() -> dict[str, Any]:
    """The whole description, OpenAPI 3.1."""
    _schemas, components = msgspec.json.schema_components(ANSWERS, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jingwei",
            "version": "1",
            "description": _("Figures, under the sight of the post that asks."),
        },
        "paths": {path: {"get": _operation(path, *said)} for path, said in PATHS.items()},
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "sessionid"}},
        },
        "security": [{"session": []}],
    }


def _operation(path: str, name: str, summary: str, answer: type[msgspec.Struct]) -> dict[str, Any]:
    faults = {"401": "Nobody sits at a post.", "404": "There is no such figure.", "422": "The question does not read."}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": _parameters(path),
        "responses": {
            "200": _response(summary, answer),
            **{status: _response(words, answers.Fault) for status, words in faults.items()},
        },
    }


def _response(words: str, answer: type[msgspec.Struct]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{answer.__name__}"}
    return {"description": words, "content": {JSON: {"schema": schema}}}


def _parameters(path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "{name}" in path:
        names = [figure.full_name for figure in every_figure()]
        found.append(_parameter("name", "path", "The figure.", {"type": "string", "enum": names}))
    if "{period}" in path:
        found.append(_parameter("period", "path", "A closed month, quarter, half-year or year.", {"type": "string"}))
    elif "{name}" in path:
        text, moment = {"type": "string"}, {"type": "string", "format": "date-time"}
        found += [
            _parameter("place", "query", "Path of the place, 990121/100/001/; otherwise the post's own ground.", text),
            _parameter("period", "query", "2026-03, 2026-W10, 2026-Q1, a day …; otherwise this month.", text),
            _parameter("at", "query", "The cut-off, with its zone; otherwise now.", moment),
            *(_parameter(one, "query", "Only the rows that are so.", text) for one in _dimensions()),
        ]
    if path.endswith("/rows/"):
        found.append(_parameter("after", "query", "The mark of the page before.", {"type": "string"}))
    return found


def _parameter(name: str, place: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "description": words, "required": place == "path", "schema": schema}


def _dimensions() -> list[str]:
    """Everything that rows of any figure differ by."""
    figures = (figure for book in BOOKS.values() for figure in book.figures.values())
    return sorted({dimension.name for figure in figures if figure.about for dimension in figure.about.by})


@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """The document, for everybody: it tells what may be asked, and nothing of what is answered."""
    return HttpResponse(msgspec.json.encode(document()), content_type=JSON)
