"""Where things are: counties, towns, communities, grids, and the compounds and buildings beside them."""

from django.db import models
from django.utils.translation import get_language

PATH_LAYERS = ("county", "town", "community", "grid")
"""The layers of the sight path, from above; every other layer stands beside them."""


class Change(models.Model):
    """Something done to the ground of a county that holds from one day on: who did it, and by which paper."""

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="changes_of_ground")
    verb = models.CharField(max_length=60)
    subject = models.ForeignKey("Place", models.PROTECT, null=True, related_name="changed_by")
    day = models.DateField(help_text="from which it holds")
    at = models.DateTimeField(help_text="when it was written down")
    by = models.CharField(max_length=200, blank=True, help_text="the actor's title as it was; empty: a task's")
    basis = models.CharField(max_length=200, blank=True, help_text="the decision or document it rests on")
    key = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("key", name="ground_changed_once", condition=models.Q(key__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.day}"


class Described(models.Model):
    """What is said of a place: what stands in its row today, and in each of its chapters as it was."""

    code = models.CharField(max_length=24, help_text="GB/T 2260 and its continuations; own numbering beside the path")
    name = models.CharField(max_length=80)
    english = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=80, db_collation="C")
    parent = models.ForeignKey("Place", models.PROTECT, null=True, blank=True, related_name="%(class)s_children")
    grid = models.ForeignKey("Place", models.PROTECT, null=True, blank=True, related_name="%(class)s_within_grid")
    compound = models.ForeignKey(
        "Place", models.PROTECT, null=True, blank=True, related_name="%(class)s_within_compound"
    )
    boundary = models.JSONField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    households = models.PositiveIntegerField(null=True, blank=True)
    households_source = models.CharField(max_length=120, blank=True)
    residents = models.PositiveIntegerField(null=True, blank=True)
    residents_source = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.name


class Place(Described):
    """A piece of ground with a name, for as long as it stood.

    `path` is the sight path: the codes from the county down, each followed by a slash
    (`990121/100/001/003/`), so that everything below a place is one range of a C-collated index.
    Compounds and buildings carry the path of the grid they stand in, with `rank` 0 for the path
    layers themselves and 1 beside them. Coordinates are WGS-84 (CRS84: longitude first).
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="places")
    layer = models.CharField(max_length=16)
    rank = models.PositiveSmallIntegerField(default=0)
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+", help_text="the latest")
    qr = models.CharField(max_length=10, unique=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "county", "layer", "code", name="place_code_stands_once", condition=models.Q(until=None)
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="place_ends_no_sooner_than_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["path", "rank"], name="place_by_path"),
            models.Index(fields=["county", "layer"], name="place_by_layer"),
        ]

    def covers(self, path: str) -> bool:
        """Whether the ground at `path` is this place or lies below it."""
        return self.rank == 0 and path.startswith(self.path)


class Chapter(Described):
    """A place as it was said to be from one day to another; the present one is open and says what the place says.

    Trap: `place_code_once_a_day`, made by the migration, holds that at one day a code of a layer stands once. It is
    checked when asked (`SET CONSTRAINTS`) or at the end of the transaction, for codes that change hands in one act.
    """

    place = models.ForeignKey(Place, models.CASCADE, related_name="chapters")
    county_code = models.CharField(max_length=6)
    layer = models.CharField(max_length=16)
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="chapters", help_text="which began it")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("place", name="one_chapter_is_open", condition=models.Q(until=None)),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="chapter_runs_forward"
            ),
        ]
        indexes = [models.Index(fields=["path", "since"], name="chapter_by_path")]


class Succession(models.Model):
    """What became of a place that ended: one line for each successor; `main` takes what can be told to none."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="succeeded_by")
    successor = models.ForeignKey(Place, models.CASCADE, related_name="succeeds")
    change = models.ForeignKey(Change, models.PROTECT, related_name="successions")
    main = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("place", "successor", name="succession_once"),
            models.UniqueConstraint("place", name="one_main_successor", condition=models.Q(main=True)),
        ]


class Division(models.Model):
    """A line of the nation's register of divisions: province, prefecture, county, town, community or village."""

    code = models.CharField(max_length=12, primary_key=True, db_collation="C")
    name = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(help_text="1 province, 2 prefecture, 3 county, 4 town, 5 community")
    above = models.ForeignKey("self", models.PROTECT, null=True, related_name="below", db_constraint=False)

    def __str__(self) -> str:
        return self.name
