"""The form in which a visit is recorded: where, on which day, what was asked, what was promised and who keeps it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.accounts.sitting import Sitting
from jingwei.affairs.visits.acts import Handed, Made
from jingwei.affairs.visits.sight import answered_by
from jingwei.casework.needs import LONGEST
from jingwei.organisations.models import Post, Responsibility
from jingwei.organisations.pack import KEPT_APART

PROMISES = 3
"""Promises of one visit that are handed to posts; whoever has more records a second visit."""
BACK = timedelta(days=60)
"""So long after a visit it can still be recorded."""


def _day_input() -> forms.DateInput:
    """Trap: a browser shows nothing in a field of days that is filled in the language's own way of writing them."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A responsibility, told by its place and its title."""

    def label_from_instance(self, one: Responsibility) -> str:
        """The place, and as what one answers for it."""
        return _("%(place)s (%(title)s)") % {"place": one.place, "title": one.title}


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post, told with its organisation."""

    def label_from_instance(self, post: Post) -> str:
        """Its full title."""
        return post.full_title


class VisitForm(forms.Form):
    """Where and on which day; what was asked, what was answered; and up to three promises with who keeps them."""

    to = PlaceField(Responsibility.objects.none(), label=gettext_lazy("Place"), empty_label=None)
    on = forms.DateField(label=gettext_lazy("Day of the visit"), widget=_day_input())
    asked = forms.CharField(
        label=gettext_lazy("What was asked"), max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write what was asked. Where nothing was asked, write just that.")},
        help_text=gettext_lazy("What people need, in a few words. Name no private person."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    promised = forms.CharField(
        label=gettext_lazy("What was answered or promised"), max_length=LONGEST, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, sitting: Sitting, place: str = "", data: Mapping[str, Any] | None = None) -> None:
        today = timezone.localdate()
        super().__init__(data, initial={"key": uuid4(), "on": today})
        self.today = today
        answers = answered_by(sitting.post, today)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = answers
        to.initial = next((one.pk for one in answers if str(one.place_id) == place), None)
        owners = _owners(sitting.post)
        for n in range(1, PROMISES + 1):
            self.fields[f"words_{n}"] = forms.CharField(
                label=_("Promise %(n)d") % {"n": n}, max_length=400, required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
            self.fields[f"owner_{n}"] = PostField(
                owners, label=_("Kept by"), required=False, empty_label=_("Choose a post")
            )
            self.fields[f"until_{n}"] = forms.DateField(label=_("Until"), required=False, widget=_day_input())

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each promise, side by side."""
        return [(self[f"words_{n}"], self[f"owner_{n}"], self[f"until_{n}"]) for n in range(1, PROMISES + 1)]

    def clean_on(self) -> date:
        """Not to come, and not too long ago."""
        on: date = self.cleaned_data["on"]
        if not self.today - BACK <= on <= self.today:
            raise forms.ValidationError(_("Give the day of the visit: not to come, and within the last sixty days."))
        return on

    def clean(self) -> dict[str, Any]:
        """A promise has words, a post and a day, or none of the three."""
        said = super().clean() or {}
        for n in range(1, PROMISES + 1):
            given = [said.get(f"{name}_{n}") for name in ("words", "owner", "until")]
            if any(given) and not all(given):
                missing = next(name for name, one in zip(("words", "owner", "until"), given, strict=True) if not one)
                self.add_error(f"{missing}_{n}", _("A promise says what is done, by which post, and until when."))
            elif given[2] and given[2] < self.today:
                self.add_error(f"until_{n}", _("This day is over; give one to come."))
        return said

    def made(self) -> Made:
        """What the form says."""
        said = self.cleaned_data
        handed = tuple(
            Handed(said[f"words_{n}"], said[f"owner_{n}"], said[f"until_{n}"])
            for n in range(1, PROMISES + 1)
            if said.get(f"words_{n}")
        )
        return Made(said["to"], said["on"], said["asked"], said["promised"], handed)


def _owners(post: Post) -> QuerySet[Post]:
    """Who may be given a promise: front desks of the ground and of departments, other posts of one's own unit."""
    unit = post.organisation
    within = Post.objects.filter(organisation__county_id=unit.county_id, until=None).exclude(
        Q(roles__overlap=[role.value for role in KEPT_APART]) | Q(pk=post.pk)
    )
    found = within.filter(Q(front_desk=True) | Q(organisation=unit))
    return found.select_related("organisation").order_by("organisation__ground__path", "organisation", "pk")
