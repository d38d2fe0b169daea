"""Pages of the photographs of an activity: adding some, showing one to residents or the desk alone, one large."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingwei.accounts.sitting import Sitting, at_a_post, sitting_of
from jingwei.affairs.activities.acts import ActivityRefused
from jingwei.affairs.activities.models import Activity, Photograph
from jingwei.affairs.activities.pages import kept, page
from jingwei.affairs.activities.photographs import Recognisable, add, hide, remove, show
from jingwei.affairs.activities.sight import activities_seen_by
from jingwei.casework.pages.handing import photographs_of
from jingwei.casework.pages.photographs import picture
from jingwei.casework.pages.record import not_whole
from jingwei.casework.picture_field import MOST_PHOTOGRAPHS
from jingwei.people.lists import NotOnTheList
from jingwei.running.once import once


@require_POST
@at_a_post
def add_photographs(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep photographs of an activity; what is not shown to residents is seen at the desk alone."""
    activity, at = kept(request, pk), timezone.now()
    if sentence := not_whole(request):
        return page(request, activity, wrong=("", sentence), status=422)
    given, refused = photographs_of(request, at, "photographs", MOST_PHOTOGRAPHS)
    if not given and not refused:
        refused = [_("Choose a photograph first. None is needed.")]
    public = request.POST.get("public") == "1"
    if public and request.POST.get("nobody") != "1":
        refused.append(str(Recognisable.sentence))
    if not refused:
        try:
            _add(request, activity, given, public=public)
        except (ActivityRefused, NotOnTheList) as wrong:
            refused = [str(wrong.sentence)]
        else:
            return redirect("desk:activity", pk=pk)
    said = {"photographs_given": given, "photographs_wrong": refused}
    return page(request, activity, wrong=("id_photographs", refused[0]), more=said, status=422)


def _add(request: HttpRequest, activity: Activity, given: list[str], *, public: bool) -> None:
    act: dict[str, Any] = {"actor": _sitting(request).actor, "at": timezone.now()}
    with once(request, act["at"]) as is_new:
        if not is_new:
            return
        add(activity, given, **act)
        if public:
            for one in activity.photographs.filter(blob__in=given):
                show(one, nobody_recognisable=True, **act)


@require_POST
@at_a_post
def do_photograph(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Show one to residents, take it from their page, or delete it."""
    one = get_object_or_404(Photograph.objects.select_related("activity"), pk=pk)
    activity = kept(request, one.activity_id)
    act: dict[str, Any] = {"actor": _sitting(request).actor, "at": timezone.now()}
    try:
        if name == "show":
            show(one, nobody_recognisable=request.POST.get("nobody") == "1", **act)
        elif name == "hide":
            hide(one, **act)
        elif name == "remove":
            remove(one, **act)
        else:
            raise Http404
    except ActivityRefused as refused:
        return page(request, activity, wrong=("", str(refused.sentence)), status=422)
    return redirect("desk:activity", pk=activity.pk)


@require_safe
def photograph(request: HttpRequest, pk: int, size: str) -> HttpResponseBase:
    """The picture, `full` or `thumb`: to everybody where it is shown to residents, else to those who see it."""
    one = _seen(request, pk)
    return picture(one.blob, size, f"activity-{one.activity_id}-{pk}.jpg")


@require_safe
def beheld(request: HttpRequest, pk: int) -> HttpResponse:
    """One photograph on a page of its own."""
    one = _seen(request, pk)
    request.county = one.activity.county  # type: ignore[attr-defined]
    sitting = sitting_of(request)
    inside = sitting is not None and _sees(sitting, one)
    back = reverse("desk:activity" if inside else "doorstep:activity", args=[one.activity_id])
    heading = _("Photograph of “%(title)s”") % {"title": one.activity}
    full = reverse("doorstep:activity_photograph", args=[pk, "full"])
    answer = render(request, "looks/beheld.html", {"heading": heading, "picture": full, "back": back})
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _seen(request: HttpRequest, pk: int) -> Photograph:
    one = Photograph.objects.select_related("blob", "activity__county").filter(pk=pk).first()
    if one is not None and one.shown_at and one.activity.published_at:
        return one
    sitting = sitting_of(request)
    if one is None or sitting is None or not _sees(sitting, one):
        raise Http404
    return one


def _sees(sitting: Sitting, one: Photograph) -> bool:
    return activities_seen_by(sitting.post).filter(pk=one.activity_id).exists()


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting
