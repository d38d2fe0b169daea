"""Organisations, the posts within them, who holds which, and who is responsible for which ground."""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import get_language


class Organisation(models.Model):
    """A centre, department, committee or community office of a county, on its ground."""

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="organisations")
    key = models.CharField(max_length=60, help_text="the pack's name for it, or its own")
    name = models.CharField(max_length=80)
    english = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=48, help_text="a key of the county's kinds of organisation")
    ground = models.ForeignKey("places.Place", models.PROTECT, related_name="organisations")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    by_hand = models.BooleanField(default=False, help_text="changed by an act, so the pack's words leave it alone")

    class Meta:
        constraints = [models.UniqueConstraint("county", "key", name="organisation_key_once")]

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.name


class FormerOrganisation(models.Model):
    """How an organisation was, from one day until the day it was changed; how it is now stands in its own row."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="former")
    name = models.CharField(max_length=80)
    english = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=48)
    ground = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "until", name="organisation_was_once"),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="former_organisation_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.name


class Served(models.Model):
    """Ground that an organisation serves beside the one it stands on: a branch its grids, a company its compounds."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="serves")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="served_by")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "place", "since", name="serves_once"),
            models.UniqueConstraint("organisation", "place", condition=models.Q(until=None), name="serves_now_once"),
        ]


class Post(models.Model):
    """A seat: what cases and duties are owed by. People come and go; the post stays."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=80)
    english = models.CharField(max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=24), default=list)
    ground = models.ForeignKey("places.Place", models.PROTECT, related_name="posts")
    front_desk = models.BooleanField(default=False, help_text="what the organisation is owed is received here")
    team = models.CharField(max_length=48, blank=True, help_text="its place in the team of its grid")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    by_hand = models.BooleanField(default=False, help_text="changed by an act, so the pack's words leave it alone")

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "key", name="post_key_once"),
            models.UniqueConstraint(
                "organisation", condition=models.Q(front_desk=True, until=None), name="one_front_desk"
            ),
        ]
        indexes = [GinIndex(fields=["roles"], name="post_by_role")]

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep it; a post of which nobody says since when stands since its organisation was founded."""
        self.since = self.since or self.organisation.since
        super().save(*args, **kwargs)

    @property
    def full_title(self) -> str:
        """The title with its organisation, as it stands beside an act: 微水镇网格化服务管理中心·调度席."""
        return f"{self.organisation}·{self}"


class FormerPost(models.Model):
    """How a post was, from one day until the day it was changed; how it is now stands in its own row."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="former")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    english = models.CharField(max_length=120, blank=True)
    ground = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint("post", "until", name="post_was_once"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="former_post_runs_forward"),
        ]

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.title


class Appointment(models.Model):
    """A person in a post, from one day to another.

    `until` is when it ends or ended; `term_until` when the term she was chosen for is over, after which she goes on
    until somebody else is appointed, and the page says so.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="appointments")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    term_until = models.DateField(null=True, blank=True)
    chosen_from = models.CharField(max_length=48, blank=True, help_text="a key of the county's list")
    grade = models.CharField(max_length=48, blank=True, help_text="of a full-time grid worker")
    acting = models.BooleanField(default=False, help_text="stands in 代理 until the post is filled or she is back")

    class Meta:
        constraints = [models.UniqueConstraint("post", "person", "since", name="appointed_once")]

    def holds(self, on: dt.date) -> bool:
        """Whether it held on a day."""
        return self.since <= on and (self.until is None or self.until > on)


class Leave(models.Model):
    """Days on which a holder is away, and who stands in for her 代理. Why she is away is nobody's business here."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="leaves")
    since = models.DateField()
    until = models.DateField(help_text="the first day she is back")
    stand_in = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="stands_in_for")

    class Meta:
        constraints = [
            models.UniqueConstraint("appointment", "since", name="leave_once"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="leave_runs_forward"),
        ]


class Responsibility(models.Model):
    """Assigned responsibility 包联: a post answers for a place beside its own work."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="responsibilities")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="responsibilities")
    title = models.CharField(max_length=80)
    sort = models.CharField(
        max_length=48, blank=True, help_text="leader, unit, legal worker: a key of the county's list"
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("post", "place", "since", name="responsible_once")]


from jingwei.organisations import bonds  # noqa: E402, F401  (the tables of alliances, agreements and candidates)
