"""What the county's rules said and since when: the editions of its pack, and line by line what changed between two."""

from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.organisations.pack import KEPT_APART
from jingwei.policy import Book
from jingwei.policy.queries import Adoption, adoptions, changes_between, edition_book
from jingwei.policy.telling import Teller, Told

OF_THE_OFFICERS = frozenset({"accounts", "exceptions"})
"""Tables that tell how the gate is kept: the three officers read them, nobody else needs to."""


@dataclass(frozen=True)
class Row:
    """One edition in the list, and where its changes are read; None: the first one the county had."""

    adoption: Adoption
    title: str
    many: int | None
    href: str


@at_a_post
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition, the latest first, each with the number of lines it changed."""
    sitting = _sitting(request)
    rows = [_row(one, sitting) for one in adoptions(sitting.county_code)]
    return render(request, "desk/editions.html", {"rows": rows})


@at_a_post
@require_safe
def edition_changes(request: HttpRequest, template: str = "desk/edition_changes.html") -> HttpResponse:
    """What changed between two editions; unless others are asked for, the latest one and the one before it."""
    sitting = _sitting(request)
    known = adoptions(sitting.county_code)
    by_edition = {one.edition: one for one in reversed(known)}
    latest = known[0].edition if known else ""
    after = request.GET.get("after") or latest
    before = request.GET.get("before") or (by_edition[after].before if after in by_edition else "")
    if not {after, before} <= {*by_edition, ""}:
        raise Http404
    told = _told(before, after, sitting) if before and after else []
    asked = urlencode({"before": before, "after": after})
    context = {
        "before": by_edition.get(before),
        "after": by_edition.get(after),
        "known": known,
        "tables": [(table, list(lines)) for table, lines in groupby(told, key=lambda one: one.where[0])],
        "many": len(told),
        "sheet": f"{reverse('desk:edition_changes_sheet')}?{asked}",
        "page": f"{reverse('desk:edition_changes')}?{asked}",
    }
    return render(request, template, context)


def _row(one: Adoption, sitting: Sitting) -> Row:
    title = str(edition_book(one.edition).label)
    if not one.before:
        return Row(one, title, None, "")
    href = f"{reverse('desk:edition_changes')}?{urlencode({'before': one.before, 'after': one.edition})}"
    return Row(
        one, title, sum(_may_read(change.path[0], sitting) for change in changes_between(one.before, one.edition)), href
    )


def _told(before: str, after: str, sitting: Sitting) -> list[Told]:
    books: tuple[Book, Book] = (edition_book(before), edition_book(after))
    teller = Teller(*books)
    return [teller.told(one) for one in changes_between(before, after) if _may_read(one.path[0], sitting)]


def _may_read(table: str, sitting: Sitting) -> bool:
    return table not in OF_THE_OFFICERS or bool(KEPT_APART & set(sitting.post.roles))


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting
