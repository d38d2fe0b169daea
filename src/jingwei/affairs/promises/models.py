"""A promise that was not kept: a row of its own, which counts against nobody before it was verified and heard."""

from django.db import models
from django.db.models import F, Q


class PromiseBreach(models.Model):
    """One promised time that ran out. A company's credit reads it only where `heard_at` and `verified_at` are set."""

    clock = models.OneToOneField("casework.ClockRun", models.PROTECT, related_name="+")
    case = models.ForeignKey("casework.Case", models.PROTECT, related_name="breaches")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    promise = models.CharField(max_length=40, help_text="the clock's name: arrival, plan or handling")
    due_at = models.DateTimeField()
    kept_at = models.DateTimeField(help_text="when it was done after all, or given up")
    heard_at = models.DateTimeField(null=True, help_text="the company has had its say, or let its time pass")
    verified_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True, help_text="found not to be the company's doing")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kept_at__gt=F("due_at")), name="breach_is_late"),
            models.CheckConstraint(
                condition=Q(verified_at=None) | Q(set_aside_at=None), name="breach_verified_or_set_aside"
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None) | Q(heard_at__isnull=False), name="breach_heard_before_verified"
            ),
        ]
