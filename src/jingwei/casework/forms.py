"""The forms of a case: drawn from what a step needs, from motions, and from the operations common to all kinds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingwei.accounts.models import Permit
from jingwei.accounts.permitted import permits_on
from jingwei.casework.acts.motions import HOLD, Sort
from jingwei.casework.kinds import Step, Word
from jingwei.casework.may import needs_of
from jingwei.casework.models import Case
from jingwei.casework.needs import (
    LONGEST,
    Assisting,
    Choice,
    Entrusted,
    Evidence,
    Handler,
    Need,
    Offered,
    Photo,
    Rating,
    Until,
    Words,
)
from jingwei.casework.pack import CaseworkSection, Phrase
from jingwei.casework.picture_field import PhotographsField, Pictures
from jingwei.files.handing import hand_in, handed_in
from jingwei.files.refusals import NotHandedIn
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.organisations.queries import departments, front_desks
from jingwei.places.models import Place
from jingwei.places.queries import find, standing
from jingwei.policy.queries import edition_book

Options = list[tuple[str, str]]


class Offer:
    """What the forms of one case offer to one post: units, sections, the pack's lists; each read once.

    `hand` is whose photographs a form that was sent may attach.
    """

    def __init__(self, case: Case, post: Post, hand: str = "") -> None:
        self.case, self.post, self.hand = case, post, hand

    @cached_property
    def permits(self) -> list[Permit]:
        """The exceptions in force on the case's ground."""
        return permits_on(self.case.ground_path, self.case.county_id, timezone.now())

    @cached_property
    def casework(self) -> CaseworkSection:
        """The pack's section, of the edition the case is pinned to."""
        return edition_book(self.case.edition_id)[CaseworkSection]

    @cached_property
    def words(self) -> dict[str, dict[str, str]]:
        """The words of the case's keys."""
        return self.case.of_kind.words(edition_book(self.case.edition_id))

    @cached_property
    def units(self) -> Options:
        """The front desks a case may be assigned to."""
        return [(str(post.pk), str(post.organisation)) for post in departments(self.case.county_id)]

    def desks(self, need: Handler | Offered) -> Options:
        """The front desks that may be chosen for a need of this case."""
        if need.role is Role.DEPARTMENT and need.among is None:
            return self.units
        posts = front_desks(self.case.county_id, need.role)
        found = posts if need.among is None else need.among(self.case, posts)
        return [(str(post.pk), str(post.organisation)) for post in found]

    @cached_property
    def sections(self) -> Options:
        """The sections of the unit that leads the case."""
        lead = self.case.lead.organisation_id if self.case.lead else self.post.organisation_id
        found = Post.objects.filter(organisation_id=lead, roles__contains=[Role.SECTION], until=None).order_by("id")
        return [(str(post.pk), str(post)) for post in found]

    @cached_property
    def phrases(self) -> Sequence[Phrase]:
        """The reply phrases offered to the post."""
        return self.casework.phrases_for({Role(role) for role in self.post.roles})

    def listed(self, name: str) -> Options:
        """One of the pack's lists, without what was retired."""
        return [(line.key, str(line)) for line in getattr(self.casework, name) if not line.retired]


def text(label: Word, *, required: bool = True, hint: Word = "", rows: int = 3) -> forms.CharField:
    """A field of words."""
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows})
    )


class Deed(forms.Form):
    """A form of something done on a case: `key` makes the same request sent twice one act."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, name: str, offer: Offer, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{name}_%s")
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"key": uuid4()} | kwargs["initial"]
        super().__init__(*args, **kwargs)
        self.name, self.offer = name, offer
        self.phrases_into = ""
        self.draw()

    def draw(self) -> None:
        """Add the fields that depend on the case."""

    @property
    def idempotent(self) -> UUID:
        """The key under which the act is done once."""
        key: UUID = self.cleaned_data["key"]
        return key

    @property
    def seen_fields(self) -> list[forms.BoundField]:
        """The fields a person fills in."""
        return [self[name] for name, field in self.fields.items() if not isinstance(field.widget, forms.HiddenInput)]

    @property
    def typed(self) -> str:
        """The words a person typed, so that nothing is lost when the deed is refused."""
        data = self.data if self.is_bound else {}
        texts = (data.get(f.name, "") for f in self.seen_fields if isinstance(f.field.widget, forms.Textarea))
        return "\n".join(t for t in texts if t.strip())

    @property
    def phrases(self) -> Sequence[Phrase]:
        """The phrases that may be put into the field `phrases_into`."""
        return self.offer.phrases if self.phrases_into else ()

    def kept(self, at: datetime, name: str = "photographs") -> tuple[str, ...]:
        """The digests of the photographs that went ahead or came with the form. Raises FileRefused."""
        given: Pictures | None = self.cleaned_data.get(name)
        if not given:
            return ()
        hand = self.offer.hand
        ahead = handed_in(given.digests, hand, at=at)
        if len(ahead) < len(given.digests):
            raise NotHandedIn
        return tuple(dict.fromkeys([*ahead, *(hand_in(file, hand, at=at)[0].pk for file in given.files)]))


class StepForm(Deed):
    """The form of a step, drawn from its needs."""

    def __init__(self, step: Step, offer: Offer, *args: Any, **kwargs: Any) -> None:
        self.step = step
        super().__init__(step.name, offer, *args, **kwargs)

    def draw(self) -> None:
        """A field for each need."""
        for need in needs_of(self.step, self.offer.case, self.offer.permits):
            self.fields[need.name] = field_for(need, self.offer)
            if isinstance(need, Words) and need.phrases:
                self.phrases_into = f"id_{self.name}_{need.name}"

    def evidence(self, at: datetime) -> Evidence:
        """What was filled in, as the act takes it. Raises FileRefused for a photograph that is none."""
        given = self.cleaned_data
        of = {kind: [n.name for n in self.step.needs if isinstance(n, kind)] for kind in (Words, Choice, Until)}
        posts = [n.name for n in self.step.needs if isinstance(n, Handler | Entrusted)]
        asked = [n.name for n in self.step.needs if isinstance(n, Assisting)]
        offered = [n.name for n in self.step.needs if isinstance(n, Offered)]
        rated = [n.name for n in self.step.needs if isinstance(n, Rating)]
        photos = [n.name for n in self.step.needs if isinstance(n, Photo)]
        return Evidence(
            words={name: given[name] for name in of[Words] if given.get(name)},
            choices={name: given[name] for name in of[Choice] if given.get(name)},
            posts={name: int(given[name]) for name in posts if given.get(name)},
            assisting=tuple(int(pk) for name in asked for pk in given.get(name) or ()),
            offered=tuple(int(pk) for name in offered for pk in given.get(name) or ()),
            photographs=tuple(sha for name in photos for sha in self.kept(at, name)),
            rating=next((int(given[name]) for name in rated if given.get(name)), None),
            until=next((given[name] for name in of[Until] if given.get(name)), None),
        )


def field_for(need: Need, offer: Offer) -> forms.Field:
    """The field that asks for one need."""
    match need:
        case Words():
            return text(need.label, required=need.required, hint=need.hint)
        case Choice():
            return _choice(need, offer.listed(need.of))
        case Handler():
            return _choice(need, offer.sections if need.inside else offer.desks(need))
        case Offered():
            return forms.MultipleChoiceField(
                label=need.label, required=need.required, help_text=need.hint, choices=offer.desks(need),
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        case Entrusted():
            return _choice(need, offer.units)
        case Until():
            return forms.DateField(
                label=need.label, required=need.required, help_text=need.hint,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )  # fmt: skip
        case Assisting():
            return forms.MultipleChoiceField(
                label=need.label, required=False, choices=offer.units, widget=forms.CheckboxSelectMultiple
            )
        case Photo():
            return PhotographsField(label=need.label, required=need.required, help_text=need.reason)
        case Rating():
            levels = sorted(offer.casework.ratings, key=lambda level: -level.value)
            return _choice(need, [(str(level.value), str(level)) for level in levels])
    raise TypeError(f"No field is drawn for {type(need).__name__}; add it to casework/forms.py.")


def _choice(need: Need, options: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=need.label, required=need.required, help_text=need.hint, choices=[("", gettext("Choose …")), *options]
    )


class Remark(Deed):
    """Words that must be there."""

    words = text(_("Words"))


class OptionalRemark(Deed):
    """Words that may be there."""

    words = text(_("Words"), required=False)


class Comment(Deed):
    """A remark among colleagues, perhaps with photographs."""

    words = text(_("Comment"), hint=_("For colleagues; the resident does not read it."), rows=2)
    photographs = PhotographsField(
        label=_("Photographs"), required=False, help_text=_("Only where a picture says it better.")
    )


class Plain(Deed):
    """Nothing to fill in."""


class MotionForm(Deed):
    """What is put to another post: words; for an extension or a hold until when, and one of the pack's reasons."""

    def __init__(self, sort: Sort, offer: Offer, *args: Any, **kwargs: Any) -> None:
        self.sort = sort
        super().__init__(sort.name, offer, *args, **kwargs)

    def draw(self) -> None:
        """The fields of the sort."""
        if self.sort.asks:
            reasons = self.offer.listed("hold_reasons" if self.sort is HOLD else "extension_reasons")
            self.fields["reason"] = forms.ChoiceField(label=_("Reason"), choices=[("", gettext("Choose …")), *reasons])
            self.fields["until"] = forms.DateTimeField(
                label=_("Until when"),
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
                input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
            )
        self.fields["words"] = text(_("Words"))


class Answer(Deed):
    """The answer to a motion; `grant` is the button pressed."""

    words = text(_("Answer"), required=False)


class Correction(Deed):
    """Where and what the case is."""

    def draw(self) -> None:
        """The lists of the case's kind, and its place."""
        case, words = self.offer.case, self.offer.words
        labels = {"category": _("Category"), "grade": _("Grade"), "request_class": _("Class of request")}
        for name, label in labels.items():
            if words.get(name):
                now = getattr(case, name)
                options = [*words[name].items()] if now in words[name] else [(now, now or "—"), *words[name].items()]
                self.fields[name] = forms.ChoiceField(label=label, choices=options, initial=now, required=False)
        self.fields["place"] = forms.CharField(
            label=_("Place"),
            required=False,
            max_length=80,
            help_text=_("Name or code of a community, grid, compound or building; empty leaves it as it is."),
        )

    def clean_place(self) -> Place | None:
        """The one place the words name."""
        words = self.cleaned_data["place"].strip()
        if not words:
            return None
        county = self.offer.case.county_id
        exact = list(standing(county).filter(code=words).select_related("grid")[:2])
        found = exact or find(county, words)
        named = [place for place in found if words in (place.name, place.english)] or found
        if len(named) == 1:
            return named[0]
        if not named:
            raise forms.ValidationError(gettext("No place is called that; write a part of its name, or its code."))
        told = gettext(", ").join(f"{p.parent or p.grid or ''} {p} ({p.code})".strip() for p in named[:6])
        raise forms.ValidationError(
            gettext("Several places are called that: %(places)s. Write the code.") % {"places": told}
        )


class Joining(Deed):
    """The case that goes on."""

    number = forms.CharField(label=_("Number of the case that goes on"), max_length=24)
    words = text(_("Why they are the same matter"), required=False, rows=2)


class Splitting(Deed):
    """The parts of a matter, a line each."""

    parts = text(_("Parts, one a line"), hint=_("Each becomes a case of its own; this one ends when they have ended."))

    def clean_parts(self) -> list[str]:
        """The parts; two at least."""
        parts = [line.strip() for line in self.cleaned_data["parts"].splitlines() if line.strip()]
        if len(parts) < 2:
            raise forms.ValidationError(gettext("Write at least two parts, each on a line of its own."))
        return parts


class AskToAssist(Deed):
    """The unit that is asked, and what for."""

    def draw(self) -> None:
        """The units there are."""
        own = {str(self.offer.case.lead_id), str(self.offer.post.pk)}
        units = [(pk, title) for pk, title in self.offer.units if pk not in own]
        self.fields["post"] = forms.ChoiceField(label=_("Unit"), choices=[("", gettext("Choose …")), *units])
        self.fields["words"] = text(_("What it should do"))
