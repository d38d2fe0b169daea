"""Reporting from the door: where it is, what it is, and if one likes, who one is. Three taps, nothing typed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods

from jingwei.affairs.incidents.kinds import Incident
from jingwei.affairs.incidents.pack import IncidentsSection, RequestClass, Source
from jingwei.affairs.incidents.report_form import ANONYMOUS, CONFIDENTIAL, NAMED, ReportForm
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.models import Case
from jingwei.casework.pack import CaseworkSection, NoSpan
from jingwei.casework.pages import limiting
from jingwei.casework.pages.bearing import remember
from jingwei.casework.pages.taking import not_taken, says_if_too_large
from jingwei.casework.wording import clean
from jingwei.looks import moments
from jingwei.people.lists import NAME, REGISTERED, TELEPHONE, InformationSection
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.places.queries import find, grid_at, place_by_qr, standing
from jingwei.policy.books import Book
from jingwei.policy.models import County
from jingwei.policy.queries import book as book_of
from jingwei.running.limits import limited, take
from jingwei.trail.actor import Actor
from jingwei.worktime import Basis, Unit

DOOR = Actor.machine(gettext_noop("residents' door"))
"""Nobody is signed in, and the case whose code one will bear is not there yet."""

SENT = "sent"
SAME = timedelta(minutes=30)
"""How long the same words from the same browser about the same place are the same report."""

OTHER = "other"
LAYERS = ("community", "compound", "building")
"""What residents know by name, the larger first."""
SEARCHED, SHOWN = 200, 8
"""Places read for a search, and shown of them."""


@dataclass(frozen=True)
class Spot:
    """Where the page stands: the county, and the place where it is known already."""

    county: County
    place: Place | None = None
    source: Source = Source.RESIDENT_WEB


@limited
@require_http_methods(["GET", "HEAD", "POST"])
@says_if_too_large
def report(request: HttpRequest, token: str = "") -> HttpResponse:
    """Report something: by the QR code of a place, or from anywhere."""
    spot = _spot(request, token)
    if spot is None:
        if token:
            messages.warning(request, _("This QR code is no longer in use. Say where it is below, please."))
            return redirect("doorstep:report")
        return redirect("doorstep:front")
    return _answer(request, spot, "incidents/report.html")


@limited
@require_http_methods(["GET", "HEAD", "POST"])
@says_if_too_large
def suggest(request: HttpRequest) -> HttpResponse:
    """Complaints and suggestions about this system itself (国办函〔2026〕12号 asks for this door)."""
    spot = _spot(request, "")
    if spot is None:
        return redirect("doorstep:front")
    return _answer(request, spot, "incidents/suggest.html", about_the_system=True)


def _answer(request: HttpRequest, spot: Spot, template: str, *, about_the_system: bool = False) -> HttpResponse:
    at, book = timezone.now(), book_of(spot.county.pk)
    request.county, request.at = spot.county, at  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, spot, book, ReportForm(), template, at)
    form = ReportForm.read(request, book[IncidentsSection], at)
    if sentence := not_taken(request):
        form.wrong.append(("", sentence))
    elif form.check(about_the_system=about_the_system) and form.check_listed(book[InformationSection]):
        case = _sent_before(request, form, spot, at)
        if case is None:
            taken = take(request, limiting.REPORTS, at)
            if taken.refused:
                form.wrong.append(("", limiting.kept(taken, spot.county)))
                return limiting.rest(_page(request, spot, book, form, template, at), taken)
            case = _open(form, spot, book, at, about_the_system)
        remember(request, case)
        request.session[SENT] = [_mark(form, spot), case.pk, at.timestamp(), form.photographs]
        return redirect("doorstep:receipt")
    return _page(request, spot, book, form, template, at)


def _mark(form: ReportForm, spot: Spot) -> str:
    return f"{form.content} {spot.place.pk if spot.place else spot.county.pk}"


def _sent_before(request: HttpRequest, form: ReportForm, spot: Spot, at: datetime) -> Case | None:
    """The case this browser opened with the same words a moment ago.

    Trap: the form's key does not catch whoever goes back and sends again, since the cookie that came with the
    receipt makes a browser fetch the form anew, with another key and without its photographs.
    """
    mark, pk, moment, photographs = request.session.get(SENT, ("", 0, 0.0, []))
    same = mark == _mark(form, spot) and set(form.photographs) <= set(photographs)
    return Case.objects.filter(pk=pk).first() if same and at.timestamp() - moment < SAME.total_seconds() else None


def _spot(request: HttpRequest, token: str) -> Spot | None:
    if token:
        place = place_by_qr(token)
        return Spot(place.county, place, Source.RESIDENT_QR) if place else None
    counties = list(County.objects.order_by("code"))
    asked = request.GET.get("county", "")
    county = next((c for c in counties if c.pk == asked), counties[0] if len(counties) == 1 else None)
    chosen = request.GET.get("place", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 18:
        found = Place.objects.filter(pk=int(chosen), until=None).select_related("county", "grid", "parent").first()
        if found is not None:
            return Spot(found.county, found)
    return Spot(county) if county else None


def _open(form: ReportForm, spot: Spot, book: Book, at: datetime, about_the_system: bool) -> Case:
    place = _place(form, spot)
    incidents = book[IncidentsSection]
    category = OTHER if about_the_system and incidents.sort(OTHER) else form.category
    sort = incidents.sort(category)
    usual = sort or incidents.sort(OTHER)
    request_class = RequestClass.SUGGESTION if about_the_system else usual.request_class if usual else RequestClass.HELP
    intake = Intake(
        place=place,
        title=_title(form, str(place), str(sort) if sort else ""),
        source=spot.source.value,
        words=form.words,
        grade=usual.grade if usual else incidents.grades[0].key,
        category=category,
        request_class=request_class.value,
        where=form.where,
        lon=form.lon,
        lat=form.lat,
        asker=_asker(form, spot, book),
        asks_back=bool(form.telephone),
        confidential=form.who == CONFIDENTIAL,
        photographs=tuple(form.photographs),
        record=Incident.record(),
        with_code=True,
    )
    return open_case(Incident, intake, actor=DOOR, at=at, key=form.act_key)


def _title(form: ReportForm, place: str, sort: str) -> str:
    """The first line of the words; without words, what it is and where, in the language of the offices."""
    if line := next((line for line in form.words.splitlines() if line.strip()), ""):
        return line
    with translation.override(settings.LANGUAGE_CODE):
        return f"{sort or _('Photograph')} · {place}"


def _asker(form: ReportForm, spot: Spot, book: Book) -> Person | None:
    if form.who == ANONYMOUS:
        return None
    return Person.named(spot.county.pk, form.name, form.telephone, purpose=Person.ASKER, ground="request", book=book)


def _place(form: ReportForm, spot: Spot) -> Place:
    """Where it is: the known place, the grid around the point, the community chosen; else the first town."""
    if spot.place is not None:
        return spot.place
    if form.lon is not None and form.lat is not None and (grid := grid_at(spot.county.pk, form.lon, form.lat)):
        return grid
    if chosen := standing(spot.county.pk, "community").filter(code=form.community).first():
        return chosen
    return standing(spot.county.pk, "town").order_by("code").first() or standing(spot.county.pk, "county").get()


def _page(
    request: HttpRequest, spot: Spot, book: Book, form: ReportForm, template: str, at: datetime
) -> HttpResponse:  # fmt: skip
    incidents, information = book[IncidentsSection], book[InformationSection]
    words = "" if spot.place else _searched(request)
    tiles = [{"value": c.key, "label": str(c), "icon": c.icon} for c in incidents.categories if not c.retired]
    context = {
        "spot": spot,
        "form": form,
        "by_code": spot.source is Source.RESIDENT_QR,
        "above": _above(spot.place) if spot.place else "",
        "categories": tiles,
        "category": form.category.partition(".")[0],
        "who": [
            {"value": ANONYMOUS, "label": _("Without my name"), "hint": _("You get a code to look it up by.")},
            {"value": NAMED, "label": _("With my name or number"), "hint": _("You will be rung up and asked.")},
            {
                "value": CONFIDENTIAL,
                "label": _("Leave it, but keep it confidential"),
                "hint": _("Only those who handle it see it."),
            },
        ],
        "asks": {key: information.lists(key) for key in REGISTERED},
        "kept_days": max(information.term(NAME.key), information.term(TELEPHONE.key)).days,
        "within": _within(book),
        "searched": words,
        "found": _found(spot, words),
        "communities": [] if spot.place else [("", _("Not sure")), *_communities(spot)],
    }
    return render(request, template, context, status=422 if form.wrong else 200)


def _searched(request: HttpRequest) -> str:
    """What was typed to find a place."""
    return " ".join(clean(request.GET.get("find", "")[:200]).split())[:40]


def _found(spot: Spot, words: str) -> list[Place]:
    """The places whose name holds the words: compounds before their buildings, so that one finds both."""
    found = find(spot.county.pk, words, SEARCHED) if words else []
    known = [place for place in found if place.layer in LAYERS]
    return sorted(known, key=lambda place: (LAYERS.index(place.layer), place.code))[:SHOWN]


def _communities(spot: Spot) -> list[tuple[str, str]]:
    return [(place.code, str(place)) for place in standing(spot.county.pk, "community").order_by("code")]


def _above(place: Place) -> str:
    """The town and the community a place lies in, as one says them."""
    codes = place.path.strip("/").split("/")
    paths = ["/".join(codes[: n + 1]) + "/" for n in range(1, min(3, len(codes)))]
    found = Place.objects.filter(county_id=place.county_id, path__in=paths, rank=0, until=None).order_by("path")
    return " · ".join(str(p) for p in found if p.pk != place.pk)


def _within(book: Book) -> str:
    """How soon a report is looked at, in words; empty where the pack does not say."""
    try:
        span = book[CaseworkSection].span(Incident.name, "acceptance")
    except NoSpan:
        return ""
    if span.basis is Basis.PLAIN:
        return _("Looked at within %(span)s") % {"span": moments.span(span.length(timedelta(days=1)))}
    if span.unit is Unit.DAY:
        said = ngettext(
            "Looked at within %(count)d working day", "Looked at within %(count)d working days", span.amount
        )
        return said % {"count": span.amount}
    return _("Looked at within %(span)s of working time") % {"span": moments.span(span.length(timedelta()))}
