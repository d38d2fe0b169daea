"""The page on which who asked is shown uncovered, once, for a reason."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.contact import Contact, reasons, show_contact, shown_to
from jingwei.casework.may import takers
from jingwei.casework.needs import LONGEST, Wanting
from jingwei.casework.pages.taking import words_of
from jingwei.casework.queries import case_seen
from jingwei.casework.refusals import Refused
from jingwei.casework.ways_out import shows_cases, tried_one_by_one

shows_cases("name and number of who asked", "desk:contact")(tried_one_by_one(case_seen))


@at_a_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a reason, then show name and number on this one answer; loaded again, they are covered again."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    case = case_seen(sitting.actor, number)
    if case is None:
        raise Http404
    shown: Contact | None = None
    wrong: list[tuple[str, str]] = []
    reason, words = words_of(request, "reason")[:48], words_of(request, "words")[:LONGEST]
    if request.method == "POST":
        act = {"actor": sitting.actor, "post": sitting.post, "at": timezone.now()}
        try:
            shown = show_contact(case, reason=reason, words=words, **act)  # type: ignore[arg-type]
        except Wanting as wanting:
            wrong = [(f"id_{wanting.field}", wanting.sentence)]
        except Refused as refused:
            wrong = [("", refused.sentence)]
    context = {
        "case": case,
        "may": bool(shown_to(case, takers(case, sitting.actor, sitting.post), sitting.post)),
        "contact": shown,
        "covered": case.asker,
        "reasons": [("", _("Choose …")), *((one.key, str(one)) for one in reasons(case.county_id))],
        "reason": reason,
        "words": words,
        "wrong": wrong,
    }
    status = 422 if wrong else 403 if not context["may"] else 200
    return render(request, "casework/contact.html", context, status=status)
