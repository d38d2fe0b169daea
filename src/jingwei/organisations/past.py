"""What was true on a day: which organisations stood, under which name, below which other; and their posts."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language

from jingwei.organisations.models import FormerOrganisation, FormerPost, Organisation, Post


@dataclass(frozen=True)
class OrganisationOn:
    """An organisation as it was on a day."""

    pk: int
    name: str
    english: str
    kind: str
    parent: int | None
    ground: int

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.name


@dataclass(frozen=True)
class PostOn:
    """A post as it was on a day."""

    pk: int
    title: str
    english: str
    organisation: int
    ground: int
    team: str

    def __str__(self) -> str:
        return self.english if self.english and get_language() == "en" else self.title


def stood(on: dt.date) -> Q:
    """Rows that stood on a day: begun by then, and not yet ended."""
    return Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))


def organisations_on(county_code: str, on: dt.date) -> dict[int, OrganisationOn]:
    """The organisations of a county as they were on a day, by id, in the order they came to be known."""
    rows = list(Organisation.objects.filter(stood(on), county_id=county_code).order_by("pk"))
    former = {
        one.organisation_id: one
        for one in FormerOrganisation.objects.filter(organisation__in=rows, since__lte=on, until__gt=on)
    }
    return {row.pk: _organisation(row, former.get(row.pk, row)) for row in rows}


def _organisation(row: Organisation, was: Organisation | FormerOrganisation) -> OrganisationOn:
    return OrganisationOn(row.pk, was.name, was.english, was.kind, was.parent_id, was.ground_id)


def posts_on(county_code: str, on: dt.date) -> dict[int, PostOn]:
    """The posts of a county as they were on a day, by id."""
    rows = list(Post.objects.filter(stood(on), organisation__county_id=county_code).order_by("pk"))
    former = {one.post_id: one for one in FormerPost.objects.filter(post__in=rows, since__lte=on, until__gt=on)}
    return {row.pk: _post(row, former.get(row.pk, row)) for row in rows}


def _post(row: Post, was: Post | FormerPost) -> PostOn:
    return PostOn(row.pk, was.title, was.english, was.organisation_id, was.ground_id, row.team)
