"""An activity of a unit, the places that residents took, the certificates of a course, and photographs of it."""

from datetime import datetime
from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jingwei.people.locked import LockedText


class State(StrEnum):
    """Where an activity stands."""

    PLANNED = "planned"
    PUBLISHED = "published"
    HELD = "held"
    CANCELLED = "cancelled"


class Activity(models.Model):
    """What a unit plans, announces and holds. `words` and `outcome` are for everybody and name nobody."""

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="activities")
    kept_by = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+")
    ground_path = models.CharField(max_length=80, db_collation="C", help_text="the unit's ground as it was")
    sort = models.CharField(max_length=48)
    title = models.CharField(max_length=80)
    batch = models.CharField(max_length=40, blank=True)
    where = models.CharField(max_length=120)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="of the last of its days")
    further = ArrayField(models.DateTimeField(), default=list, help_text="when it goes on, on further days")
    words = models.TextField(blank=True)
    sign_up = models.BooleanField(default=True)
    room = models.PositiveIntegerField(null=True, help_text="for how many; null: for whoever comes")
    asks_contact = models.BooleanField(default=False)
    cost_planned = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="yuan")
    recorded_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True, help_text="when it was written down that it was held")
    served = models.PositiveIntegerField(null=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="yuan")
    outcome = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    key = models.UUIDField(unique=True)
    trained = models.ManyToManyField(
        "organisations.Post", related_name="trained_by", help_text="posts whose holders completed it, as owed to them"
    )

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-begins_at"], name="activity_latest"),
            models.Index(fields=["county", "ends_at"], name="activity_calendar"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.cancelled_at:
            return State.CANCELLED
        if self.held_at:
            return State.HELD
        return State.PUBLISHED if self.published_at else State.PLANNED

    @property
    def days(self) -> list[datetime]:
        """When it begins on each of its days."""
        return [self.begins_at, *self.further]

    @property
    def taken(self) -> int:
        """Places taken, without those who wait."""
        stand = self.sign_ups.filter(withdrawn_at=None, waiting=False)
        return int(stand.aggregate(models.Sum("places"))["places__sum"] or 0)


class SignUp(models.Model):
    """Places that somebody took; name and telephone only where the activity asks for them."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sign_ups")
    places = models.PositiveSmallIntegerField(default=1)
    name = LockedText(blank=True)
    telephone = LockedText(blank=True)
    code_mark = models.CharField(max_length=64, db_index=True)
    waiting = models.BooleanField(default=False)
    at = models.DateTimeField()
    moved_up_at = models.DateTimeField(null=True, help_text="when a place became free for whoever waited")
    withdrawn_at = models.DateTimeField(null=True)
    key = models.UUIDField(unique=True)


class Certificate(models.Model):
    """That somebody completed a course. `initial_mark` tells the name's first character from others without it."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="certificates")
    sign_up = models.OneToOneField(SignUp, models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=24, unique=True)
    name = LockedText(blank=True)
    initial_mark = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class Photograph(models.Model):
    """A photograph that a unit chose to keep of its activity; none is needed, and none proves anything.

    Residents see it where `shown_at` stands: the unit published it, having looked that nobody in it is recognisable.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="photographs")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("activity", "blob", name="activity_photograph_once")]
