"""The forms in which minutes are kept and reports signed off: what was said, and what others are to do."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.accounts.sitting import Sitting
from jingwei.affairs.meetings.acts import Minutes
from jingwei.affairs.meetings.invited import invited_by
from jingwei.affairs.meetings.pack import MeetingLine
from jingwei.casework.errands_form import ErrandsForm
from jingwei.casework.needs import LONGEST
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.pack import KEPT_APART
from jingwei.worktime import Period

RESOLUTIONS = 8
"""Resolutions of one meeting; a further one is a further meeting's, or a case of its own."""
MATTERS = 4
"""Matters that a report hands to others."""
BACK = timedelta(days=60)
"""So long after a meeting its minutes can still be kept."""


class MinutesForm(ErrandsForm):
    """When it was held, where, how many came, what was said; and up to eight resolutions."""

    most, row = RESOLUTIONS, gettext_lazy("Resolution %(n)d")
    half = gettext_lazy("A resolution says what is done, by which post, and until when.")

    held_at = forms.DateTimeField(
        label=gettext_lazy("Held at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    where = forms.CharField(label=gettext_lazy("Room"), max_length=80, required=False)
    came = forms.IntegerField(
        label=gettext_lazy("How many came"), min_value=1, max_value=5000, required=False,
        help_text=gettext_lazy("A number only; who came is not kept."),
    )  # fmt: skip
    link = forms.URLField(
        label=gettext_lazy("Link of the video meeting"), max_length=200, required=False, assume_scheme="https"
    )
    words = forms.CharField(
        label=gettext_lazy("What was discussed"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    attended = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Members of the alliance that came"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Organisations only; who came for them is not kept."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, sort: MeetingLine, sitting: Sitting, day: date, data: Mapping[str, Any] | None = None) -> None:
        held = timezone.localtime(timezone.now()).replace(year=day.year, month=day.month, day=day.day)
        super().__init__(data, initial={"key": uuid4(), "held_at": held})
        self.sort, self.sitting = sort, sitting
        members = invited_by(sitting.post.organisation) if sort.joint else Organisation.objects.none()
        self.joint = bool(members)
        attended = self.fields["attended"]
        assert isinstance(attended, forms.ModelMultipleChoiceField)
        attended.queryset = members
        self.draw_rows(owners_of(sitting.post.organisation, members))

    def clean_held_at(self) -> datetime:
        """Held before now, and not too long ago."""
        held: datetime = self.cleaned_data["held_at"]
        now = timezone.now()
        if not now - BACK <= held <= now + timedelta(minutes=5):
            raise forms.ValidationError(_("Give when it was held: not in the future, and within the last sixty days."))
        return held

    def minutes(self, laid_before: list[dict[str, Any]]) -> Minutes:
        """What the form says, with the figures that lay before the meeting."""
        said = self.cleaned_data
        return Minutes(
            self.sort, self.sitting.post.organisation, said["held_at"], said["words"], said["came"], said["where"],
            said["link"], tuple(laid_before), self.errands(), tuple(said["attended"]),
        )  # fmt: skip


class ReportForm(ErrandsForm):
    """A few words to the figures, and up to four matters that others are to see to."""

    most, row = MATTERS, gettext_lazy("Matter %(n)d")
    half = gettext_lazy("A matter says what is to be done, by which post, and until when.")

    words = forms.CharField(
        label=gettext_lazy("What there is to say"), max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write a sentence at least; if all is as usual, write just that.")},
        help_text=gettext_lazy("A few sentences are enough. The figures above go with the report; do not copy them."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, sort: MeetingLine, sitting: Sitting, period: Period, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"key": uuid4()})
        self.sort, self.sitting, self.period = sort, sitting, period
        self.draw_rows(owners_of(sitting.post.organisation, Organisation.objects.none()))

    def minutes(self, laid_before: list[dict[str, Any]]) -> Minutes:
        """The report as it is signed off now, with the figures that lay before whoever does."""
        return Minutes(
            self.sort, self.sitting.post.organisation, timezone.now(), self.cleaned_data["words"],
            laid_before=tuple(laid_before), resolved=self.errands(), report_of=self.period,
        )  # fmt: skip


def owners_of(unit: Organisation, members: QuerySet[Organisation]) -> QuerySet[Post]:
    """Posts of the unit itself and of those on its ground; front desks of departments, and of those invited."""
    within = Post.objects.filter(organisation__county_id=unit.county_id, until=None).exclude(
        roles__overlap=[role.value for role in KEPT_APART]
    )
    near = within.filter(organisation__ground__path__startswith=unit.ground.path)
    desks = within.filter(front_desk=True, roles__contains=["department"])
    invited = within.filter(front_desk=True, organisation__in=members.values("pk"))
    found = (near | desks | invited).select_related("organisation")
    return found.order_by("organisation__ground__path", "organisation", "pk")
