"""What can be done to alliances, agreements and the formings of owners' committees."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.deeds.newcomers import somebody_new
from jingwei.doors.desk.offices.deeds.rows import OfRow
from jingwei.doors.desk.offices.drawn import Day, Deed, OneOrganisation, OnePerson, administers, ground_of
from jingwei.organisations.acts import allying, vetting
from jingwei.organisations.bonds import Agreement, Candidate, Forming, Membership, Promise
from jingwei.organisations.models import Organisation
from jingwei.organisations.offices import OfficesSection, offered
from jingwei.organisations.pack import Role
from jingwei.policy.queries import book


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
    """Add a promise: each of the two its own; whoever administers a ground, also those of who stands on it."""

    name, title, icon = "promise", _("Add a promise"), "plus"
    by_whom = forms.ChoiceField(label=_("Who promises"))
    words = forms.CharField(label=_("What is promised"), max_length=200)
    due = Day(_("By when"), required=False)

    def asks(self) -> None:
        both, house = (self.subject.first, self.subject.second), self.sitting.post.organisation_id
        hers = [one for one in both if one.pk == house or administers(self.sitting, one)]
        self.fields["by_whom"].choices = [(str(one.pk), str(one)) for one in hers]  # type: ignore[attr-defined]

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
