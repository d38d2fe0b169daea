"""The forms of an activity at the desk: its plan, and what came of it."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.affairs.activities.acts import Outcome, Plan
from jingwei.affairs.activities.duties import owed_training
from jingwei.affairs.activities.models import Activity
from jingwei.affairs.activities.pack import ActivitiesSection
from jingwei.affairs.activities.personal import NAME, TELEPHONE
from jingwei.affairs.activities.sight import units_kept_by
from jingwei.casework.needs import LONGEST
from jingwei.organisations.models import Organisation, Post
from jingwei.people.lists import InformationSection
from jingwei.policy.queries import book

FURTHER = 7
"""Further days of a course; a longer one is planned in batches."""
LONGEST_AHEAD = timedelta(days=400)
MOMENT = "%Y-%m-%dT%H:%M"


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)


class PlanForm(forms.Form):
    """What is planned: of which unit and sort, where and when, for how many, and what residents read."""

    unit = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Unit"), empty_label=None)
    sort = forms.ChoiceField(label=gettext_lazy("Sort"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    batch = forms.CharField(
        label=gettext_lazy("Batch"), max_length=40, required=False,
        help_text=gettext_lazy("For a course that is held several times."),
    )  # fmt: skip
    where = forms.CharField(label=gettext_lazy("Place"), max_length=120)
    begins_at = forms.DateTimeField(label=gettext_lazy("Begins"), widget=_moment())
    ends_at = forms.DateTimeField(label=gettext_lazy("Ends"), widget=_moment())
    words = forms.CharField(
        label=gettext_lazy("Words for residents"), max_length=LONGEST, required=False,
        help_text=gettext_lazy("What there is, for whom, what to bring. Name no private person."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    room = forms.IntegerField(
        label=gettext_lazy("Room for how many"), min_value=1, max_value=100_000, required=False,
        help_text=gettext_lazy("Leave it empty for whoever comes."),
    )  # fmt: skip
    cost_planned = forms.DecimalField(
        label=gettext_lazy("Cost planned, in yuan"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    sign_up = forms.BooleanField(required=False)
    asks_contact = forms.BooleanField(required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, post: Post, data: Mapping[str, Any] | None, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial={"key": uuid4(), "sign_up": True, **initial})
        pack = book(post.organisation.county_id)
        units = self.fields["unit"]
        assert isinstance(units, forms.ModelChoiceField)
        units.queryset = units_kept_by(post).order_by("kind", "key")
        units.initial = post.organisation_id
        sorts = self.fields["sort"]
        assert isinstance(sorts, forms.ChoiceField)
        sorts.choices = [(line.key, str(line)) for line in pack[ActivitiesSection].standing]
        listed = pack[InformationSection]
        self.may_ask = listed.lists(NAME.key) and listed.lists(TELEPHONE.key)
        for n in range(1, FURTHER + 1):
            self.fields[f"further_{n}"] = forms.DateTimeField(
                label=_("Further day %(n)d") % {"n": n}, required=False, widget=_moment()
            )

    def further_days(self) -> list[Any]:
        """The fields of the further days."""
        return [self[f"further_{n}"] for n in range(1, FURTHER + 1)]

    def clean(self) -> dict[str, Any]:
        """It ends after it began, and within reach; its further days lie between."""
        said = super().clean() or {}
        begins, ends = said.get("begins_at"), said.get("ends_at")
        if begins and ends and not timedelta() < ends - begins <= LONGEST_AHEAD:
            self.add_error("ends_at", _("It ends after it begins, and within a year."))
        for n in range(1, FURTHER + 1):
            day = said.get(f"further_{n}")
            if day and begins and ends and not begins < day < ends:
                self.add_error(f"further_{n}", _("Further days lie between the beginning and the end of the last day."))
        if begins and abs(begins - timezone.now()) > LONGEST_AHEAD:
            self.add_error("begins_at", _("Give a day within a year of today."))
        return said

    def plan(self) -> Plan:
        """What the form says."""
        said = self.cleaned_data
        further = {said[f"further_{n}"] for n in range(1, FURTHER + 1)} - {None}
        return Plan(
            sort=said["sort"], title=said["title"], where=said["where"], begins_at=said["begins_at"],
            ends_at=said["ends_at"], further=tuple(further), batch=said["batch"], words=said["words"],
            sign_up=said["sign_up"], room=said["room"], asks_contact=said["asks_contact"] and self.may_ask,
            cost_planned=said["cost_planned"],
        )  # fmt: skip


def plan_of(activity: Activity) -> dict[str, Any]:
    """A plan as it stands, for its form."""
    columns = (
        "sort", "title", "batch", "where", "begins_at", "ends_at", "words", "room", "cost_planned", "sign_up",
        "asks_contact",
    )  # fmt: skip
    further = {f"further_{n}": day for n, day in enumerate(activity.further, 1)}
    return {name: getattr(activity, name) for name in columns} | further | {"unit": activity.organisation_id}


def usual_times(day: datetime) -> dict[str, Any]:
    """The morning of a day, where nothing was said."""
    zone, date = timezone.get_current_timezone(), timezone.localdate(day)
    return {
        "begins_at": datetime.combine(date, time(9), zone),
        "ends_at": datetime.combine(date, time(11), zone),
    }


class PostsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Posts, told with their organisations."""

    def label_from_instance(self, post: Post) -> str:
        """Its full title."""
        return post.full_title


class OutcomeForm(forms.Form):
    """What came of it."""

    served = forms.IntegerField(
        label=gettext_lazy("How many were served"), min_value=0, max_value=100_000,
        help_text=gettext_lazy("A number only; who came is not kept."),
    )  # fmt: skip
    cost = forms.DecimalField(
        label=gettext_lazy("Cost, in yuan"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    outcome = forms.CharField(
        label=gettext_lazy("What was done"), max_length=LONGEST, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    trained = PostsField(
        Post.objects.none(), label=gettext_lazy("Posts that completed it"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Of those to which this training is owed; written down once, by whoever holds it."),
    )  # fmt: skip

    def __init__(self, activity: Activity, data: Mapping[str, Any] | None = None) -> None:
        known = {"served": activity.served, "cost": activity.cost, "outcome": activity.outcome}
        super().__init__(data, initial=known | {"trained": list(activity.trained.values_list("pk", flat=True))})
        trained = self.fields["trained"]
        assert isinstance(trained, forms.ModelMultipleChoiceField)
        trained.queryset = owed_training(activity)
        self.trains = bool(trained.queryset)

    def said(self) -> Outcome:
        """What the form says."""
        said = self.cleaned_data
        return Outcome(said["served"], said["cost"], said["outcome"], tuple(said["trained"]))
