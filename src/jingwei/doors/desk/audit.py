"""The auditor's page: the trail of sign-ins and acts, narrowed, read page by page, and taken along as a sheet."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jingwei.accounts import verbs
from jingwei.accounts.auditing import LATELY, LONGEST, Read, Sought, lines, posts_to_choose, read
from jingwei.accounts.fact_words import SORTS, Words
from jingwei.casework.pages.exports import LIMIT, Table, answer, moment, yes
from jingwei.doors.desk.audit_words import words_of
from jingwei.doors.desk.officers import of_officer, sitting_at
from jingwei.organisations.pack import Role
from jingwei.trail.acts import record
from jingwei.trail.verbs import Verb

A_PAGE = 50


@of_officer(Role.AUDITOR)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Lines of the trail, the latest first."""
    at = timezone.now()
    sought, wrong = _sought(request.GET, timezone.localdate(at))
    found = lines(sitting_at(request).county_code, sought)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(id__lt=int(before))
    else:
        _remember(request, verbs.AUDIT_READ, sought, at)
    page = list(read(found[: A_PAGE + 1], _words(request)))
    return _page(request, sought, page, wrong)


@of_officer(Role.AUDITOR)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The lines as a spreadsheet; no cell of it becomes a formula."""
    at = timezone.now()
    sought, wrong = _sought(request.GET, timezone.localdate(at))
    found = lines(sitting_at(request).county_code, sought)
    many = found[: LIMIT + 1].count()
    if many > LIMIT:
        sentence = _("These are more than %(limit)d lines. Choose fewer days, or one sort, and export in parts.")
        return _page(request, sought, [], [*wrong, ("id_since", sentence % {"limit": LIMIT})], status=422)
    with transaction.atomic():
        _remember(request, verbs.AUDIT_EXPORTED, sought, at, rows=many)
        told = read(found[:many], _words(request))
        table = Table(_("Trail"), [str(heading) for heading in HEADINGS], (_row(one) for one in told))
        return answer(table, _("trail"), at)


HEADINGS = (
    gettext_lazy("Moment"), gettext_lazy("User name"), gettext_lazy("Acted as"), gettext_lazy("Deed"),
    gettext_lazy("About"), gettext_lazy("Succeeded"), gettext_lazy("Details"), gettext_lazy("Line"),
)  # fmt: skip


def _words(request: HttpRequest) -> Words:
    county = sitting_at(request).county_code
    return words_of(county, {str(pk): title for pk, title in posts_to_choose(county)})


def _row(one: Read) -> list[str | int | None]:
    return [moment(one.line.at), one.username, one.line.who, one.line.did, one.about, yes(one.success), one.details,
            one.line.id]  # fmt: skip


def _page(
    request: HttpRequest, sought: Sought, page: list[Read], wrong: list[tuple[str, str]], status: int = 200
) -> HttpResponse:
    address = urlencode(sought.address())
    older = f"?{address}&before={page[A_PAGE - 1].line.id}" if len(page) > A_PAGE else ""
    said: dict[str, Any] = {
        "lines": page[:A_PAGE],
        "sought": sought,
        "sorts": [("", _("All sorts")), *SORTS.items()],
        "posts": [("", _("All posts")), *posts_to_choose(sitting_at(request).county_code)],
        "successes": [("", _("Both")), ("yes", _("Succeeded")), ("no", _("Refused or failed"))],
        "older": older,
        "newest": f"?{address}" if request.GET.get("before") else "",
        "address": address,
        "wrong": wrong,
    }
    return render(request, "desk/audit.html", said, status=status)


def _sought(said: QueryDict, today: dt.date) -> tuple[Sought, list[tuple[str, str]]]:
    """What is asked for; a week where nothing is said, and never more than a year at once."""
    until = _day(said.get("until", "")) or today
    since = _day(said.get("since", "")) or until - LATELY
    wrong = []
    if since > until or until - since > LONGEST:
        wrong = [("id_since", _("The first day lies before the last one, by a year at most."))]
        since = until - LATELY
    post = said.get("post", "")
    return Sought(
        since,
        until,
        said.get("sort", "") if said.get("sort") in SORTS else "",
        int(post) if post.isdecimal() and len(post) < 19 else None,
        said.get("success", "") if said.get("success") in ("yes", "no") else "",
    ), wrong


def _day(said: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(said)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None


def _remember(request: HttpRequest, verb: Verb, sought: Sought, at: dt.datetime, **facts: int) -> None:
    sitting = sitting_at(request)
    known: dict[str, str | int | bool | None] = {"filter": urlencode(sought.address())[:200], **facts}
    record(sitting.actor, verb, at=at, subject=("post", sitting.post.pk), place=sitting.post.ground.path, facts=known)
