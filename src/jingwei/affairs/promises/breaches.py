"""The list of broken promises at the desk: what ran out, whether the company was heard, and what was decided."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.promises.kinds import Promise
from jingwei.affairs.promises.models import PromiseBreach
from jingwei.casework.may import post_of
from jingwei.casework.pages.exports import LIMIT, Table, TooMany, answer, moment, remember, too_many
from jingwei.casework.queries import Filter
from jingwei.casework.sight import cases_seen_from
from jingwei.casework.ways_out import shows_cases
from jingwei.looks import moments
from jingwei.organisations.models import Post
from jingwei.policy.books import Book
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor

A_PAGE = 30
DECIDED = Q(verified_at__isnull=False) | Q(set_aside_at__isnull=False)
STATES = {
    "": (gettext_lazy("All"), Q()),
    "to_hear": (gettext_lazy("Company to be heard"), Q(heard_at=None) & ~DECIDED),
    "to_decide": (gettext_lazy("Heard, to be decided"), Q(heard_at__isnull=False) & ~DECIDED),
    "stands": (gettext_lazy("Stands"), Q(verified_at__isnull=False)),
    "set_aside": (gettext_lazy("Set aside"), Q(set_aside_at__isnull=False)),
}
"""How a breach can stand, in the order in which it goes on."""


@dataclass(frozen=True)
class Row:
    """A breach in words."""

    company: str
    number: str
    place: str
    grade: str
    promise: str
    due: datetime
    kept: datetime
    late: timedelta
    state: str
    heard: datetime | None
    decided: datetime | None

    @property
    def late_words(self) -> str:
        """By how much it was late."""
        return moments.span(self.late)

    @property
    def level(self) -> str:
        """The colour beside the state."""
        return {"stands": "late", "to_decide": "check", "to_hear": "doing"}.get(self.state, "done")

    @property
    def status(self) -> str:
        """The state in words."""
        return str(STATES[self.state][0])


def breaches_seen_from(post: Post, state: str = "") -> QuerySet[PromiseBreach]:
    """The broken promises of the cases that may be seen from a post, the latest first."""
    seen = PromiseBreach.objects.filter(STATES[state][1], case__in=cases_seen_from(post).values("pk"))
    return seen.select_related("case__place", "organisation").order_by("-due_at", "-id")


@shows_cases("broken promises", "desk:breaches", "desk:breaches_sheet")
def on_the_list(actor: Actor, _at: datetime) -> Iterable[int]:
    """The cases whose breaches an actor is shown."""
    post = post_of(actor)
    return set(breaches_seen_from(post).values_list("case_id", flat=True)) if post else ()


@at_a_post
@require_safe
def breaches(request: HttpRequest) -> HttpResponse:
    """Broken promises: each with its company, its case and how it stands."""
    sitting, state = _asked(request)
    page = Paginator(breaches_seen_from(sitting.post, state), A_PAGE).get_page(request.GET.get("page", "1")[:6])
    chips = [
        {"label": title, "href": f"?state={key}" if key else "?", "current": key == state}
        for key, (title, _narrowed) in STATES.items()
    ]
    said = {
        "rows": list(_rows(page.object_list, book(sitting.county_code))),
        "page": page,
        "chips": chips,
        "state": state,
        "sheet": reverse("desk:breaches_sheet") + (f"?state={state}" if state else ""),
    }
    return render(request, "promises/breaches.html", said)


@at_a_post
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The same as a spreadsheet; it names no resident, and holds none of her words."""
    sitting, state = _asked(request)
    at, found = timezone.now(), breaches_seen_from(sitting.post, state)
    many = found[: LIMIT + 1].count()
    if many > LIMIT:
        return too_many(request, TooMany())
    with transaction.atomic():
        by = Filter(queue="seen", kind=Promise.name)
        remember(sitting, f"breaches {state}".strip(), by, many, at, personal=False)
        rows = (_cells(row) for row in _rows(found[:many], book(sitting.county_code)))
        return answer(Table(_("Broken promises"), [str(h) for h in HEADINGS], rows), _("broken promises"), at)


HEADINGS = (
    gettext_lazy("Property company"), gettext_lazy("Case number"), gettext_lazy("Where it is"),
    gettext_lazy("How grave"), gettext_lazy("Promise"), gettext_lazy("Due at"), gettext_lazy("Kept at"),
    gettext_lazy("Minutes late"), gettext_lazy("Heard at"), gettext_lazy("Stands at"), gettext_lazy("Decided at"),
)  # fmt: skip


def _asked(request: HttpRequest) -> tuple[Sitting, str]:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    state = request.GET.get("state", "")
    return sitting, state if state in STATES else ""


def _rows(found: Iterable[PromiseBreach], of: Book) -> Iterator[Row]:
    grades = Promise.words(of)["grade"]
    for one in found:
        clock = Promise.clocks.get(one.promise)
        yield Row(
            str(one.organisation), one.case.number, str(one.case.place), grades.get(one.case.grade, one.case.grade),
            str(clock.title) if clock else one.promise, one.due_at, one.kept_at, one.kept_at - one.due_at,
            _state(one), one.heard_at, one.verified_at or one.set_aside_at,
        )  # fmt: skip


def _state(one: PromiseBreach) -> str:
    if one.verified_at or one.set_aside_at:
        return "stands" if one.verified_at else "set_aside"
    return "to_decide" if one.heard_at else "to_hear"


def _cells(row: Row) -> Sequence[str | int | None]:
    minutes = row.late // timedelta(minutes=1)
    return (
        row.company, row.number, row.place, row.grade, row.promise, moment(row.due), moment(row.kept), minutes,
        moment(row.heard), row.status, moment(row.decided),
    )  # fmt: skip
