"""The pages of organisations at the desk: the chart, the page of one thing, what is done to it, the lists."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.acts.handover import owed_and_seen
from jingwei.casework.ways_out import shows_cases
from jingwei.doors.desk.officers import sitting_at
from jingwei.doors.desk.offices.deeds import DEEDS
from jingwei.doors.desk.offices.drawn import (
    HERE,
    UNDER,
    Deed,
    administers,
    numbered,
    officials,
    organisations,
    places,
    posts,
)
from jingwei.doors.desk.offices.lists import LISTS
from jingwei.doors.desk.offices.seen import DRAWERS
from jingwei.doors.desk.offices.seen.wording import address, held_by, words_of
from jingwei.organisations import owed
from jingwei.organisations.models import Appointment, Organisation, Post
from jingwei.organisations.offices import OfficesSection, word
from jingwei.organisations.past import OrganisationOn, organisations_on, posts_on
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.people.lists import NotOnTheList
from jingwei.running.once import once

shows_cases("lists to hand over", "desk:handover")(owed_and_seen)

MOST_LISTED = 1500
"""Rows of a list that opens beside a field; whoever has more types a whole name or a code."""


@at_a_post
@require_safe
def chart(request: HttpRequest) -> HttpResponse:
    """The organisations of the county, or those below one, as a tree, on a day."""
    return render(request, "desk/offices/chart.html", _chart(request))


@at_a_post
@require_safe
def printed_chart(request: HttpRequest) -> HttpResponse:
    """The same tree, wholly unfolded, on paper."""
    return render(request, "desk/offices/chart_sheet.html", _chart(request))


def _chart(request: HttpRequest) -> dict[str, Any]:
    sitting, today = sitting_at(request), timezone.localdate()
    on = _day(request.GET.get("on", "")) or today
    offices, tree = words_of(sitting), organisations_on(sitting.county_code, on)
    said = request.GET.get("below", "")
    top = tree.get(int(said)) if said.isdecimal() and len(said) < 19 else None
    children: defaultdict[int | None, list[OrganisationOn]] = defaultdict(list)
    for one in tree.values():
        children[one.parent if one.parent in tree else None].append(one)
    seats: defaultdict[int, list[int]] = defaultdict(list)
    for pk, post in posts_on(sitting.county_code, on).items():
        seats[post.organisation].append(pk)
    filled = set(
        Appointment.objects.filter(post__organisation__county_id=sitting.county_code, since__lte=on)
        .exclude(until__lte=on)
        .values_list("post_id", flat=True)
    )
    roots = [_node(one, children, seats, filled, offices, 0) for one in ([top] if top else children[None])]
    query = urlencode({"on": on.isoformat(), **({"below": top.pk} if top else {})})
    return {
        "roots": roots,
        "on": on,
        "today": today,
        "top": top,
        "query": query,
        "levels": _levels(roots, offices),
        "chips": _chips(""),
        "many": sum(node["many"] for node in roots),
        "county": sitting.post.organisation.county,
    }


def _node(
    one: OrganisationOn, children: Any, seats: Any, filled: set[int], offices: OfficesSection, depth: int
) -> dict[str, Any]:
    below = (
        [_node(each, children, seats, filled, offices, depth + 1) for each in children[one.pk]] if depth < 40 else []
    )
    here = seats[one.pk]
    vacant = sum(pk not in filled for pk in here)
    return {
        "words": str(one),
        "href": address("organisation", one.pk),
        "kind": word(offices.kinds, one.kind),
        "key": one.kind,
        "posts": len(here),
        "vacant": vacant,
        "below": below,
        "open": depth < 1,
        "many": 1 + sum(each["many"] for each in below),
    }


def _levels(roots: list[dict[str, Any]], offices: OfficesSection) -> list[tuple[str, int, int, int]]:
    """Head counts by kind, those with a level first, in the order of levels: organisations, posts, vacant posts."""
    many: Counter[str] = Counter()
    seats: Counter[str] = Counter()
    vacant: Counter[str] = Counter()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        many[node["key"]] += 1
        seats[node["key"]] += node["posts"]
        vacant[node["key"]] += node["vacant"]
        waiting += node["below"]
    order = sorted(offices.kinds, key=lambda line: (line.level == 0, line.level))
    return [(str(line), many[line.key], seats[line.key], vacant[line.key]) for line in order if many[line.key]]


def _chips(current: str) -> list[dict[str, Any]]:
    chart_chip = {"label": _("Organisation chart"), "href": reverse("desk:organisations"), "current": not current}
    lists = [
        {"label": str(title), "href": reverse("desk:office_list", args=[name]), "current": name == current}
        for name, (title, _rows) in LISTS.items()
    ]
    return [chart_chip, *lists]


@at_a_post
@require_safe
def listing(request: HttpRequest, name: str) -> HttpResponse:
    """One of the lists over the county."""
    if name not in LISTS:
        raise Http404
    title, rows = LISTS[name]
    tables = [one for one in rows(sitting_at(request), timezone.localdate()) if one.rows or one.empty]
    return render(request, "desk/offices/listing.html", {"title": title, "tables": tables, "chips": _chips(name)})


@at_a_post
@require_safe
def one(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """The page of one thing, on a day, with what may be done to it."""
    return _page(request, sort, _thing(request, sort, pk))


@at_a_post
@require_POST
def do(request: HttpRequest, sort: str, pk: int, name: str) -> HttpResponse:
    """Do one thing; what is wrong is said on the page, the form as it was filled in."""
    subject, sitting, at = _thing(request, sort, pk), sitting_at(request), timezone.now()
    found = next((deed for deed in DEEDS[sort] if deed.name == name), None)
    if found is None or not found.may(sitting, subject):
        raise Http404
    form = found(sitting, subject, request.POST)
    made: Any = None
    if form.is_valid():
        try:
            with once(request, at) as new:
                made = form.act(at) if new else None
        except (OrganisationRefused, NotOnTheList) as refused:
            where = getattr(refused, "field", "")
            form.add_error(where if where in form.fields else None, refused.sentence)
    if form.errors:
        return _page(request, sort, subject, form, status=422)
    messages.success(request, _("Done."))
    if isinstance(made, Organisation) and made.pk != subject.pk:
        return redirect(address("organisation", made.pk))
    return redirect(address(sort, pk))


def _thing(request: HttpRequest, sort: str, pk: int) -> Any:
    if sort not in DRAWERS:
        raise Http404
    table, county, _drawer = DRAWERS[sort]
    found = table.objects.filter(**{"pk": pk if pk < 2**63 else 0, county: sitting_at(request).county_code}).first()
    if found is None or (sort == "forming" and not any(deed.may(sitting_at(request), found) for deed in DEEDS[sort])):
        raise Http404  # who stood for a committee is for those who look at candidates
    return found


def _page(request: HttpRequest, sort: str, subject: Any, filled: Deed | None = None, status: int = 200) -> HttpResponse:
    sitting, today = sitting_at(request), timezone.localdate()
    on = _day(request.GET.get("on", "")) or today
    view = DRAWERS[sort][2](subject, sitting, on, today)
    over = getattr(subject, "until", None) is not None
    may = [] if over or on != today else [deed for deed in DEEDS[sort] if deed.may(sitting, subject)]
    forms = [filled if filled and deed.name == filled.name else deed(sitting, subject) for deed in may]
    rows = {form.name: form for form in forms if form.of_row}
    wrong = [("", said) for form in forms if form.of_row for said in form.errors.get("__all__", [])]
    context = {
        "view": view,
        "forms": [form for form in forms if not form.of_row],
        "rows": rows,
        "sort": sort,
        "pk": subject.pk,
        "on": on,
        "today": today,
        "dated": sort in ("organisation",),
        "wrong": wrong,
        "filled": filled,
        "lists": _lists(sitting, set().union(*(form.lists for form in forms))),
    }
    return render(request, "desk/offices/one.html", context, status=status)


def _lists(sitting: Sitting, wanted: set[str]) -> dict[str, list[str]]:
    """What opens beside the fields of the page: rows named by number, so that two of one name are told apart."""
    code = sitting.county_code
    rows = {"organisations": organisations, "posts": posts, "officials": officials, "places": places}
    found = {name: rows[name.removeprefix(HERE)](code) for name in wanted}
    for name in wanted:
        if name.startswith(HERE):
            ground = {f"{UNDER[name.removeprefix(HERE)]}__startswith": sitting.post.ground.path}
            found[name] = found[name].filter(**ground)
        if name.endswith("places"):
            found[name] = found[name].filter(rank=0).order_by("path")
    return {name: [numbered(row) for row in rows_of[:MOST_LISTED]] for name, rows_of in found.items()}


@at_a_post
@require_safe
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """On paper: all that a post owes, as far as the reader may see it, to be signed by who hands over and who takes."""
    sitting = sitting_at(request)
    post: Post = _thing(request, "post", pk)
    if post.pk != sitting.post.pk and not administers(sitting, post) and not _same_house(sitting, post):
        raise Http404
    rooms = [(holder.title, listed) for holder, listed in owed.owed_by(post, sitting.actor)]
    whole, shown = owed.counts([post]).get(post.pk, 0), sum(len(listed) for _title, listed in rooms)
    context = {
        "post": post,
        "rooms": rooms,
        "whole": whole,
        "withheld": whole - shown,
        "back": address("post", pk),
        "held": held_by(post, timezone.localdate()),
        "today": timezone.localdate(),
    }
    return render(request, "desk/offices/handover.html", context)


def _same_house(sitting: Sitting, post: Post) -> bool:
    return sitting.post.organisation_id == post.organisation_id


def _day(said: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        return None
