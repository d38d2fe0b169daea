"""Official readings: what a figure was said to be, by whom, counted over all records, and which cells are withheld."""

from django.db import models


class Reading(models.Model):
    """A figure of a closed period, as it was published. It is never changed; a correction is a new one that names it.

    Kept with the edition of the county's pack and the digest of the figure's definition by which it was counted.
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    figure = models.CharField(max_length=80)
    definition = models.CharField(max_length=16, help_text="digest of the definition it was counted by")
    edition = models.ForeignKey("policy.Edition", models.PROTECT, related_name="+")
    period = models.CharField(max_length=24)
    known = models.DateTimeField(help_text="the cut-off: nothing later is counted")
    least = models.PositiveIntegerField()
    post = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, help_text="the title of the post as it was")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "county", "figure", "period", condition=models.Q(corrects=None), name="period_closed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.period}"


class Published(models.Model):
    """One number of a reading: of a place, in all or of one category. What is withheld is stored, and not shown."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="cells")
    path = models.CharField(max_length=80, db_collation="C")
    category = models.CharField(max_length=60, blank=True)
    number = models.PositiveIntegerField()
    withheld = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint("reading", "path", "category", name="published_once")]


class RollUp(models.Model):
    """One figure being kept added up, by one way of counting it. Built anew, it gets a new row beside the old one.

    `counts` is the digest of the question it was counted by. Readers use it from `ready_at` on until `retired_at`.
    """

    id = models.SmallAutoField(primary_key=True)
    figure = models.CharField(max_length=80)
    counts = models.CharField(max_length=16)
    swept_to = models.BigIntegerField(default=0, help_text="subjects up to this id have been counted into it")
    ready_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "figure", name="one_roll_up_is_read", condition=models.Q(ready_at__isnull=False, retired_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.figure


class Touched(models.Model):
    """A subject (a case) that an act changed, written with the act; until it is folded it is counted by its rows."""

    subject_id = models.BigIntegerField()
    at = models.DateTimeField(help_text="the moment of the act")


class Subject(models.Model):
    """A subject as it was when it was folded last: by which its parts were sorted, and the last moment it speaks of."""

    id = models.BigIntegerField(primary_key=True)
    as_of = models.DateTimeField(help_text="of an earlier cut-off its parts do not tell; it is counted by its rows")
    differs = models.JSONField(default=dict, help_text="its value of each dimension")

    class Meta:
        indexes = [models.Index("as_of", name="told_of_late")]


class Part(models.Model):
    """What one subject gives to one figure: `n` on a day, on a ground; to a stock 1 where it begins, -1 where it ends.

    `apart`: whoever watches over the ground does not see it by that alone.
    """

    rolled = models.ForeignKey(RollUp, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    subject_id = models.BigIntegerField()
    day = models.DateField()
    path = models.CharField(max_length=80, db_collation="C")
    n = models.IntegerField()
    apart = models.BooleanField()

    class Meta:
        indexes = [
            models.Index("subject_id", name="parts_of_a_subject"),
            models.Index("rolled", "day", name="parts_apart", condition=models.Q(apart=True)),
        ]


class Cell(models.Model):
    """The sum of the parts of a month or a day on a place and all below it: in all, or of a value of a dimension."""

    rolled = models.ForeignKey(RollUp, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    path = models.CharField(max_length=80, db_collation="C")
    dimension = models.CharField(max_length=20)
    grain = models.CharField(max_length=1)
    day = models.DateField(help_text="of a month its first")
    value = models.CharField(max_length=60)
    apart = models.BooleanField(help_text="parts that are apart are added up by themselves")
    n = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("rolled", "path", "dimension", "grain", "day", "value", "apart", name="one_cell"),
        ]
