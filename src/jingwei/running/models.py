"""The buckets of the limits, and the keys of forms that were sent: both soon forgotten."""

from django.db import models


class Bucket(models.Model):
    """How far a bucket is emptied: it is full again at `full_at`, and rows whose moment has passed mean nothing.

    The table is UNLOGGED: no write-ahead log, empty after a crash, not on standbys. What is lost is patience.
    """

    key = models.CharField(max_length=64, primary_key=True)
    full_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class Sent(models.Model):
    """A form that was done, by its key and address; without who sent it and what stood in it."""

    key = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.key)
