"""What can be done to an organisation: founding below it, moving, merging, dissolving, what it signs and is given."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.deeds.rows import OfRow
from jingwei.doors.desk.offices.drawn import Day, Deed, OneOrganisation, OnePlace, OnePost, administers, posts
from jingwei.organisations.acts import allying, tree, vetting
from jingwei.organisations.acts import posts as post_acts
from jingwei.organisations.bonds import Support
from jingwei.organisations.models import Organisation, Post, Served
from jingwei.organisations.natures import AROUND, Nature
from jingwei.organisations.offices import OfficesSection, offered
from jingwei.policy.queries import book

NONE = [("", "—")]


class OfOrganisation(Deed):
    """A deed on an organisation."""

    subject: Organisation

    natures: ClassVar[frozenset[Nature]] = frozenset()
    """Only for organisations of these natures; empty: for all."""

    @classmethod
    def may(cls, sitting: Sitting, subject: Any) -> bool:
        nature = book(sitting.county_code)[OfficesSection].nature(subject.kind)
        return administers(sitting, subject) and (not cls.natures or nature in cls.natures)

    @property
    def offices(self) -> OfficesSection:
        """The county's words."""
        return book(self.sitting.county_code)[OfficesSection]


class FoundBelow(OfOrganisation):
    """Found an organisation below this one."""

    name, title, icon = "found", _("Found an organisation below"), "plus"
    called = forms.CharField(label=_("Name"), max_length=80)
    sort = forms.ChoiceField(label=_("Kind of organisation"))
    ground = OnePlace(_("Where it stands"), required=False, help_text=_("Empty: the same ground."))

    def asks(self) -> None:
        kinds = [one for one in self.offices.kinds if not one.below or self.subject.kind in one.below]
        self.fields["sort"].choices = offered(kinds)  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Organisation:
        return tree.found(
            self.subject.county,
            name=self.said["called"],
            kind=self.said["sort"],
            parent=self.subject,
            ground=self.said["ground"] or self.subject.ground,
            at=at,
            **self.by,
        )


class Rename(OfOrganisation):
    """Rename it."""

    name, title = "rename", _("Rename")
    called = forms.CharField(label=_("New name"), max_length=80)

    def act(self, at: datetime) -> Any:
        return tree.alter(self.subject, name=self.said["called"], at=at, **self.by)


class Move(OfOrganisation):
    """Move it below another."""

    name, title, icon = "move", _("Move below another"), "arrow-left-right"
    parent = OneOrganisation(_("Below"), required=False, help_text=_("Empty: below none."))

    def act(self, at: datetime) -> Any:
        return tree.alter(self.subject, parent=self.said["parent"], at=at, **self.by)


class Serve(OfOrganisation):
    """Let it serve a place."""

    name, title, icon = "serve", _("Add a place it serves"), "map-pin"
    place = OnePlace(_("Grid, compound or community"))

    def act(self, at: datetime) -> Any:
        return tree.serve(self.subject, [self.said["place"]], at=at, **self.by)


class MakePost(OfOrganisation):
    """Make a post in it."""

    name, title, icon = "post", _("Make a post"), "briefcase"
    called = forms.CharField(label=_("Title of the post"), max_length=80)
    roles = forms.MultipleChoiceField(
        label=_("What the post may do"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, words) for role, words in post_acts.ROLES.items()],
    )
    ground = OnePlace(_("Where it stands"), required=False, help_text=_("Empty: the organisation's ground."))
    team = forms.ChoiceField(label=_("Place in the grid's team"), required=False)
    desk = forms.BooleanField(label=_("Front desk: receives what the organisation owes"), required=False)

    def asks(self) -> None:
        self.fields["team"].choices = [*NONE, *offered(self.offices.teams)]  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        return post_acts.create_post(
            self.subject,
            title=self.said["called"],
            roles=self.said["roles"],
            ground=self.said["ground"],
            team=self.said["team"],
            front_desk=self.said["desk"],
            at=at,
            **self.by,
        )


class GoOver(OfOrganisation):
    """Where its posts and what stands below it go; base of merging and dissolving."""

    def asks(self) -> None:
        for post in posts(self.sitting.county_code).filter(organisation=self.subject):
            self.fields[f"post_{post.pk}"] = OnePost(str(post), required=False)

    @property
    def successors(self) -> dict[int, Post]:
        """For each of its posts the one that was named."""
        return {int(k.removeprefix("post_")): v for k, v in self.said.items() if k.startswith("post_") and v}


class Merge(GoOver):
    """Merge it into another."""

    name, title, icon, kind = "merge", _("Merge into another"), "merge", "danger"
    into = OneOrganisation(_("Into"), help_text=_("Posts go over with their holders. A post with a successor ends."))

    def act(self, at: datetime) -> Any:
        return tree.merge(self.subject, self.said["into"], successors=self.successors, at=at, **self.by)


class Dissolve(GoOver):
    """Dissolve it."""

    name, title, icon, kind = "dissolve", _("Dissolve"), "ban", "danger"
    heir = OneOrganisation(
        _("What stands below it goes to"),
        required=False,
        help_text=_("All posts end; name a successor for each that owes."),
    )

    def act(self, at: datetime) -> Any:
        return tree.dissolve(self.subject, heir=self.said["heir"], successors=self.successors, at=at, **self.by)


class FormAlliance(OfOrganisation):
    """Form an alliance around it."""

    natures = frozenset({Nature.PARTY, Nature.COMMITTEE, Nature.COMMUNITY})

    name, title, icon = "ally", _("Form an alliance around it"), "users"
    called = forms.CharField(label=_("Name"), max_length=80)
    sort = forms.ChoiceField(label=_("Sort"))

    def asks(self) -> None:
        fit = [
            one for one in self.offices.alliances if not one.core or self.offices.nature(self.subject.kind) in one.core
        ]
        self.fields["sort"].choices = offered(fit)  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        return allying.form_alliance(self.subject, name=self.said["called"], sort=self.said["sort"], at=at, **self.by)


class Sign(OfOrganisation):
    """Enter an agreement it signed."""

    name, title, icon = "sign", _("Enter an agreement"), "file-text"
    called = forms.CharField(label=_("Title of the agreement"), max_length=80)
    sort = forms.ChoiceField(label=_("Sort"))
    second = OneOrganisation(_("Signed with"), anywhere=True)
    since = Day(_("Signed on"))
    term_until = Day(_("Term until"), required=False)

    def asks(self) -> None:
        self.fields["sort"].choices = offered(self.offices.agreements)  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        return allying.sign(
            self.subject,
            self.said["second"],
            title=self.said["called"],
            sort=self.said["sort"],
            since=self.said["since"],
            term_until=self.said["term_until"],
            at=at,
            **self.by,
        )


class Help(OfOrganisation):
    """Enter what a new organisation is given."""

    natures = AROUND

    name, title, icon = "help", _("Enter help given"), "hand-heart"
    sort = forms.ChoiceField(label=_("Sort"))
    since = Day(_("Since"), required=False)

    def asks(self) -> None:
        self.fields["sort"].choices = offered(self.offices.support)  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        return allying.give_support(self.subject, self.said["sort"], since=self.said["since"], at=at, **self.by)


class OpenForming(OfOrganisation):
    """Begin the forming or renewal of an owners' committee."""

    natures = frozenset({Nature.OWNERS})

    name, title, icon = "forming", _("Begin forming or renewal"), "user-check"
    renewal = forms.BooleanField(label=_("A renewal"), required=False)

    def act(self, at: datetime) -> Any:
        return vetting.open_forming(self.subject, renewal=self.said["renewal"], at=at, **self.by)


class StopServing(OfRow):
    """End its service of a place."""

    name, title, rows = "leave_place", _("End"), Served

    def act(self, at: datetime) -> Any:
        return tree.stop_serving(self.found(organisation=self.subject), at=at, **self.by)


class EndHelp(OfRow):
    """End help that was given."""

    name, title, rows = "end_help", _("End"), Support

    def act(self, at: datetime) -> Any:
        return allying.end_support(self.found(organisation=self.subject), at=at, **self.by)
