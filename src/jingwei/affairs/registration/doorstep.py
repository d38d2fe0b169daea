"""Registration at the residents' door: a member registers where she lives, by herself, and withdraws by her code."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jingwei.affairs.privacy.public import county_of
from jingwei.affairs.registration.acts import (
    Joining,
    NoCommittee,
    by_code,
    code_of,
    name_parts,
    register_member,
    withdraw_member,
)
from jingwei.affairs.registration.duties import held_at
from jingwei.affairs.registration.models import RegisteredMember
from jingwei.affairs.registration.pack import RegistrationSection
from jingwei.affairs.registration.sight import COMING, committee_of
from jingwei.casework.pages import limiting
from jingwei.casework.pages.taking import fresh_key, key_of, words_of
from jingwei.duties.declared import DUTIES, Found
from jingwei.duties.models import Turn
from jingwei.duties.pack import DutiesSection
from jingwei.duties.queries import standing_on
from jingwei.organisations.models import Organisation
from jingwei.organisations.offices import OfficesSection
from jingwei.people.lists import NotOnTheList
from jingwei.people.numbers import plain_telephone, reads_as_telephone
from jingwei.places.queries import standing
from jingwei.policy.models import County
from jingwei.policy.queries import book
from jingwei.running.limits import give_back, limited, take
from jingwei.worktime import Every, Period

BORNE = "registration_code"
"""Under this name a session keeps the code of its registration."""

Wrong = list[tuple[str, str]]


@never_cache
@limited
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest) -> HttpResponse:
    """Register, or look oneself up by one's code, say in what one took part, withdraw."""
    county, at = county_of(request), timezone.now()
    if county is None:
        return redirect("doorstep:front")
    request.county, request.at = county, at  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, county, at)
    taken = take(request, limiting.GUESSES, at)
    if taken.refused:
        return limiting.rest(_page(request, county, at, wrong=[("", limiting.sentence(taken, county))]), taken)
    if request.POST.get("do") == "register":
        return _registered(request, county, at)
    found = by_code(words_of(request, "code")[:20] or request.session.get(BORNE, ""))
    if found is None or found.county_id != county.pk:
        return _page(request, county, at, wrong=[("id_code", _("No registration stands under this code."))])
    give_back(taken)
    return _done(request, found, at)


def _done(request: HttpRequest, found: RegisteredMember, at: datetime) -> HttpResponse:
    request.session[BORNE] = code_of(found)
    if request.POST.get("do") == "withdraw":
        withdraw_member(found, at=at)
        request.session.pop(BORNE, None)
        messages.success(request, _("You withdrew. Your name and telephone number are gone, and nothing is owed."))
    elif request.POST.get("do") == "parts":
        chosen = [int(one) for one in request.POST.getlist("part")[:200] if one.isascii() and one.isdigit()]
        name_parts(found, [held for held, _name in _offered(found, at)], chosen, at=at)
        messages.success(request, _("Thank you. It is kept as you said."))
    return redirect(f"{request.path}?county={found.county_id}")


def _registered(request: HttpRequest, county: County, at: datetime) -> HttpResponse:
    joining, wrong = _joining(request, county)
    if joining is not None and not wrong:
        committee = committee_of(joining.community.pk, county.pk)
        try:
            row = register_member(joining, committee, at=at, key=key_of(request))
        except (NotOnTheList, NoCommittee) as refused:
            wrong = [("", str(refused.sentence))]
        else:
            request.session[BORNE] = code_of(row)
            return redirect(f"{request.path}?county={county.pk}")
    return _page(request, county, at, wrong=wrong)


def _joining(request: HttpRequest, county: County) -> tuple[Joining | None, Wrong]:
    """What the form says, and what is wrong with it."""
    wrong: Wrong = []
    communities = {str(one.pk): one for one in standing(county.pk, "community").defer("boundary")}
    community = communities.get(request.POST.get("community", ""))
    if community is None:
        wrong.append(("id_community", _("Choose the community where you live.")))
    name = " ".join(words_of(request, "name").split())[:40]
    if not name:
        wrong.append(("id_name", _("Write your name, please.")))
    telephone = plain_telephone(words_of(request, "telephone"))
    if not reads_as_telephone(telephone):
        wrong.append(
            ("id_telephone", _("This telephone number looks wrong: 11 digits, or a landline as 0311-12345678."))
        )
    if not request.POST.get("agree"):
        wrong.append(("id_agree", _("Without your consent nothing is kept, and nobody is registered.")))
    units = {str(one.pk): one for one in _units(county)}
    said = set(request.POST.getlist("offers"))
    offers = tuple(key for key, _words in book(county.pk)[RegistrationSection].choices if key in said)
    if community is None:
        return None, wrong
    return Joining(community, name, telephone, units.get(request.POST.get("unit", "")), offers), wrong


def _units(county: County) -> list[Organisation]:
    kinds = book(county.pk)[OfficesSection].kinds_of(*COMING)
    return list(Organisation.objects.filter(county=county, kind__in=kinds, until=None).order_by("kind", "key"))


def _offered(member: RegisteredMember, at: datetime) -> list[tuple[Found, str]]:
    """What was held in her community this year and announced to everybody, of the sorts that her turns ask for."""
    year = Period.of(Every.YEAR, timezone.localdate(at))
    lines = book(member.county_id)[DutiesSection].standing
    keys = [line.key for line in lines if (duty := DUTIES.get(line.of)) and duty.met_by.name == "part"]
    edition = member.county.edition_id
    held = {found.record: found for key in keys for found in held_at(member, key, year, edition)}
    name = DUTIES["activity"].met_by.named
    names = name(list(held)) if name else {}
    return [(found, names[pk]) for pk, found in held.items() if pk in names]


def _page(request: HttpRequest, county: County, at: datetime, *, wrong: Wrong | None = None) -> HttpResponse:
    code = request.session.get(BORNE, "")
    mine = by_code(code) if code else None
    said: dict[str, Any] = {"wrong": wrong or [], "key": fresh_key(), "county_code": county.pk, "said": request.POST}
    if mine is not None and mine.county_id == county.pk:
        return render(request, "registration/mine.html", said | _mine(mine, at), status=422 if wrong else 200)
    words = book(county.pk)[RegistrationSection]
    communities = standing(county.pk, "community").defer("boundary").order_by("code")
    said |= {
        "communities": [("", _("Choose a community")), *((one.pk, str(one)) for one in communities)],
        "units": [("", _("I name none")), *((one.pk, str(one)) for one in _units(county))],
        "offers": [{"value": key, "label": title} for key, title in words.choices],
        "chosen": request.POST.getlist("offers"),
    }
    return render(request, "registration/join.html", said, status=422 if wrong else 200)


def _mine(mine: RegisteredMember, at: datetime) -> dict[str, Any]:
    today = timezone.localdate(at)
    turns = Turn.objects.filter(person=mine.person_id, first__lte=today, last__gte=today).order_by("key")
    named = set(mine.parts.values_list("activity", flat=True))
    turns = turns.select_related("organisation__ground", "post", "place", "county")
    return {
        "mine": mine,
        "code": code_of(mine),
        "told": book(mine.county_id)[RegistrationSection].told(mine.offers),
        "turns": [{"name": one.name, "met": one.turn.met_at is not None} for one in standing_on(turns, today)],
        "parts": [
            {"value": found.record, "title": title, "day": found.at, "checked": found.record in named}
            for found, title in _offered(mine, at)
        ],
    }
