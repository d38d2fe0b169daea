"""What can be done to organisations, posts and what binds them: a form each, and the act it leads to."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.drawn import (
    Day,
    Deed,
    OneOrganisation,
    OnePerson,
    OnePlace,
    OnePost,
    administers,
    ground_of,
    posts,
)
from jingwei.organisations.acts import allying, answering, appointing, tree, vetting
from jingwei.organisations.acts import posts as post_acts
from jingwei.organisations.bonds import Agreement, Candidate, Forming, Membership, Promise, Support
from jingwei.organisations.models import Appointment, Leave, Organisation, Post, Responsibility, Served
from jingwei.organisations.natures import AROUND, Nature
from jingwei.organisations.offices import OfficesSection, offered
from jingwei.organisations.pack import Role
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.people.acts import take_in
from jingwei.people.models import Person
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


class OfRow(Deed):
    """A deed on one row of a table; the row's number comes with the button."""

    row = forms.IntegerField(widget=forms.HiddenInput)
    rows: Any

    def found(self, **narrowed: Any) -> Any:
        """The row, if it belongs to the thing of the page."""
        row = self.rows.objects.filter(pk=self.said["row"], **narrowed).first()
        if row is None:
            raise OrganisationRefused(str(_("This is not there any more.")))
        return row


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


class OfPost(Deed):
    """A deed on a post; nobody does it to a post of her own."""

    subject: Post

    @classmethod
    def may(cls, sitting: Sitting, subject: Any) -> bool:
        return administers(sitting, subject) and subject.pk not in {post.pk for post in sitting.posts}


class Appoint(OfPost):
    """Appoint somebody."""

    name, title, icon = "appoint", _("Appoint"), "user-check"
    person = OnePerson(_("Who"), required=False, help_text=_("An official on file. Or write somebody new below."))
    fresh = forms.CharField(label=_("Name of somebody new"), max_length=40, required=False)
    telephone = forms.CharField(label=_("Her telephone"), max_length=20, required=False)
    term_until = Day(_("Term until"), required=False)
    chosen_from = forms.ChoiceField(label=_("Chosen from"), required=False)
    grade = forms.ChoiceField(label=_("Grade of the worker"), required=False)
    acting = forms.BooleanField(label=_("Acting"), required=False)

    def asks(self) -> None:
        offices = book(self.sitting.county_code)[OfficesSection]
        self.fields["chosen_from"].choices = [*NONE, *offered(offices.chosen_from)]  # type: ignore[attr-defined]
        team = offices.team(self.subject.team)
        if team is None or not team.graded:
            del self.fields["grade"]
        else:
            self.fields["grade"].choices = [*NONE, *offered(offices.grades)]  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        person = self.said["person"] or somebody_new(self, at)
        one = appointing.Appointing(
            self.subject,
            person.pk,
            term_until=self.said["term_until"],
            chosen_from=self.said["chosen_from"],
            grade=self.said.get("grade") or "",
            acting=self.said["acting"],
        )
        return appointing.appoint_each([one], at=at, **self.by)


def somebody_new(deed: Deed, at: datetime) -> Person:
    """Take somebody on file as an official; her name is needed, and nothing but name and telephone is kept."""
    if not deed.said["fresh"].strip():
        raise OrganisationRefused(str(_("Say who.")), "person")
    county = deed.sitting.post.organisation.county
    telephone = deed.said.get("telephone") or ""
    person = Person.named(county.pk, deed.said["fresh"].strip(), telephone, purpose=Person.OFFICIAL, ground="duty")
    return take_in([person], county, at=at, **deed.by)[0]


class TakeLeave(OfPost):
    """Enter leave."""

    name, title, icon = "leave", _("Enter leave"), "calendar"
    holder = forms.ChoiceField(label=_("Who is away"))
    since = Day(_("Away from"))
    until = Day(_("Back on"))
    stand_in = OnePerson(
        _("Who stands in"), required=False, help_text=_("An official on file; acts for these days only.")
    )

    def asks(self) -> None:
        standing = self.subject.appointments.filter(until=None).select_related("person")
        self.fields["holder"].choices = [(str(one.pk), one.person.name) for one in standing]  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        holder = Appointment.objects.get(pk=self.said["holder"])
        stand_in = self.said["stand_in"].pk if self.said["stand_in"] else None
        return appointing.take_leave(
            holder, since=self.said["since"], until=self.said["until"], stand_in=stand_in, at=at, **self.by
        )


class HandOver(OfPost):
    """Hand over what it owes."""

    name, title, icon = "hand_over", _("Hand over all it owes"), "forward"
    to = OnePost(_("To"))

    def act(self, at: datetime) -> Any:
        return post_acts.hand_over(self.subject, self.said["to"], at=at, **self.by)


class Assign(OfPost):
    """Assign responsibility for a place."""

    name, title, icon = "assign", _("Assign responsibility for a place"), "map-pin"
    place = OnePlace(_("Grid, compound or community"))
    sort = forms.ChoiceField(label=_("Sort"))

    def asks(self) -> None:
        lines = book(self.sitting.county_code)[OfficesSection].responsibilities
        self.fields["sort"].choices = offered(lines)  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        return answering.assign(self.subject, [self.said["place"]], sort=self.said["sort"], at=at, **self.by)


class Retitle(OfPost):
    """Retitle it."""

    name, title = "retitle", _("Change the title")
    called = forms.CharField(label=_("Title of the post"), max_length=80)

    def act(self, at: datetime) -> Any:
        return post_acts.alter_post(self.subject, title=self.said["called"], at=at, **self.by)


class EndPost(OfPost):
    """End it."""

    name, title, icon, kind = "end", _("End the post"), "ban", "danger"
    to = OnePost(_("Successor"), required=False, help_text=_("Takes over everything the post owes."))

    def act(self, at: datetime) -> Any:
        return post_acts.end_post(self.subject, successor=self.said["to"], at=at, **self.by)


class Dismiss(OfRow, OfPost):
    """End an appointment."""

    name, title, rows = "dismiss", _("End"), Appointment

    def act(self, at: datetime) -> Any:
        return appointing.dismiss(self.found(post=self.subject), at=at, **self.by)


class ComeBack(OfRow, OfPost):
    """End leave early."""

    name, title, rows = "back", _("Is back"), Leave

    def act(self, at: datetime) -> Any:
        return appointing.come_back(self.found(appointment__post=self.subject), at=at, **self.by)


class Relieve(OfRow, OfPost):
    """End a responsibility."""

    name, title, rows = "relieve", _("End"), Responsibility

    def act(self, at: datetime) -> Any:
        return answering.relieve(self.found(post=self.subject), at=at, **self.by)


class Join(Deed):
    """Let an organisation join an alliance."""

    name, title, icon = "join", _("Add a member"), "plus"
    organisation = OneOrganisation(_("Organisation"), anywhere=True)
    part = forms.ChoiceField(label=_("As"), required=False)

    def asks(self) -> None:
        sorts = book(self.sitting.county_code)[OfficesSection].alliances
        members = next((one.members for one in sorts if one.key == self.subject.sort), ())
        self.fields["part"].choices = [("", _("Further member")), *offered(members)]  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        return allying.join_alliance(self.subject, self.said["organisation"], part=self.said["part"], at=at, **self.by)


class LeaveAlliance(OfRow):
    """End a membership."""

    name, title, rows = "leave_alliance", _("End"), Membership

    def act(self, at: datetime) -> Any:
        return allying.leave_alliance(self.found(alliance=self.subject), at=at, **self.by)


class EndAlliance(Deed):
    """End an alliance."""

    name, title, icon, kind = "end", _("End the alliance"), "ban", "danger"

    def act(self, at: datetime) -> Any:
        return allying.end_alliance(self.subject, at=at, **self.by)


class OfAgreement(Deed):
    """A deed on an agreement: the administrator's, and of the posts of the two that signed."""

    subject: Agreement

    @classmethod
    def may(cls, sitting: Sitting, subject: Any) -> bool:
        return administers(sitting, subject) or sitting.post.organisation_id in (subject.first_id, subject.second_id)


class AddPromise(OfAgreement):
    """Add a promise."""

    name, title, icon = "promise", _("Add a promise"), "plus"
    by_whom = forms.ChoiceField(label=_("Who promises"))
    words = forms.CharField(label=_("What is promised"), max_length=200)
    due = Day(_("By when"), required=False)

    def asks(self) -> None:
        both = (self.subject.first, self.subject.second)
        self.fields["by_whom"].choices = [(str(one.pk), str(one)) for one in both]  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        whom = Organisation.objects.get(pk=self.said["by_whom"])
        return allying.promise(self.subject, whom, self.said["words"], due=self.said["due"], at=at, **self.by)


class Fulfil(OfAgreement):
    """Enter that a promise was kept."""

    name, title, icon = "fulfil", _("Enter what was kept"), "check"
    promise = forms.ChoiceField(label=_("Promise"))
    on = Day(_("On"))
    evidence = forms.CharField(label=_("By what one can tell"), max_length=200)
    whole = forms.BooleanField(label=_("Kept in full"), required=False, initial=True)

    def asks(self) -> None:
        open_ones = [(str(one.pk), one.words) for one in self.subject.promises.order_by("pk")]
        self.fields["promise"].choices = open_ones  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        promise = Promise.objects.select_related("agreement", "by__ground").get(pk=self.said["promise"])
        said = {key: self.said[key] for key in ("on", "evidence", "whole")}
        return allying.fulfil(promise, at=at, **said, **self.by)


class EndAgreement(Deed):
    """End an agreement."""

    name, title, icon, kind = "end", _("End the agreement"), "ban", "danger"

    def act(self, at: datetime) -> Any:
        return allying.end_agreement(self.subject, at=at, **self.by)


class PutForward(Deed):
    """Put a candidate forward."""

    name, title, icon = "put_forward", _("Put somebody forward"), "plus"
    person = OnePerson(_("Who"), required=False, help_text=_("An official on file. Or write somebody new below."))
    fresh = forms.CharField(label=_("Name of somebody new"), max_length=40, required=False)

    def act(self, at: datetime) -> Any:
        person = self.said["person"] or somebody_new(self, at)
        return vetting.put_forward(self.subject, person, at=at, **self.by)


class Decide(Deed):
    """Decide on a candidate: by whoever signs or leads on this ground, not by the administrator."""

    name, title, icon = "decide", _("Decide on a candidate"), "stamp"
    candidate = forms.ChoiceField(label=_("Candidate"))
    objection = forms.ChoiceField(label=_("Objection"), required=False)

    @classmethod
    def may(cls, sitting: Sitting, subject: Any) -> bool:
        ground = ground_of(subject)
        decides = {Role.SIGNER, Role.LEADER} & {Role(role) for role in sitting.post.roles}
        return bool(decides) and ground is not None and sitting.post.ground.covers(ground.path)

    def asks(self) -> None:
        waiting = self.subject.candidates.filter(passed=None).select_related("person")
        self.fields["candidate"].choices = [(str(one.pk), one.person.name) for one in waiting]  # type: ignore[attr-defined]
        lines = book(self.sitting.county_code)[OfficesSection].objections
        self.fields["objection"].choices = [("", _("No objection")), *offered(lines)]  # type: ignore[attr-defined]

    def act(self, at: datetime) -> Any:
        candidate = Candidate.objects.select_related("forming").get(pk=self.said["candidate"])
        said = self.said["objection"]
        return vetting.settle_candidate(candidate, passed=not said, objection=said, at=at, **self.by)


class CloseForming(Deed):
    """Close a forming."""

    name, title, icon, kind = "close", _("Close the forming"), "check", "danger"
    subject: Forming

    def act(self, at: datetime) -> Any:
        return vetting.close_forming(self.subject, at=at, **self.by)


DEEDS: dict[str, list[type[Deed]]] = {
    "organisation": [
        FoundBelow,
        MakePost,
        Serve,
        Rename,
        Move,
        FormAlliance,
        Sign,
        Help,
        OpenForming,
        Merge,
        Dissolve,
        StopServing,
        EndHelp,
    ],
    "post": [Appoint, TakeLeave, Assign, HandOver, Retitle, EndPost, Dismiss, ComeBack, Relieve],
    "alliance": [Join, EndAlliance, LeaveAlliance],
    "agreement": [AddPromise, Fulfil, EndAgreement],
    "forming": [PutForward, Decide, CloseForming],
    "place": [],
}
"""What can be done, by the sort of thing a page is about."""
