"""The gate's other way in: the county's identity provider says who somebody is."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jingwei.accounts import outside, verbs
from jingwei.accounts.entering import let_in
from jingwei.doors.desk.sign_in import GATE, NOBODY, gate, next_of
from jingwei.trail.acts import record


@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Go and ask the provider."""
    try:
        return HttpResponseRedirect(outside.ask(request, _provider(), _back(), next_of(request)))
    except outside.OutsideRefused as refused:
        return _refused(request, refused)


@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Look at what the provider answered; in, if every part of it is right."""
    at = timezone.now()
    try:
        account, wanted = outside.answered(request, _provider(), _back(), at)
    except outside.OutsideRefused as refused:
        return _refused(request, refused)
    let_in(request, account, means="outside", at=at)
    return HttpResponseRedirect(wanted)


def _provider() -> outside.Provider:
    if (found := outside.provider()) is None:
        raise Http404
    return found


def _back() -> str:
    return f"{settings.BASE_URL}{reverse('desk:outside_back')}"


def _refused(request: HttpRequest, refused: outside.OutsideRefused) -> HttpResponse:
    facts: dict[str, str | int | bool | None] = {"means": "outside", "why": refused.reason[:200], "ok": False}
    record(GATE, verbs.FAILED, at=timezone.now(), subject=("account", NOBODY), facts=facts)
    return gate(request, [("", refused.sentence)], status=422)
