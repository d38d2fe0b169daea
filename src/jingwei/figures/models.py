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
