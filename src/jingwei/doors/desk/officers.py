"""Pages that belong to one of the three officers: others are told whose page it is."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from jingwei.accounts.sitting import Sitting, at_a_post, sitting_of
from jingwei.organisations.pack import Role

Page = Callable[..., HttpResponseBase]


OFFICERS = {
    Role.ADMINISTRATOR: gettext_lazy("the administrator"),
    Role.SECURITY_OFFICER: gettext_lazy("the security officer"),
    Role.AUDITOR: gettext_lazy("the auditor"),
}


def of_officer(*officers: Role) -> Callable[[Page], Page]:
    """Let only a post with one of these roles in; its pages are never kept by a browser."""

    def guard(page: Page) -> Page:
        @wraps(page)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            held = [role for role in officers if role.value in sitting_at(request).post.roles]
            if not held:
                words = _(", ").join(str(OFFICERS[role]) for role in officers)
                sentence = _("This page belongs to %(officer)s. Choose another post, or ask for help there.")
                return render(request, "desk/refused.html", {"sentence": sentence % {"officer": words}}, status=403)
            search = reverse(HOMES[held[0]]) if held[0] is Role.ADMINISTRATOR else ""
            request.door["find"] = search  # type: ignore[attr-defined]
            return page(request, *args, **kwargs)

        return never_cache(at_a_post(guarded))

    return guard


HOMES = {
    Role.ADMINISTRATOR: "desk:accounts",
    Role.SECURITY_OFFICER: "desk:security",
    Role.AUDITOR: "desk:audit",
}
"""Where each of the three begins; none of them has a queue of cases."""


def officers_first(page: Page) -> Page:
    """The front page of the desk, which for one of the three officers is her own page."""

    @wraps(page)
    def first(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        sitting = sitting_of(request)
        for role, home in HOMES.items():
            if sitting is not None and role.value in sitting.post.roles:
                return redirect(home)
        return page(request, *args, **kwargs)

    return first


def sitting_at(request: HttpRequest) -> Sitting:
    """The sitting that `at_a_post` put on the request."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting
