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
    undone_at = models.DateTimeField(null=True, blank=True)
    last_line = models.BigIntegerField(default=0, help_text="last line of the trail it wrote; what is later is not its")

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


class Made(models.Model):
    """One thing that a roster's run made, so that the run can be taken back."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="made")
    kind = models.CharField(max_length=24)
    subject = models.BigIntegerField()

    class Meta:
        db_table = "imports_made"

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class KeptMap(models.Model):
    """A mapping that a person mended: which column is which field, for sheets with these column names."""

    county = models.ForeignKey("policy.County", on_delete=models.PROTECT, related_name="+")
    roster = models.CharField(max_length=40)
    header = models.CharField(max_length=64, help_text="digest of the sheet's column names")
    columns = models.JSONField(default=dict, help_text="for each field its column; empty for none")
    whole = models.JSONField(default=dict, help_text="what a person said of the whole file")
    at = models.DateTimeField()

    class Meta:
        db_table = "imports_keptmap"
        constraints = [models.UniqueConstraint(fields=["county", "roster", "header"], name="map_kept_once")]

    def __str__(self) -> str:
        return f"map of {self.roster}"


class Handed(models.Model):
    """A roster handed in at the desk, from its arrival until it is adopted, given up or too old.

    `content` and `refused` hold what the sheet says of persons: locked, on the information list, and gone in time.
    """

    ARRIVED, TRYING, TRIED, ADOPTING, ADOPTED, UNDONE, BROKEN = (
        "arrived", "trying", "tried", "adopting", "adopted", "undone", "broken",
    )  # fmt: skip

    county = models.ForeignKey("policy.County", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=80, help_text="sight path of the post that handed it in")
    at = models.DateTimeField()
    by_person = models.BigIntegerField()
    by_post = models.BigIntegerField()
    by_title = models.CharField(max_length=200)
    name = models.CharField(max_length=255, help_text="the file's name")
    sha256 = models.CharField(max_length=64)
    content = models.TextField(blank=True, help_text="the file, base64, locked")
    roster = models.CharField(max_length=40, blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField(default=0, help_text="the row of the column names; 0: not chosen")
    columns = models.JSONField(default=dict, help_text="for each field the column that was chosen")
    whole = models.JSONField(default=dict, help_text="what is said once of the whole file: name to value and why")
    state = models.CharField(max_length=10, default=ARRIVED)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    refused = models.TextField(blank=True, help_text="rows and why, locked")
    run = models.OneToOneField(Run, on_delete=models.PROTECT, null=True, related_name="handed")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "imports_handed"
        indexes = [models.Index(fields=["county", "-at"], name="handed_newest")]

    def __str__(self) -> str:
        return f"roster handed in {self.pk}"

    @property
    def busy(self) -> bool:
        """Whether the worker has it in hand."""
        return self.state in (self.TRYING, self.ADOPTING)
