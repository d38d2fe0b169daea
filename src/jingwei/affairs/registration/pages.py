"""Registration at the desk: a unit's own, with how many of its members registered; who registered with a community."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.registration.acts import end_unit, register_unit
from jingwei.affairs.registration.pack import RegistrationSection
from jingwei.affairs.registration.sight import counted_for, may_register, members_seen_by, units_seen_by
from jingwei.casework.pages.taking import key_of
from jingwei.organisations.models import Organisation
from jingwei.places.choosing import PlaceField
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.policy.queries import book
from jingwei.running.once import once

MOST = 500
"""Rows of a list on one page; a community has fewer."""


class UnitForm(forms.Form):
    """With which community a unit registers, and what it can do there."""

    community = PlaceField(Place.objects.none(), label=_("Community"), empty_label=_("Choose a community"))
    offers = forms.MultipleChoiceField(
        label=_("What the unit offers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(label=_("In its own words"), max_length=200, required=False)

    def __init__(self, sitting: Sitting, data: Any = None) -> None:
        super().__init__(data)
        community, offers = self.fields["community"], self.fields["offers"]
        assert isinstance(community, PlaceField)
        assert isinstance(offers, forms.MultipleChoiceField)
        community.queryset = standing(sitting.county_code, "community").order_by("code")
        offers.choices = book(sitting.county_code)[RegistrationSection].choices


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting


@require_http_methods(["GET", "HEAD", "POST"])
@at_a_post
def registered(request: HttpRequest) -> HttpResponse:
    """Who registered, as far as the post sees it; and registering one's own unit."""
    sitting, at = _sitting(request), timezone.now()
    able = may_register(sitting.post)
    form = UnitForm(sitting, request.POST if request.method == "POST" else None) if able else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            said = form.cleaned_data
            with once(request, at):
                register_unit(
                    sitting.post.organisation, said["community"], said["offers"], said["words"], by=sitting.post,
                    actor=sitting.actor, at=at, key=key_of(request),
                )  # fmt: skip
            return redirect("desk:registered")
    return render(request, "registration/desk.html", _shown(sitting, form), status=422 if form and form.errors else 200)


def _shown(sitting: Sitting, form: UnitForm | None) -> dict[str, Any]:
    words = book(sitting.county_code)[RegistrationSection]
    units = units_seen_by(sitting.post).filter(until=None).select_related("organisation", "community", "kept_by")
    members = members_seen_by(sitting.post).select_related("organisation", "community").order_by("pk")[:MOST]
    own = sitting.post.organisation_id
    return {
        "form": form,
        "units": [
            {"row": one, "offers": words.told(one.offers), "own": one.organisation_id == own}
            for one in units.order_by("community__path", "organisation__key", "pk")[:MOST]
        ],
        "members": [{"row": one, "offers": words.told(one.offers)} for one in members],
        "counts": _counts(sitting),
    }


def _counts(sitting: Sitting) -> list[dict[str, Any]]:
    """How many members of each unit registered; by unit, in the order of the ground, never by person."""
    found = counted_for(sitting.post).values("organisation").annotate(many=Count("pk"))
    many = {row["organisation"]: row["many"] for row in found}
    units = Organisation.objects.filter(pk__in=many).order_by("ground__path", "key")
    return [{"unit": unit, "many": many[unit.pk]} for unit in units]


@require_POST
@at_a_post
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End the registration of one's own unit."""
    sitting = _sitting(request)
    row = get_object_or_404(units_seen_by(sitting.post).select_related("community"), pk=pk)
    if row.organisation_id != sitting.post.organisation_id or not may_register(sitting.post):
        raise PermissionDenied
    end_unit(row, actor=sitting.actor, at=timezone.now())
    return redirect("desk:registered")
