"""A turn is one period of a duty, owed once; what met it, and who was excused from what, stand beside it."""

from django.db import models
from django.db.models import Q


class Turn(models.Model):
    """One period that a debtor owes: by the end of `due`, `times` records.

    `person` is for what a registered member owes of her own will's undertaking, `post` for a seat, neither for what
    an organisation owes as a whole; all count to `organisation`. `place` is where it is owed, when a post owes it for
    each place that it answers for. `met_at` is the moment of the last record needed.
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    key = models.CharField(max_length=48, help_text="the pack's name of the duty")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="turns")
    post = models.ForeignKey("organisations.Post", models.PROTECT, null=True, related_name="turns")
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+")
    place = models.ForeignKey("places.Place", models.CASCADE, null=True, related_name="turns")
    first = models.DateField()
    last = models.DateField()
    due = models.DateField()
    times = models.PositiveSmallIntegerField(default=1)
    edition = models.ForeignKey("policy.Edition", models.PROTECT, related_name="+")
    laid_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "county",
                "key",
                "first",
                "organisation",
                "post",
                "person",
                "place",
                name="turn_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(post=None) | Q(person=None), name="turn_has_one_debtor"),
            models.CheckConstraint(
                condition=Q(due__gte=models.F("first")) & Q(due__lte=models.F("last")), name="turn_due_within"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "due"], name="turn_of_organisation"),
            models.Index("due", name="turn_unmet", condition=Q(met_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.first}"


class Met(models.Model):
    """A record that meets a turn; taken away again where the record is."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="met_by")
    record = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("turn", "record", name="met_once")]


class Excuse(models.Model):
    """For these days nothing is owed here: a closed station, a holder on leave whom nobody stands in for."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="excuses")
    post = models.ForeignKey("organisations.Post", models.PROTECT, null=True, related_name="excuses")
    first = models.DateField()
    last = models.DateField()
    ground = models.CharField(max_length=48, help_text="the pack's name of the ground")
    given_by = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="taken back")
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="excuse_runs_forward"),
        ]
        indexes = [models.Index(fields=["organisation", "last"], name="excuse_of_organisation")]


class LaidUntil(models.Model):
    """Since when a duty is owed, and up to which day it was laid out; what a worker missed is caught up from here."""

    county = models.ForeignKey("policy.County", models.CASCADE, related_name="+")
    key = models.CharField(max_length=48)
    since = models.DateField()
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint("county", "key", name="laid_until_once")]
