"""A list of places to choose from, in groups: hundreds of grids or compounds are found by their community."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from jingwei.places.models import PATH_LAYERS, Place
from jingwei.places.queries import standing

TOWN, COMMUNITY = (PATH_LAYERS.index(layer) + 1 for layer in ("town", "community"))
"""How many codes of a path name a town, and a community."""

Choice = tuple[Any, str]
Group = tuple[str, list[Choice]]


def grouped(places: Iterable[Place], choice: Any = None) -> list[Choice | Group]:
    """Choices of a select: what lies above the groups first, then a group for each community, in the order of codes.

    Where nothing lies below a community, the groups are the towns. Within a group the order stays as it came.
    `choice` makes the value and the words of one place; otherwise its id and its name, behind its compound's.
    """
    every = list(places)
    deep = any(_depth(place) > COMMUNITY or place.rank for place in every)
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in every:
        groups[_path_of(place, COMMUNITY if deep else TOWN)].append(place)
    titles = _titles(every, groups)
    found: list[Choice | Group] = [(choice or told)(place) for place in groups.pop("", [])]
    return found + [
        (titles.get(path, path), [(choice or told)(place) for place in groups[path]]) for path in sorted(groups)
    ]


def told(place: Place) -> Choice:
    """A place as a list names it: a building behind its compound."""
    return place.pk, f"{place.compound} {place}" if place.compound_id else str(place)


class _Choices(forms.models.ModelChoiceIterator):  # type: ignore[type-arg]
    """The choices of the field, in groups."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from grouped(self.queryset.defer("boundary"), self.choice)


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A place of a queryset, chosen from groups."""

    iterator = _Choices

    def label_from_instance(self, obj: Any) -> str:
        """The name in the list."""
        return told(obj)[1]


def _depth(place: Place) -> int:
    return place.path.count("/")


def _path_of(place: Place, depth: int) -> str:
    """The path of the town or community in which a place lies; empty for what lies above."""
    codes = place.path.split("/")[:-1]
    return "/".join(codes[:depth]) + "/" if len(codes) >= depth else ""


def _titles(places: list[Place], paths: Iterable[str]) -> dict[str, str]:
    """What the groups are called: a community behind its town."""
    wanted = {path for path in paths if path}
    if not wanted:
        return {}
    towns = {"/".join(path.split("/")[:TOWN]) + "/" for path in wanted}
    rows = standing(places[0].county_id).filter(rank=0, path__in=wanted | towns).only("name", "english", "path")
    names = {row.path: str(row) for row in rows}
    return {
        path: " · ".join(dict.fromkeys(names[one] for one in (_above(path), path) if one in names)) for path in wanted
    }


def _above(path: str) -> str:
    return "/".join(path.split("/")[:TOWN]) + "/"
