"""The page with what a post has been told."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.looks.moments import when
from jingwei.notices.acts import mark_read
from jingwei.notices.links import paths
from jingwei.notices.models import Notice
from jingwei.notices.queries import latest, newer, unread
from jingwei.notices.words import headings, sentence

ON_A_PAGE = 40


@dataclass(frozen=True)
class Row:
    """A notice as it stands in the list."""

    href: str
    title: str
    words: str
    meta: tuple[str, ...]
    status: str


@require_safe
@at_a_post
def listing(request: HttpRequest) -> HttpResponse:
    """The notices of the post one sits at, newest first."""
    sitting = _sitting(request)
    before, after = _number(request.GET.get("before", "")), _number(request.GET.get("after", ""))
    told = newer([sitting.post], ON_A_PAGE + 1, than=after) if after is not None else []
    back = len(told) >= ON_A_PAGE  # fewer: the page begins where the list does
    if not back:
        told = latest([sitting.post], ON_A_PAGE + 1, before=before)
    shown = told[-ON_A_PAGE:] if back else told[:ON_A_PAGE]
    more = len(told) > ON_A_PAGE
    context = {
        "rows": _rows(shown, sitting.county_code, _moment(request)),
        "unread": unread([sitting.post]),
        "newest": shown[0].pk if shown else "",
        "next": f"?before={shown[-1].pk}" if back or more else "",
        "previous": f"?after={shown[0].pk}" if shown and (more if back else before is not None) else "",
    }
    return render(request, "notices/listing.html", context)


@require_POST
@at_a_post
def read(request: HttpRequest) -> HttpResponse:
    """Mark as read what the post was told up to the newest on the page, and nothing that came since."""
    sitting = _sitting(request)
    newest = _number(request.POST.get("up_to", ""))
    if newest is None:
        return redirect("desk:notices")  # not from our page
    mark_read(sitting.post, person_id=sitting.account.person_id, at=_moment(request), up_to=newest)
    return redirect("desk:notices")


def _rows(notices: list[Notice], county_code: str, at: datetime) -> list[Row]:
    names, leads = headings(county_code), paths(notices)
    return [
        Row(
            leads[notice.pk],
            names[notice.event],
            sentence(notice),
            (when(notice.at, at),),
            "" if notice.read_at else _("Unread"),
        )
        for notice in notices
    ]


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting


def _moment(request: HttpRequest) -> datetime:
    said = getattr(request, "at", None)
    return said if isinstance(said, datetime) else timezone.now()


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None
