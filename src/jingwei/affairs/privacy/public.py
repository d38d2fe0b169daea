"""The county's information list as residents read it: what is kept of them, why, and for how long."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.people.lists import BEGINS, GROUNDS, REGISTERED, InformationSection
from jingwei.policy.models import County
from jingwei.policy.queries import book


@require_safe
def for_residents(request: HttpRequest) -> HttpResponse:
    """What we keep and why; the list of the county of the address, or of the only one."""
    county = county_of(request)
    if county is None:
        return redirect("doorstep:front")
    request.county = county  # type: ignore[attr-defined]
    lines = lines_of(county.pk)
    context = {"lines": [line for line in lines if not line["of_staff"]], "county_code": county.pk}
    return render(request, "privacy/for_residents.html", context)


def county_of(request: HttpRequest) -> County | None:
    """The county that the address or the form names, or the only one; None where one must be chosen first."""
    counties = list(County.objects.order_by("code"))
    named = request.GET.get("county", request.POST.get("county", ""))
    chosen = [county for county in counties if county.pk == named] or counties
    return chosen[0] if len(chosen) == 1 else None


@at_a_post
@require_safe
def for_officials(request: HttpRequest) -> HttpResponse:
    """The whole list, with what is off it."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    lines = lines_of(sitting.county_code)
    context = {
        "lines": lines,
        "off": [field.title for key, field in REGISTERED.items() if key not in {line["key"] for line in lines}],
        "years": book(sitting.county_code)[InformationSection].records_kept_years,
    }
    return render(request, "privacy/for_officials.html", context)


def lines_of(county_code: str) -> list[dict[str, Any]]:
    """The lines of the list that are in force, in words."""
    information = book(county_code)[InformationSection]
    return [
        {
            "key": line.key,
            "title": str(line),
            "why": line.why,
            "ground": GROUNDS[line.ground],
            "article": line.article,
            "days": line.term.days,
            "begins": BEGINS[REGISTERED[line.key].begins],
            "seen": line.seen,
            "of_staff": REGISTERED[line.key].of_staff,
        }
        for line in information.fields
        if not line.retired
    ]
