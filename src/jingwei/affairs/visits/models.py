"""A visit to a place by the post that answers for it; what was promised there are cases."""

from django.db import models

from jingwei.people.locked import LockedText


class Visit(models.Model):
    """That a post went to a place it answers for, on a day. It keeps no hour, no way, no picture and nobody met.

    `visited_at` is noon of that day, since figures count moments, or when it was written down, if that was before.
    `sort` is the responsibility as it was.
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    post = models.ForeignKey("organisations.Post", models.PROTECT, related_name="visits")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="visits")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="visits")
    ground_path = models.CharField(max_length=80, db_collation="C", help_text="the place's ground as it was")
    sort = models.CharField(max_length=80, help_text="the title of the responsibility")
    visited_at = models.DateTimeField()
    asked = LockedText(blank=True)
    promised = LockedText(blank=True)
    recorded_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, help_text="taken back: it was not made, or recorded twice")
    key = models.UUIDField(unique=True)
    promises = models.ManyToManyField("casework.Case", through="Promised", related_name="promised_on")

    class Meta:
        indexes = [
            models.Index(fields=["place", "-visited_at"], name="visit_latest"),
            models.Index(fields=["post", "-visited_at"], name="visit_of_post"),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"


class Promised(models.Model):
    """That what was promised on a visit became a case, in the order of its record."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="+")
    case = models.OneToOneField("casework.Case", models.CASCADE, related_name="promised")
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("visit", "number", name="visit_promise_once")]
