"""Pages of figures: all of a place, one by itself, the rows behind a number, and the same as a sheet."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.figures.asking import Asked, NotAsked, asked_in
from jingwei.figures.counting import parts_of
from jingwei.figures.declared import Counted, Figure, Flow, figure_named
from jingwei.figures.mapped import has_shapes, shapes_of
from jingwei.figures.telling import (
    Block,
    books_told,
    by_dimension,
    by_place,
    page_of,
    periods_offered,
    rows_of,
    said,
    trend,
)
from jingwei.looks.maps import map_settings
from jingwei.looks.periods import period_title
from jingwei.places.queries import standing
from jingwei.policy.calendar import WorktimeSection

ROWS = 30
"""Rows of a page."""


def moment(request: HttpRequest) -> datetime:
    """The moment of the request."""
    found = getattr(request, "at", None)
    return found if isinstance(found, datetime) else timezone.now()


def asked_by(request: HttpRequest, figure: Figure | None = None) -> Asked:
    """What the address asks, by whoever sits there. Raises NotAsked."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    dimensions = figure.about.by if figure and figure.about else ()
    return asked_in(request.GET, sitting.actor, sitting.post, moment(request), dimensions)


def figure_or_404(name: str) -> Figure:
    """The figure of that name."""
    if (found := figure_named(name)) is None:
        raise Http404
    return found


def answered(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Tell in a sentence what an address asks for that is not there."""

    @wraps(page)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return page(request, *args, **kwargs)
        except NotAsked as wrong:
            return render(request, "figures/not_asked.html", {"sentence": wrong.sentence}, status=422)

    return inside


@require_safe
@at_a_post
@answered
def figures(request: HttpRequest) -> HttpResponse:
    """All figures of a place and a period."""
    asked = asked_by(request)
    return render(request, "figures/figures.html", _chosen(asked, "desk:figures") | {"books": books_told(asked)})


@require_safe
@at_a_post
@answered
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: what it means, its number, and the number by period, place and whatever it differs by."""
    one = figure_or_404(name)
    asked = asked_by(request, one)
    periods = asked.period.back(2)
    *before, now = asked.ask(one, periods)
    context = {
        "figure": one,
        "now": now,
        "number": said(now),
        "last": said(before[0]) if before else "",
        "last_period": period_title(periods[0]) if before else "",
        "last_page": page_of(one, asked, period=str(periods[0])) if before else "",
        "opens": opened_by(one, asked),
        "unknown": asked.question(one).without_moment() if isinstance(one, Flow) else 0,
        "blocks": blocks_of(one, asked),
        "picked": picked_words(one, asked),
        "unpicked": reverse("desk:figure", args=[name]) + asked.address(**dict.fromkeys(asked.picked, "")),
        "map": map_settings(reverse("desk:figure_shapes", args=[name]) + asked.address())
        if has_shapes(asked)
        else None,
        "sheet": reverse("desk:figure_sheet", args=[name]) + asked.address(),
    }
    return render(request, "figures/figure.html", _chosen(asked, "desk:figure", name) | context)


@require_safe
@at_a_post
@answered
def shapes(request: HttpRequest, name: str) -> HttpResponse:
    """The table of places as shapes for the map."""
    one = figure_or_404(name)
    told = shapes_of(one, asked_by(request, one))
    return JsonResponse(told, content_type="application/geo+json")


def opened_by(one: Figure, asked: Asked) -> list[tuple[str, int, str]]:
    """What opens: the rows of a number, or those of part and whole; title, number, address."""
    numbers = asked.ask_all(parts_of(one), [asked.period])
    return [(str(part.title), numbers[part.full_name][0].number or 0, rows_of(part, asked)) for part in parts_of(one)]


def blocks_of(one: Figure, asked: Asked) -> list[Block]:
    """The tables of a figure's page."""
    dimensions = [d for d in (one.about.by if one.about else ()) if d.name not in asked.picked]
    found = [trend(one, asked), by_place(one, asked), *(by_dimension(one, d, asked) for d in dimensions)]
    return [block for block in found if block is not None]


def picked_words(one: Figure, asked: Asked) -> list[tuple[str, str]]:
    """What the page is narrowed to, in words."""
    found = []
    for name, value in asked.picked.items():
        if one.about and (dimension := one.about.dimension(name)):
            key = int(value) if dimension.path.endswith("_id") else value
            words = {str(k): v for k, v in dimension.words(asked.book, [key]).items()}
            found.append((str(dimension.title), words.get(value, value)))
    return found


@require_safe
@at_a_post
@answered
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """Exactly the rows that were counted, the newest first, a page at a time."""
    one = figure_or_404(name)
    if not isinstance(one, Counted):
        raise Http404
    asked = asked_by(request, one)
    found = asked.question(one).rows()
    shown, following = page_behind(found, request.GET.get("after", ""))
    context = {
        "figure": one,
        "rows": one.on.sight.told(shown, asked.post, asked.known),
        "number": said(asked.ask(one, [asked.period])[0]),
        "asked": asked,
        "picked": picked_words(one, asked),
        "page": page_of(one, asked),
        "next": f"{asked.rows_address()}&after={following}" if following else "",
        "first": asked.rows_address() if request.GET.get("after") else "",
    }
    return render(request, "figures/rows.html", context)


def page_behind(found: QuerySet[Model], after: str) -> tuple[Sequence[Model], str]:
    """The rows of a page that begins behind the row `after`, and the mark of the next page."""
    if after.isascii() and after.isdigit() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    some = list(found.order_by("-pk")[: ROWS + 1])
    return some[:ROWS], str(some[ROWS - 1].pk) if len(some) > ROWS else ""


def _chosen(asked: Asked, name: str, *args: str) -> dict[str, Any]:
    """What every page of figures shows of what is asked: place, period, cut-off, and how to choose others."""
    here, today = reverse(name, args=args), timezone.localdate(asked.known)
    calendar = asked.book[WorktimeSection].calendar()
    period, before, after = asked.period, asked.period.before, asked.period.after
    places = standing(asked.place.county_id).filter(rank=0).exclude(layer="grid").order_by("path")
    options = [(place.path, ("　" * place.path.count("/"))[1:] + str(place)) for place in places]
    if asked.place.path not in dict(options):
        options.append((asked.place.path, str(asked.place)))
    return {
        "asked": asked,
        "place": asked.place,
        "period": period,
        "places": options,
        "periods": [
            {"label": title, "href": here + asked.address(period=key), "current": current}
            for title, key, current in periods_offered(period, today)
        ],
        "before": here + asked.address(period=str(before)) if before else "",
        "after": here + asked.address(period=str(after))
        if after and after.start and after.start <= asked.known
        else "",
        "working_days": period.working_days(calendar),
        "working_days_before": before.working_days(calendar) if before else None,
        "all_figures": reverse("desk:figures") + asked.address(**dict.fromkeys(asked.picked, "")),
        "whole_sheet": reverse("desk:figures_sheet") + asked.address(**dict.fromkeys(asked.picked, "")),
        "above": _above(asked, here),
    }


def _above(asked: Asked, here: str) -> list[tuple[str, str]]:
    """The places that hold this one, each with its page."""
    parts = asked.place.path.strip("/").split("/")
    paths = ["/".join(parts[: n + 1]) + "/" for n in range(len(parts) - 1)]
    found = {p.path: p for p in standing(asked.place.county_id).filter(path__in=paths, rank=0)}
    return [(str(found[p]), here + asked.address(place=p)) for p in paths if p in found]
