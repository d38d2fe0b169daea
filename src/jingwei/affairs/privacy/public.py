"""The county's information list as residents read it: what is kept of them, why, and for how long."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.people.lists import BEGINS, GROUNDS, REGISTERED, InformationSection
from jingwei.policy.models import County
from jingwei.policy.queries import book


@require_safe
def for_residents(request: HttpRequest) -> HttpResponse:
    """What we keep and why; the list of the county of the address, or of the only one."""
    counties = list(County.objects.order_by("code"))
    chosen = [c for c in counties if c.pk == request.GET.get("county")] or counties
    if len(chosen) != 1:
        raise Http404
    request.county = chosen[0]  # type: ignore[attr-defined]
    lines = lines_of(chosen[0].pk)
    context = {"lines": [line for line in lines if not line["of_staff"]], "county_code": chosen[0].pk}
    return render(request, "privacy/for_residents.html", context)


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
