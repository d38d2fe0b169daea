"""Pages of activities at the desk: the list, a plan, one activity with what is done with it, its certificates."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.activities.acts import ActivityRefused, cancel, change, hold, plan, publish
from jingwei.affairs.activities.certificates import certifies, certify
from jingwei.affairs.activities.forms import OutcomeForm, PlanForm, plan_of, usual_times
from jingwei.affairs.activities.models import Activity, State
from jingwei.affairs.activities.pack import ActivitiesSection
from jingwei.affairs.activities.personal import PHOTOGRAPHS
from jingwei.affairs.activities.printing import certificates_pdf
from jingwei.affairs.activities.sight import activities_seen_by, may_keep, units_kept_by
from jingwei.casework.pages.taking import words_of
from jingwei.casework.picture_field import MOST_PHOTOGRAPHS
from jingwei.looks.moments import when
from jingwei.organisations.models import Organisation
from jingwei.paper.sending import sent
from jingwei.people.lists import InformationSection, NotOnTheList
from jingwei.policy.queries import book
from jingwei.running.once import once

ON_A_PAGE = 30
STATES = {
    State.PLANNED: (gettext_lazy("Planned"), "new"),
    State.PUBLISHED: (gettext_lazy("Announced"), "doing"),
    State.HELD: (gettext_lazy("Took place"), "done"),
    State.CANCELLED: (gettext_lazy("Called off"), "late"),
}
"""What each state is called, and its colour."""


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting


@require_safe
@at_a_post
def listing(request: HttpRequest) -> HttpResponse:
    """The activities one may read, the latest first."""
    sitting, at = _sitting(request), timezone.now()
    seen = activities_seen_by(sitting.post).select_related("organisation").order_by("-begins_at", "-pk")
    shown = Paginator(seen, ON_A_PAGE).get_page(request.GET.get("page"))
    for one in shown:
        one.told = [when(one.begins_at, at), one.where]  # type: ignore[attr-defined]
        one.status, one.level = STATES[one.state]  # type: ignore[attr-defined]
    keeps = units_kept_by(sitting.post).exists()
    return render(request, "activities/listing.html", {"page": shown, "keeps": keeps})


@require_http_methods(["GET", "HEAD", "POST"])
@at_a_post
def new(request: HttpRequest) -> HttpResponse:
    """Plan an activity of one's unit."""
    sitting, at = _sitting(request), timezone.now()
    if not units_kept_by(sitting.post).exists():
        raise PermissionDenied
    form = PlanForm(sitting.post, request.POST if request.method == "POST" else None, _suggested(request, sitting, at))
    if request.method == "POST" and form.is_valid():
        unit: Organisation = form.cleaned_data["unit"]
        key = form.cleaned_data["key"]
        try:
            kept = plan(unit, form.plan(), by=sitting.post, actor=sitting.actor, at=at, key=key)
        except NotOnTheList as refused:
            form.add_error(None, refused.sentence)
        else:
            return redirect("desk:activity", pk=kept.pk)
    return render(request, "activities/plan.html", {"form": form}, status=422 if form.errors else 200)


def _suggested(request: HttpRequest, sitting: Sitting, at: datetime) -> dict[str, Any]:
    """What a turn of a duty says already: whose activity, of which sort, on which day."""
    try:
        day = datetime.combine(date.fromisoformat(request.GET.get("day", "")), time(9), timezone.get_current_timezone())
    except ValueError:
        day = at
    said = usual_times(day)
    sorts = book(sitting.county_code)[ActivitiesSection].sorts_meeting(request.GET.get("duty", ""))
    if sorts:
        said["sort"] = min(sorts)
    if (unit := request.GET.get("unit", "")).isascii() and unit.isdigit() and len(unit) < 18:
        said["unit"] = int(unit)
    return said


@require_http_methods(["GET", "HEAD", "POST"])
@at_a_post
def alter(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan."""
    sitting, activity = _sitting(request), kept(request, pk)
    form = PlanForm(sitting.post, request.POST if request.method == "POST" else None, plan_of(activity))
    form.fields["unit"].required = False  # whose it is stays
    if request.method == "POST" and form.is_valid():
        try:
            change(activity, form.plan(), actor=sitting.actor, at=timezone.now())
        except (ActivityRefused, NotOnTheList) as refused:
            form.add_error(None, str(refused.sentence))
        else:
            return redirect("desk:activity", pk=pk)
    said = {"form": form, "activity": activity}
    return render(request, "activities/plan.html", said, status=422 if form.errors else 200)


@require_safe
@at_a_post
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """An activity, and what can be done with it now."""
    return page(request, _seen(request, pk))


@require_POST
@at_a_post
def do(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Announce it, record that it was held, call it off, or give its certificates."""
    sitting, activity, at = _sitting(request), kept(request, pk), timezone.now()
    act = {"actor": sitting.actor, "at": at}
    outcome = OutcomeForm(activity, request.POST) if name == "hold" else None
    if outcome is not None and not outcome.is_valid():
        return page(request, activity, outcome=outcome, status=422)
    reason = words_of(request, "reason")[:200]
    if name == "cancel" and not reason:
        return page(request, activity, wrong=("id_reason", _("Say why, for those who wanted to come.")), status=422)
    try:
        with once(request, at) as is_new:
            if is_new:
                _done(name, activity, outcome, reason, [int(n) for n in request.POST.getlist("completed")[:500]], act)
    except (ActivityRefused, NotOnTheList) as refused:
        return page(request, activity, wrong=("", str(refused.sentence)), status=409)
    except ValueError as wrong:
        raise Http404 from wrong
    return redirect("desk:activity", pk=pk)


def _done(
    name: str, activity: Activity, outcome: OutcomeForm | None, reason: str, completed: list[int], act: dict[str, Any]
) -> None:
    if outcome is not None:
        hold(activity, outcome.said(), **act)
    elif name == "publish":
        publish(activity, **act)
    elif name == "cancel":
        cancel(activity, reason, **act)
    elif name == "certify":
        certify(activity, completed, **act)
    else:
        raise Http404


@require_safe
@at_a_post
def certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificates of a course, one on each sheet of paper."""
    activity = kept(request, pk)
    given = activity.certificates.filter(revoked_at=None).order_by("pk")
    verify = f"{settings.BASE_URL}{reverse('doorstep:certificate')}"
    return render(request, "activities/certificates.html", {"activity": activity, "given": given, "verify": verify})


@require_safe
@at_a_post
def certificates_as_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF, to be kept by those who hold them."""
    activity = kept(request, pk)
    given = activity.certificates.filter(revoked_at=None).order_by("pk")
    if not given:
        raise Http404
    return sent(f"certificates-{pk}.pdf", lambda: certificates_pdf(activity, given, timezone.now()))


def _seen(request: HttpRequest, pk: int) -> Activity:
    seen = activities_seen_by(_sitting(request).post).select_related("organisation__ground", "county", "kept_by")
    return get_object_or_404(seen, pk=pk)


def kept(request: HttpRequest, pk: int) -> Activity:
    """An activity that the post one sits at keeps. Raises Http404, PermissionDenied."""
    activity = _seen(request, pk)
    if not may_keep(_sitting(request).post, activity):
        raise PermissionDenied
    return activity


def page(
    request: HttpRequest, activity: Activity, *, outcome: OutcomeForm | None = None,
    wrong: tuple[str, str] | None = None, more: Mapping[str, Any] = {}, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of an activity, with what was filled in and is wrong."""
    keeps, at = may_keep(_sitting(request).post, activity), timezone.now()
    line = book(activity.county_id)[ActivitiesSection].line(activity.sort)
    stand = activity.sign_ups.filter(withdrawn_at=None)
    said = {
        "activity": activity,
        "sort": str(line or activity.sort),
        "status": STATES[activity.state][0],
        "level": STATES[activity.state][1],
        "keeps": keeps,
        "open": activity.state in (State.PLANNED, State.PUBLISHED),
        "begun": activity.begins_at <= at and activity.state != State.CANCELLED,
        "taken": activity.taken,
        "waiting": stand.filter(waiting=True).count(),
        "people": list(stand.select_related("certificate").order_by("waiting", "pk")) if keeps else [],
        "certifies": keeps and activity.state == State.HELD and certifies(activity),
        "outcome": outcome or OutcomeForm(activity),
        "photographs": list(activity.photographs.select_related("blob").order_by("pk")),
        "adds": keeps and book(activity.county_id)[InformationSection].lists(PHOTOGRAPHS.key),
        "most": MOST_PHOTOGRAPHS,
        "wrong": [wrong] if wrong else [],
        **more,
    }
    return render(request, "activities/one.html", said, status=status)
