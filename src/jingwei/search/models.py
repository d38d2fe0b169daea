"""What can be found: the terms of each thing that has words."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Entry(models.Model):
    """The terms of one thing, such as case 17; no text is kept here, and numbers of persons are covered."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    terms = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_type", "subject_id"], name="search_entry_once")]
        indexes = [GinIndex(fields=["terms"], name="search_entry_terms")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"
