"""A meeting that was held, or a report signed off: what lay before it, its words; its resolutions are cases."""

from typing import Any

from django.db import models

from jingwei.people.locked import LockedText
from jingwei.worktime import Period


class Meeting(models.Model):
    """The record of a meeting, made once it was held. It counts how many came, and does not say who.

    Of a joint meeting it says which organisations came; that meets what these owe. A report is kept alike: `held_at` is
    when it was signed off, and `about` the first day of the period it is of, however late it comes.
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    sort = models.CharField(max_length=48, help_text="the pack's name of it; the duty of that name is met by it")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="meetings")
    kept_by = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    held_at = models.DateTimeField()
    about = models.DateField(null=True, help_text="of a report: the first day of its period; null: it is a meeting")
    came = models.PositiveIntegerField(null=True)
    where = models.CharField(max_length=80, blank=True)
    link = models.URLField(blank=True, help_text="of a video meeting; the meeting itself is held elsewhere")
    laid_before = models.JSONField(default=list, help_text="figures as they stood: name, title, number, address")
    minutes = LockedText(blank=True)
    recorded_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, help_text="taken back: it was not held, or recorded twice")
    key = models.UUIDField(unique=True)
    attended = models.ManyToManyField(
        "organisations.Organisation", related_name="attended_meetings", help_text="members of an alliance that came"
    )
    resolutions = models.ManyToManyField("casework.Case", through="Resolved", related_name="resolved_by")

    class Meta:
        indexes = [models.Index(fields=["organisation", "-held_at"], name="meeting_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sort", "about"],
                condition=models.Q(about__isnull=False, struck_at=None),
                name="report_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


def report_standing(unit: Any, sort: str, period: Period) -> Meeting | None:
    """The report of a sort that a unit signed off for a period, and did not take back."""
    return Meeting.objects.filter(organisation=unit, sort=sort, about=period.first, struck_at=None).first()


class Resolved(models.Model):
    """That a meeting resolved what became a case, in the order of its minutes."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    case = models.OneToOneField("casework.Case", models.CASCADE, related_name="resolved")
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("meeting", "number", name="resolution_once")]
