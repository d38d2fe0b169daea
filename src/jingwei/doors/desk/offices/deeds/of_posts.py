"""What can be done to a post: appointing, leave, handing over, assigned responsibility, ending it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.deeds.newcomers import somebody_new
from jingwei.doors.desk.offices.deeds.rows import OfRow
from jingwei.doors.desk.offices.drawn import Day, Deed, OnePerson, OnePlace, OnePost, administers
from jingwei.organisations.acts import answering, appointing
from jingwei.organisations.acts import posts as post_acts
from jingwei.organisations.models import Appointment, Leave, Post, Responsibility
from jingwei.organisations.offices import OfficesSection, offered
from jingwei.policy.queries import book

NONE = [("", "—")]


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
