"""The slip for a resident whose matter was opened at the desk: its number, and the code that is hers alone."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.acts.opening import OPENED, case_code
from jingwei.casework.models import Act, Case
from jingwei.casework.pages.limiting import telephone
from jingwei.casework.pages.told import promised
from jingwei.casework.queries import case_seen
from jingwei.casework.ways_out import shows_cases, tried_one_by_one
from jingwei.policy.queries import book

SHOWN_FOR = timedelta(minutes=30)
"""How long after the opening its code can be shown again: whoever has the code may rate and reopen."""

shows_cases("slip of a case taken in", "desk:receipt")(tried_one_by_one(case_seen))


@at_a_post
@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The slip, with number and code; only for whoever opened the case, and the code not for long."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    at, case = timezone.now(), case_seen(sitting.actor, number)
    if case is None:
        raise Http404
    opened = Act.objects.filter(case=case, verb=OPENED.name).first()
    if opened is None or opened.person_id != sitting.account.person_id:
        raise PermissionDenied
    fresh = opened.at is not None and at - opened.at < SHOWN_FOR
    context = {
        "case": case,
        "code": case_code(case.pk) if case.code_mark and fresh else "",
        "too_late": bool(case.code_mark) and not fresh,
        "category": case.of_kind.words(book(sitting.county_code)).get("category", {}).get(case.category, ""),
        "stage": case.at_stage.title,
        "promised": promised(case),
        "suggested": next((s.post for s in case.of_kind.suggested(case)), None) if case.is_open else None,
        "issued_by": sitting.post.organisation,
        "hotline": telephone(case.county),
        "next": _next(case),
    }
    return render(request, "casework/slip.html", context)


def _next(case: Case) -> str:
    """Where the next one of the kind is taken in."""
    return reverse("desk:open", args=[case.kind]) if case.of_kind.opened_by else reverse("desk:new")
