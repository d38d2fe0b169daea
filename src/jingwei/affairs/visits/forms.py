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
from jingwei.affairs.visits.acts import Made
from jingwei.affairs.visits.sight import answered_by
from jingwei.casework.errands_form import ErrandsForm, day_input
from jingwei.casework.needs import LONGEST
from jingwei.organisations.models import Post, Responsibility
from jingwei.organisations.pack import KEPT_APART

PROMISES = 3
"""Promises of one visit that are handed to posts; whoever has more records a second visit."""
BACK = timedelta(days=60)
"""So long after a visit it can still be recorded."""


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A responsibility, told by its place and its title."""

    def label_from_instance(self, one: Responsibility) -> str:
        """The place, and as what one answers for it."""
        return _("%(place)s (%(title)s)") % {"place": one.place, "title": one.title}


class VisitForm(ErrandsForm):
    """Where and on which day; what was asked, what was answered; and up to three promises with who keeps them."""

    most, row, by = PROMISES, gettext_lazy("Promise %(n)d"), gettext_lazy("Kept by")
    half = gettext_lazy("A promise says what is done, by which post, and until when.")

    to = PlaceField(Responsibility.objects.none(), label=gettext_lazy("Place"), empty_label=None)
    on = forms.DateField(label=gettext_lazy("Day of the visit"), widget=day_input())
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
        self.draw_rows(_owners(sitting.post))

    def clean_on(self) -> date:
        """Not to come, and not too long ago."""
        on: date = self.cleaned_data["on"]
        if not self.today - BACK <= on <= self.today:
            raise forms.ValidationError(_("Give the day of the visit: not to come, and within the last sixty days."))
        return on

    def made(self) -> Made:
        """What the form says."""
        said = self.cleaned_data
        return Made(said["to"], said["on"], said["asked"], said["promised"], self.errands())


def _owners(post: Post) -> QuerySet[Post]:
    """Who may be given a promise: front desks of the ground and of departments, other posts of one's own unit."""
    unit = post.organisation
    within = Post.objects.filter(organisation__county_id=unit.county_id, until=None).exclude(
        Q(roles__overlap=[role.value for role in KEPT_APART]) | Q(pk=post.pk)
    )
    found = within.filter(Q(front_desk=True) | Q(organisation=unit))
    return found.select_related("organisation").order_by("organisation__ground__path", "organisation", "pk")
