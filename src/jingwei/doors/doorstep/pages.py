"""The residents' front page: report something, look up how it fares."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jingwei.affairs.orders.ordering import can_be_ordered
from jingwei.policy.county import CountySection
from jingwei.policy.models import County
from jingwei.policy.queries import book

CLOSED_TO_ROBOTS = ("/desk/", "/c/", "/case/", "/progress/", "/q/", "/photographs/", "/my-data/")


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The county's front page; where one installation holds several counties, a choice first."""
    counties = list(County.objects.order_by("code"))
    chosen = [c for c in counties if c.pk == request.GET.get("county")] or counties
    if len(chosen) != 1:
        return render(request, "doorstep/counties.html", {"counties": counties})
    request.county = chosen[0]  # type: ignore[attr-defined]
    here = book(chosen[0].pk)
    context = {
        "hotline": here[CountySection].hotline,
        "several": len(counties) > 1,
        "orders": can_be_ordered(chosen[0].pk, here),
    }
    return render(request, "doorstep/front.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave alone: everything that belongs to one case, one door, or the desk."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED_TO_ROBOTS)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
