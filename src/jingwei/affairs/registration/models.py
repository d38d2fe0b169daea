"""Units that registered with a community, members who did, and in which activities members say they took part."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from jingwei.people.locked import LockedText


class RegisteredUnit(models.Model):
    """A unit at a community, from one day to another; `offers` are keys of the county's list."""

    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="registered_at")
    community = models.ForeignKey("places.Place", models.PROTECT, related_name="registered_units")
    offers = ArrayField(models.CharField(max_length=48), default=list)
    words = models.CharField(max_length=200, blank=True, help_text="what it can do there; for everybody, names nobody")
    since = models.DateField()
    until = models.DateField(null=True)
    kept_by = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "community", condition=Q(until=None), name="unit_registered_once")
        ]


class RegisteredMember(models.Model):
    """A Party member at the community where she lives, by herself and until she withdraws.

    `person` bears nothing but the turns; name and telephone are locked here, and go with her withdrawal. `organisation`
    is her unit, or the committee of the community where she names none; her turns are counted there.
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    community = models.ForeignKey("places.Place", models.PROTECT, related_name="registered_members")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="registered_members")
    person = models.OneToOneField("people.Person", models.CASCADE, related_name="registration")
    offers = ArrayField(models.CharField(max_length=48), default=list)
    name = LockedText(blank=True)
    telephone = LockedText(blank=True)
    code_mark = models.CharField(max_length=64, unique=True)
    registered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"registered member {self.pk}"  # never the name: this string reaches logs


class TakenPart(models.Model):
    """That a member says she took part in an activity that was held; nobody checks it, and nothing follows."""

    member = models.ForeignKey(RegisteredMember, models.CASCADE, related_name="parts")
    activity = models.BigIntegerField(help_text="the record of what was held")
    held_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("member", "activity", name="took_part_once")]
