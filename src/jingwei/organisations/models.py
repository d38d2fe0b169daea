"""Organisations, the posts within them, who holds which, and who is responsible for which ground."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import get_language


class Organisation(models.Model):
    """A centre, department, committee or community office of a county, on its ground."""

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="organisations")
    key = models.CharField(max_length=60, help_text="the pack's name for it, or its own")
    name = models.CharField(max_length=80)
    english = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20)
    ground = models.ForeignKey("places.Place", models.PROTECT, related_name="organisations")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("county", "key", name="organisation_key_once")]

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.name


class Post(models.Model):
    """A seat: what cases and duties are owed by. People come and go; the post stays."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=80)
    english = models.CharField(max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=24), default=list)
    ground = models.ForeignKey("places.Place", models.PROTECT, related_name="posts")
    front_desk = models.BooleanField(default=False, help_text="what the organisation is owed is received here")
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "key", name="post_key_once"),
            models.UniqueConstraint(
                "organisation", condition=models.Q(front_desk=True, until=None), name="one_front_desk"
            ),
        ]
        indexes = [GinIndex(fields=["roles"], name="post_by_role")]

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.title

    @property
    def full_title(self) -> str:
        """The title with its organisation, as it stands beside an act: 微水镇网格化服务管理中心·调度席."""
        return f"{self.organisation}·{self}"


class Appointment(models.Model):
    """A person in a post, from one day to another."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="appointments")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("post", "person", "since", name="appointed_once")]


class Responsibility(models.Model):
    """Assigned responsibility 包联: a post answers for a place beside its own work."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="responsibilities")
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="responsibilities")
    title = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("post", "place", "since", name="responsible_once")]
