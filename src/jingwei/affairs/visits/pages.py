"""Pages of visits: the places one answers for, the form of a visit, one visit with what became of its promises."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.visits.acts import NotStruck, strike, visit
from jingwei.affairs.visits.forms import VisitForm
from jingwei.affairs.visits.models import Visit
from jingwei.affairs.visits.queries import with_last_visit
from jingwei.affairs.visits.sight import answered_by, visits_seen_by
from jingwei.casework.models import Case
from jingwei.casework.sight import cases_seen_by
from jingwei.casework.ways_out import shows_cases
from jingwei.duties.pages.wording import day
from jingwei.people.lists import NotOnTheList
from jingwei.places.models import Place
from jingwei.running.once import once
from jingwei.search.masking import masked
from jingwei.trail.actor import Actor

ON_A_PAGE = 30


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting


@require_safe
@at_a_post
def listing(request: HttpRequest) -> HttpResponse:
    """The places one answers for, with the last visit to each; and the visits one may read, the latest first."""
    sitting = _sitting(request)
    mine = [
        {"answers": one.responsibility, "visited": one.visited, "page": _page_of(one.responsibility.place, sitting)}
        for one in with_last_visit(answered_by(sitting.post, timezone.localdate()))
    ]
    seen = visits_seen_by(sitting.post).select_related("organisation", "place").order_by("-visited_at", "-pk")
    page = Paginator(seen, ON_A_PAGE).get_page(request.GET.get("page"))
    for one in page:
        one.told = [day(timezone.localdate(one.visited_at)), one.sort]  # type: ignore[attr-defined]
    return render(request, "visits/listing.html", {"page": page, "mine": mine})


@require_http_methods(["GET", "HEAD", "POST"])
@at_a_post
def new(request: HttpRequest) -> HttpResponse:
    """Record a visit to a place one answers for."""
    sitting, at = _sitting(request), timezone.now()
    if not answered_by(sitting.post, timezone.localdate(at)).exists():
        raise PermissionDenied
    form = VisitForm(sitting, request.GET.get("place", ""), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with once(request, at):  # of two at the same moment the second waits, and gets the first one's
                made = visit(form.made(), actor=sitting.actor, at=at, key=form.cleaned_data["key"])
        except NotOnTheList as refused:
            form.add_error("asked", refused.sentence)
        else:
            return redirect("desk:visit", pk=made.pk)
    return render(request, "visits/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@at_a_post
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit with what was asked, and what became of what was promised."""
    return _page(request, _seen(request, pk))


@require_POST
@at_a_post
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a visit back that was recorded by mistake."""
    row, sitting = _seen(request, pk), _sitting(request)
    if row.post_id != sitting.post.pk:
        raise PermissionDenied
    try:
        strike(row, actor=sitting.actor, at=timezone.now())
    except NotStruck as refused:
        return _page(request, row, wrong=str(refused.sentence), status=409)
    return redirect("desk:visits")


def _page_of(place: Place, sitting: Sitting) -> str:
    """The page of a place, for whoever sits on the ground around it."""
    return reverse("desk:place", args=[place.pk]) if sitting.post.ground.covers(place.path) else ""


def _seen(request: HttpRequest, pk: int) -> Visit:
    seen = visits_seen_by(_sitting(request).post).select_related("organisation", "post__organisation", "place")
    return get_object_or_404(seen, pk=pk)


def _page(request: HttpRequest, row: Visit, *, wrong: str = "", status: int = 200) -> HttpResponse:
    sitting = _sitting(request)
    seen = row.promises.filter(pk__in=cases_seen_by(sitting.actor).values("pk"))
    promises = list(seen.select_related("owner__organisation", "lead__organisation").order_by("promised__number"))
    said: dict[str, Any] = {
        "visit": row,
        "place_page": _page_of(row.place, sitting),
        "day": day(timezone.localdate(row.visited_at)),
        "asked": masked(row.asked),
        "promised": masked(row.promised),
        "promises": promises,
        "withheld": row.promises.count() - len(promises),
        "strikes": row.struck_at is None and row.post_id == sitting.post.pk,
        "wrong": [("", wrong)] if wrong else [],
    }
    return render(request, "visits/one.html", said, status=status)


@shows_cases("visits", "desk:visits", "desk:visit_new", "desk:visit", "desk:visit_back")
def _shown(actor: Actor, at: Any) -> set[int]:
    """The promises an actor would be shown."""
    seen = Case.objects.filter(promised__isnull=False, pk__in=cases_seen_by(actor).values("pk"))
    return set(seen.values_list("pk", flat=True))
