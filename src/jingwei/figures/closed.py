"""Pages of closed periods: which are closed, closing one, and one figure's reading with what is withheld."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.figures.asking import Asked
from jingwei.figures.declared import BOOKS, Counted, figure_named
from jingwei.figures.models import Published, Reading
from jingwei.figures.pages import moment
from jingwei.figures.readings import LAYERS, NotClosed, close, latest, may_close, shown
from jingwei.figures.telling import rows_of
from jingwei.looks.periods import period_title
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.running.once import once
from jingwei.worktime import Every, NotAPeriod, Period


@at_a_post
@require_http_methods(["GET", "HEAD", "POST"])
def readings(request: HttpRequest) -> HttpResponseBase:
    """The periods that are closed, with their figures; whoever may, closes the next."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    at, wrong, status = moment(request), "", 200
    if request.method == "POST":
        if not may_close(sitting.post):
            raise PermissionDenied
        try:
            return _close(request, sitting)
        except NotClosed as refused:
            wrong, status = refused.sentence, 422
        except NotAPeriod:
            wrong, status = _("Write the period like 2026-03, 2026-Q1, 2026-H1 or 2026."), 422
    found = list(latest(sitting.county_code).order_by("-known", "period", "pk"))
    last = str(Period.of(Every.MONTH, timezone.localdate(at)).before or "")
    context = {
        "closed": _by_period(found),
        "may_close": may_close(sitting.post),
        "suggested": "" if any(one.period == last for one in found) else last,
        "wrong": wrong,
    }
    return render(request, "figures/readings.html", context, status=status)


def _close(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    at = moment(request)
    period = Period.parse(request.POST.get("period", "")[:24])
    with once(request, at) as new:
        if new:
            made = close(period, sitting.post, actor=sitting.actor, at=at)
            said = _("%(period)s is closed: %(n)d figures were read.") if made else _("%(period)s says what it said.")
            messages.success(request, said % {"period": period_title(period), "n": len(made)})
    return redirect("desk:readings")


@dataclass(frozen=True)
class Tile:
    """A published figure in the list: what was published of the whole county, if it is not withheld."""

    title: str
    href: str
    number: str
    unit: str


Told = list[tuple[str, list[tuple[str, list[Tile]]]]]


def _by_period(found: list[Reading]) -> Told:
    """The periods, the latest first; in each the books as the page of figures has them, with their figures."""
    periods: dict[str, dict[str, Reading]] = {}
    for one in found:
        periods.setdefault(one.period, {})[one.figure] = one
    whole = Published.objects.filter(reading__in=found, category="", path=Concat("reading__county_id", Value("/")))
    numbers = {cell.reading_id: f"{cell.number:,}" for cell in whole if not cell.withheld}
    return [
        (period_title(Period.parse(period)), list(_in_books(some, numbers)))
        for period, some in sorted(periods.items(), reverse=True)
    ]


def _in_books(some: dict[str, Reading], numbers: dict[int, str]) -> Iterator[tuple[str, list[Tile]]]:
    for book in reversed(BOOKS.values()):
        tiles = [
            Tile(str(figure.title), reverse("desk:reading", args=[one.pk]), numbers.get(one.pk, ""), str(figure.unit))
            for figure in book.figures.values()
            if (one := some.get(figure.full_name))
        ]
        if tiles:
            yield str(book.title), tiles


@dataclass(frozen=True)
class Row:
    """A line of a reading: the number, or that it is withheld, and what of it the reader may open."""

    title: str
    number: int | None
    href: str
    unseen: int = 0
    within: str = ""


@at_a_post
@require_safe
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """One figure as it was published: for a place, those below it, and by category."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    one = Reading.objects.filter(pk=pk, county_id=sitting.county_code).select_related("corrects").first()
    figure = figure_named(one.figure) if one else None
    if one is None or not isinstance(figure, Counted):
        raise Http404
    places = {p.path: p for p in standing(sitting.county_code).filter(rank=0, layer__in=LAYERS).order_by("path")}
    top = next(iter(places.values()))
    place = places.get(request.GET.get("place", ""), top)
    asked = Asked(sitting.actor, sitting.post, place, Period.parse(one.period), one.known, pinned=True)
    cells = {(c.path, c.category): c for c in one.cells.all()}
    depth = place.path.count("/") + 1
    below = [p for p in places.values() if p.path.startswith(place.path) and p.path.count("/") == depth]
    below = [p for p in below if (p.path, "") in cells]
    context = {
        "reading": one,
        "figure": figure,
        "place": place,
        "period": period_title(asked.period),
        "whole": _row(str(place), cells[place.path, ""], figure, asked),
        "below": [_row(str(p), cells[p.path, ""], figure, asked.elsewhere(p), _at(one, p)) for p in below],
        "categories": _categories(cells, figure, asked),
        "above": [(str(p), _at(one, p)) for p in places.values() if place.path.startswith(p.path) and p != place],
        "corrected": getattr(one, "corrected_by", None),
    }
    return render(request, "figures/reading.html", context)


def _at(one: Reading, place: Place) -> str:
    return f"{reverse('desk:reading', args=[one.pk])}?place={place.path}"


def _row(title: str, cell: Published, figure: Counted, asked: Asked, within: str = "") -> Row:
    """The number opens to the rows the reader may see as of the cut-off; a withheld one opens to nothing."""
    said = shown(cell, asked.question(figure))
    href = rows_of(figure, asked) if said.seen else ""
    return Row(title, said.number, href, said.unseen, within)


def _categories(cells: dict[Any, Published], figure: Counted, asked: Asked) -> list[Row]:
    dimension = figure.on.dimension("category")
    if dimension is None:
        return []
    words = dimension.words(asked.book, ())
    return [
        _row(words[key], cells[asked.place.path, key], figure, replace(asked, picked={"category": key}))
        for key in words
        if (asked.place.path, key) in cells
    ]
