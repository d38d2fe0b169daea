"""The trail's rows: lines that say what was done, and seals that bind them so that a change shows.

Nothing here is written through Django: lines by `acts.record`, seals by `sealer.seal`; triggers fill in what
proves them (`migrations/0001_first.py`).
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Line(models.Model):
    """One deed. The database itself sets id, tx, written_at and digest, and refuses every change."""

    id = models.BigIntegerField(primary_key=True)
    written_at = models.DateTimeField()
    tx = models.BigIntegerField()
    at = models.DateTimeField()
    verb = models.TextField()
    actor_kind = models.TextField()
    actor_person = models.BigIntegerField(null=True)
    actor_post = models.BigIntegerField(null=True)
    actor_title = models.TextField()
    subject_type = models.TextField()
    subject_id = models.BigIntegerField()
    place = models.TextField()
    facts = models.JSONField()
    digests = models.JSONField()
    salt = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="trail_of_subject"),
            BrinIndex(fields=["written_at"], name="trail_by_time", pages_per_range=32),
        ]

    def __str__(self) -> str:
        return f"trail line {self.pk}: {self.verb} {self.subject_type} {self.subject_id}"


class Seal(models.Model):
    """A batch of settled lines bound together: ids from `id_from` up to, without, `id_below`.

    head = sha256 over the head before it, the bounds, and every line's id and digest. The ids and digests
    are kept in the columns `ids` and `digests` (arrays, read in SQL only), so that a missing, changed or
    slipped-in line is found by number.
    """

    id = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    id_from = models.BigIntegerField(unique=True)
    id_below = models.BigIntegerField()
    lines = models.IntegerField()
    previous_head = models.BinaryField()
    head = models.BinaryField()

    def __str__(self) -> str:
        return f"seal {self.pk}: {self.lines} lines"


class Horizon(models.Model):
    """How far the lines are settled: no line with an id below `safe_below` can still appear.

    One row. Every id below `next_below` was drawn by a transaction older than `next_tx`; once all of those
    have ended, `next_below` becomes safe.
    """

    id = models.SmallIntegerField(primary_key=True)
    safe_below = models.BigIntegerField()
    next_below = models.BigIntegerField()
    next_tx = models.BigIntegerField()

    def __str__(self) -> str:
        return f"settled below line {self.safe_below}"
