"""What was brought in: every run of an import, and every row that will be known when it comes again."""

from django.db import models


class Run(models.Model):
    """One sheet loaded for good (a trial leaves none): how many rows fared how; by whom, says the trail."""

    importer = models.CharField(max_length=40)
    county = models.CharField(max_length=6, blank=True, help_text="the county it was for; empty where none stands")
    source = models.CharField(max_length=120, help_text="the system that gave the rows, as the map names it")
    file = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, help_text="of the file's bytes")
    at = models.DateTimeField()
    read = models.PositiveIntegerField(default=0)
    loaded = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "imports_run"

    def __str__(self) -> str:
        return f"{self.importer} {self.file}"


class Known(models.Model):
    """A row that was loaded, so that it is known again by its county: `number` is the one its own system gave it.

    `digest` tells whether it has changed since; it is keyed with the installation's secret, for a plain
    digest of a few words could be guessed back.
    """

    importer = models.CharField(max_length=40)
    county = models.CharField(max_length=6, blank=True)
    source = models.CharField(max_length=120)
    number = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    subject = models.BigIntegerField(help_text="what the importer's load returned")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, help_text="which run wrote it last")

    class Meta:
        db_table = "imports_known"
        constraints = [
            models.UniqueConstraint(
                fields=["importer", "county", "source", "number"], name="imported_row_is_known_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"
