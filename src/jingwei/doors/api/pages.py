"""The addresses of the interface: the same questions as the pages ask, under the same sight and withholding."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, sitting_of
from jingwei.doors.api import answers
from jingwei.figures import asking, declared
from jingwei.figures.counting import Answer, on_places
from jingwei.figures.models import Published as Cell
from jingwei.figures.pages import blocks_of, page_behind
from jingwei.figures.readings import Shown, latest
from jingwei.figures.telling import Block
from jingwei.looks.periods import period_title
from jingwei.places.queries import standing
from jingwei.worktime import Period

JSON = "application/json"
Page = Callable[..., msgspec.Struct]


def answered(body: msgspec.Struct, status: int = 200) -> HttpResponse:
    """An answer as JSON, kept by nobody on the way."""
    response = HttpResponse(msgspec.json.encode(body), content_type=JSON, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def for_a_post(page: Page) -> Callable[..., HttpResponse]:
    """Answer whoever sits at a post; others 401, an address that is not there 404, a wrong question 422."""

    @require_safe
    @wraps(page)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (sitting := sitting_of(request)) is None:
            return answered(answers.Fault(_("Sign in at the desk first, and choose a post.")), 401)
        request.sitting = sitting  # type: ignore[attr-defined]  # the log names who asked
        try:
            return answered(page(request, sitting, *args, **kwargs))
        except asking.NotAsked as wrong:
            return answered(answers.Fault(wrong.sentence), 422)
        except Http404:
            return answered(answers.Fault(_("There is no such figure.")), 404)

    return inside


@for_a_post
def figures(_request: HttpRequest, _sitting: Sitting) -> answers.DeclaredList:
    """Every figure, with its definition."""
    return answers.DeclaredList([_declared(figure) for figure in declared.every_figure()])


@for_a_post
def figure(request: HttpRequest, sitting: Sitting, name: str) -> answers.Told:
    """What a figure says of a place and a period, with its tables."""
    one = _figure(name)
    asked = _asked(request, sitting, one)
    *before, now = asked.ask(one, asked.period.back(2))
    last = (
        _value(str(asked.period.before), period_title(asked.period.before), before[0]) if asked.period.before else None
    )
    value = _value(str(asked.period), period_title(asked.period), now)
    if isinstance(one, declared.Counted):
        value.rows = reverse("api:figure_rows", args=[name]) + asked.rows_address()
    tables = [_table(block) for block in blocks_of(one, asked)]
    return answers.Told(_declared(one), _said(asked), value, last, tables)


@for_a_post
def rows(request: HttpRequest, sitting: Sitting, name: str) -> answers.Rows:
    """Exactly the rows counted, as of the cut-off, a page at a time."""
    one = _figure(name)
    if not isinstance(one, declared.Counted):
        raise Http404
    asked = _asked(request, sitting, one)
    question = asked.question(one)
    some, after = page_behind(question.rows(), request.GET.get("after", ""))
    told = [
        answers.Row(r.title, r.words, list(r.meta), r.href) for r in one.on.sight.told(some, asked.post, asked.known)
    ]
    return answers.Rows(_said(asked), question.count(), told, after)


@for_a_post
def reading(request: HttpRequest, sitting: Sitting, name: str, period: str) -> answers.Reading:
    """The reading that stands for a figure and a closed period."""
    one = _figure(name)
    found = latest(sitting.county_code).filter(figure=name, period=period).first()
    if found is None or not isinstance(one, declared.Counted):
        raise Http404
    places = list(standing(sitting.county_code).filter(rank=0).order_by("path"))
    asked = asking.Asked(sitting.actor, sitting.post, places[0], Period.parse(period), found.known, pinned=True)
    seen = on_places(asked.question(one).by_ground(), places)
    kept = {c.path: c for c in found.cells.filter(category="")}
    cells = [_published(kept[p.path], seen[p.pk]) for p in places if p.path in kept]
    return answers.Reading(found.pk, name, period, found.known, found.title, found.least, found.corrects_id, cells)


def _published(cell: Cell, seen: int) -> answers.Published:
    """A number of a reading, and how many of its rows the reader may not open."""
    said = Shown(None, None) if cell.withheld else Shown(cell.number, seen)
    return answers.Published(cell.path, cell.category, said.number, said.unseen)


def _figure(name: str) -> declared.Figure:
    if (found := declared.figure_named(name)) is None:
        raise Http404
    return found


def _asked(request: HttpRequest, sitting: Sitting, one: declared.Figure) -> asking.Asked:
    dimensions = one.about.by if one.about else ()
    return asking.asked_in(request.GET, sitting.actor, sitting.post, timezone.now(), dimensions)


def _said(asked: asking.Asked) -> answers.Asked:
    counted = _("what the post %(post)s may see") % {"post": asked.post.full_title}
    return answers.Asked(asked.place.path, str(asked.place), str(asked.period), asked.known, counted)


def _declared(one: declared.Figure) -> answers.Declared:
    share = one if isinstance(one, declared.Share) else None
    return answers.Declared(
        one.full_name, str(one.book.title), str(one.title), type(one).__name__.lower(), str(one.unit), str(one.says),
        str(one.leaves_out), str(one.source), [d.name for d in one.about.by] if one.about else [],
        share.part.full_name if share else None, share.of.full_name if share else None,
    )  # fmt: skip


def _value(key: str, title: str, answer: Answer) -> answers.Value:
    return answers.Value(key, title, answer.number, answer.whole, answer.share, answer.why)


def _table(block: Block) -> answers.Table:
    values = [_value(line.key or line.title, line.title, line.answer) for line in block.lines]
    return answers.Table(block.name, block.title, values, block.note)
