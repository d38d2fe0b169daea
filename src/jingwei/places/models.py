"""Where things are: counties, towns, communities, grids, and the compounds and buildings beside them."""

from django.db import models
from django.utils.translation import get_language

PATH_LAYERS = ("county", "town", "community", "grid")
"""The layers of the sight path, from above; every other layer stands beside them."""


class Place(models.Model):
    """A piece of ground with a name, for as long as it stood.

    `path` is the sight path: the codes from the county down, each followed by a slash
    (`990121/100/001/003/`), so that everything below a place is one range of a C-collated index.
    Compounds and buildings carry the path of the grid they stand in, with `rank` 0 for the path
    layers themselves and 1 beside them. Coordinates are WGS-84 (CRS84: longitude first).
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="places")
    layer = models.CharField(max_length=16)
    code = models.CharField(max_length=24, help_text="GB/T 2260 and its continuations; own numbering beside the path")
    name = models.CharField(max_length=80)
    english = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=80, db_collation="C")
    rank = models.PositiveSmallIntegerField(default=0)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    grid = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="within_grid")
    compound = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="within_compound")
    boundary = models.JSONField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    households = models.PositiveIntegerField(null=True, blank=True)
    households_source = models.CharField(max_length=120, blank=True)
    qr = models.CharField(max_length=10, unique=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("county", "layer", "code", "since", name="place_code_once"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
                name="place_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["path", "rank"], name="place_by_path"),
            models.Index(fields=["county", "layer"], name="place_by_layer"),
        ]

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.name

    def covers(self, path: str) -> bool:
        """Whether the ground at `path` is this place or lies below it."""
        return self.rank == 0 and path.startswith(self.path)
