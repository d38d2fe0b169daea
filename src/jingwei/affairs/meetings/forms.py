"""The form in which the minutes of a meeting are kept: when, how many came, what was said, what was resolved."""

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
from jingwei.affairs.meetings.acts import Minutes, Resolve
from jingwei.affairs.meetings.invited import invited_by
from jingwei.affairs.meetings.pack import MeetingLine
from jingwei.casework.needs import LONGEST
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.pack import KEPT_APART

RESOLUTIONS = 8
"""Resolutions of one meeting; a further one is a further meeting's, or a case of its own."""
BACK = timedelta(days=60)
"""So long after a meeting its minutes can still be kept."""


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post, told with its organisation."""

    def label_from_instance(self, post: Post) -> str:
        """Its full title."""
        return post.full_title


class MinutesForm(forms.Form):
    """When it was held, where, how many came, what was said; and up to eight resolutions."""

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
        owners = self._owners(members)
        for n in range(1, RESOLUTIONS + 1):
            self.fields[f"words_{n}"] = forms.CharField(
                label=_("Resolution %(n)d") % {"n": n}, max_length=400, required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
            self.fields[f"owner_{n}"] = PostField(
                owners, label=_("Carried out by"), required=False, empty_label=_("Choose a post")
            )
            self.fields[f"until_{n}"] = forms.DateField(
                label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
            )

    def _owners(self, members: QuerySet[Organisation]) -> Any:
        """Posts of the unit itself and of those on its ground; front desks of departments, and of those invited."""
        unit = self.sitting.post.organisation
        within = Post.objects.filter(organisation__county_id=unit.county_id, until=None).exclude(
            roles__overlap=[role.value for role in KEPT_APART]
        )
        near = within.filter(organisation__ground__path__startswith=unit.ground.path)
        desks = within.filter(front_desk=True, roles__contains=["department"])
        invited = within.filter(front_desk=True, organisation__in=members.values("pk"))
        found = (near | desks | invited).select_related("organisation")
        return found.order_by("organisation__ground__path", "organisation", "pk")

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each resolution, side by side."""
        return [(self[f"words_{n}"], self[f"owner_{n}"], self[f"until_{n}"]) for n in range(1, RESOLUTIONS + 1)]

    def clean_held_at(self) -> datetime:
        """Held before now, and not too long ago."""
        held: datetime = self.cleaned_data["held_at"]
        now = timezone.now()
        if not now - BACK <= held <= now + timedelta(minutes=5):
            raise forms.ValidationError(_("Give when it was held: not in the future, and within the last sixty days."))
        return held

    def clean(self) -> dict[str, Any]:
        """A resolution has words, a post and a day, or none of the three."""
        said = super().clean() or {}
        for n in range(1, RESOLUTIONS + 1):
            given = [said.get(f"{name}_{n}") for name in ("words", "owner", "until")]
            if any(given) and not all(given):
                missing = next(name for name, one in zip(("words", "owner", "until"), given, strict=True) if not one)
                self.add_error(f"{missing}_{n}", _("A resolution says what is done, by which post, and until when."))
            elif given[2] and given[2] < timezone.localdate():
                self.add_error(f"until_{n}", _("This day is over; give one to come."))
        return said

    def minutes(self, laid_before: list[dict[str, Any]]) -> Minutes:
        """What the form says, with the figures that lay before the meeting."""
        said = self.cleaned_data
        resolved = tuple(
            Resolve(said[f"words_{n}"], said[f"owner_{n}"], said[f"until_{n}"])
            for n in range(1, RESOLUTIONS + 1)
            if said.get(f"words_{n}")
        )
        return Minutes(
            self.sort, self.sitting.post.organisation, said["held_at"], said["words"], said["came"], said["where"],
            said["link"], tuple(laid_before), resolved, tuple(said["attended"]),
        )  # fmt: skip
