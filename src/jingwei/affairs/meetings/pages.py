"""Pages of meetings: those that were held, one with its resolutions, the agenda with its form, and the paper."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.meetings.acts import NotStruck, keep, strike
from jingwei.affairs.meetings.agenda import agenda
from jingwei.affairs.meetings.forms import MinutesForm, ReportForm
from jingwei.affairs.meetings.models import Meeting, report_standing
from jingwei.affairs.meetings.pack import reported, sort_of, sorts
from jingwei.affairs.meetings.sight import may_keep, meetings_seen_by, owed_by_others
from jingwei.casework.models import Case
from jingwei.casework.sight import cases_seen_by
from jingwei.casework.ways_out import shows_cases
from jingwei.looks.moments import when
from jingwei.looks.periods import period_title
from jingwei.people.lists import NotOnTheList
from jingwei.policy.queries import book
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
    """The meetings one may read, the latest first; and those one may keep the minutes of."""
    sitting = _sitting(request)
    seen = meetings_seen_by(sitting.post).select_related("organisation").order_by("-held_at", "-pk")
    page = Paginator(seen, ON_A_PAGE).get_page(request.GET.get("page"))
    for meeting in page:
        meeting.told = [when(meeting.held_at, timezone.now())]  # type: ignore[attr-defined]
    pack, today = book(sitting.county_code), timezone.localdate()
    others = owed_by_others(sitting.post.organisation)
    offered = [line for line in sorts(pack) if line.key not in others and may_keep(sitting.post, line)]
    reports = [line for line in offered if reported(pack, line.key, today)]
    said = {"page": page, "meetings": [line for line in offered if line not in reports], "reports": reports}
    return render(request, "meetings/listing.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@at_a_post
def new(request: HttpRequest) -> HttpResponse:
    """What lies before a meeting or a report of one's unit, and the form in which it is kept or signed off."""
    sitting, at = _sitting(request), timezone.now()
    sort = sort_of(book(sitting.county_code), request.GET.get("sort", "")[:48])
    if sort is None:
        raise Http404
    if not may_keep(sitting.post, sort):
        raise PermissionDenied
    day = _day(request)
    about = reported(book(sitting.county_code), sort.key, day)
    if about and (there := report_standing(sitting.post.organisation, sort.key, about)):
        if request.method == "POST" and str(there.key) != request.POST.get("key"):
            messages.warning(request, _("This report was signed off already; what you wrote was not kept."))
        return redirect("desk:meeting", pk=there.pk)
    before, data = agenda(sort, sitting, at, about), request.POST if request.method == "POST" else None
    form = ReportForm(sort, sitting, about, data) if about else MinutesForm(sort, sitting, day, data)
    if request.method == "POST" and form.is_valid():
        said = form.minutes(before.figures)
        try:
            with once(request, at):  # of two at the same moment the second waits, and gets the first one's
                meeting = keep(said, by=sitting.post, actor=sitting.actor, at=at, key=form.cleaned_data["key"])
        except NotOnTheList as refused:
            form.add_error("words", refused.sentence)
        else:
            return redirect("desk:meeting", pk=meeting.pk)
    said_ = {"sort": sort, "agenda": before, "form": form, "at": at, "period": about and period_title(about)}
    return render(
        request, "meetings/report.html" if about else "meetings/new.html", said_, status=422 if form.errors else 200
    )


@require_safe
@at_a_post
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting with its minutes and its resolutions; on paper with `?print`."""
    return _page(request, _seen(request, pk))


@require_POST
@at_a_post
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take minutes back that were kept by mistake."""
    meeting, sitting = _seen(request, pk), _sitting(request)
    if not _may_strike(meeting, sitting):
        raise PermissionDenied
    try:
        strike(meeting, actor=sitting.actor, at=timezone.now())
    except NotStruck as refused:
        return _page(request, meeting, wrong=str(refused.sentence), status=409)
    return redirect("desk:meetings")


def _may_strike(meeting: Meeting, sitting: Sitting) -> bool:
    sort = sort_of(book(meeting.county_id), meeting.sort)
    own = meeting.organisation_id == sitting.post.organisation_id
    return own and sort is not None and may_keep(sitting.post, sort)


def _seen(request: HttpRequest, pk: int) -> Meeting:
    seen = meetings_seen_by(_sitting(request).post).select_related("organisation__ground", "kept_by")
    return get_object_or_404(seen, pk=pk)


def _page(request: HttpRequest, meeting: Meeting, *, wrong: str = "", status: int = 200) -> HttpResponse:
    sitting = _sitting(request)
    seen = meeting.resolutions.filter(pk__in=cases_seen_by(sitting.actor).values("pk"))
    resolutions = list(seen.select_related("owner__organisation", "lead__organisation").order_by("resolved__number"))
    said: dict[str, Any] = {
        "meeting": meeting,
        "minutes": masked(meeting.minutes),
        "resolutions": resolutions,
        "attended": list(meeting.attended.order_by("kind", "key")),
        "withheld": meeting.resolutions.count() - len(resolutions),
        "strikes": meeting.struck_at is None and _may_strike(meeting, sitting),
        "wrong": [("", wrong)] if wrong else [],
    }
    page = "meetings/paper.html" if "print" in request.GET else "meetings/one.html"
    return render(request, page, said, status=status)


def _day(request: HttpRequest) -> date:
    today = timezone.localdate()
    try:
        return min(date.fromisoformat(request.GET.get("day", "")), today)
    except ValueError:
        return today


@shows_cases("meetings", "desk:meetings", "desk:meeting_new", "desk:meeting", "desk:meeting_back")
def _shown(actor: Actor, at: datetime) -> set[int]:
    """The resolutions an actor would be shown; late cases on an agenda are those of her own queue."""
    seen = Case.objects.filter(resolved__isnull=False, pk__in=cases_seen_by(actor).values("pk"))
    return set(seen.values_list("pk", flat=True))
