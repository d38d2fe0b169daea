"""What stands on the ground goes with it: when a place moves or ends, every room that keeps its path is told.

This room knows no cases and no posts. A room above puts a `moved_ground.py` into its folder and registers there what
follows; it is called in the transaction of the change, so that nothing is for a moment on ground that is not there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.module_loading import autodiscover_modules
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from jingwei.places.models import Change


@dataclass(frozen=True)
class Whereabouts:
    """Where the matters that stood on a path are now: on `path`, or, by their point, on one of `parts`."""

    path: str
    parts: tuple[tuple[BaseGeometry, str], ...] = ()

    def at(self, lon: float | None, lat: float | None) -> str:
        """The path for a matter at a point; the main one where no part holds it."""
        if lon is None or lat is None:
            return self.path
        point = Point(lon, lat)
        return next((path for form, path in self.parts if form.covers(point)), self.path)


@dataclass(frozen=True)
class Followed:
    """A change of ground as those who follow see it."""

    change: Change
    at: datetime
    paths: dict[str, Whereabouts] = field(default_factory=dict)
    """For each path of the sight path that is not there any more, or whose ground was cut: where it is now."""
    places: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Compounds, buildings and other places beside the path that came onto another one: from, to."""
    ended: dict[int, int | None] = field(default_factory=dict)
    """Each place that ended, and the place that took over: its main successor, None where it has none."""

    def __bool__(self) -> bool:
        return bool(self.paths or self.places or self.ended)


Follower = Callable[[Followed], int]
"""Takes its rows along; how many."""

_followers: dict[str, Follower] = {}


def follows_ground(name: str) -> Callable[[Follower], Follower]:
    """Register what goes with the ground, under the name by which the trail counts it ("cases")."""

    def registered(follower: Follower) -> Follower:
        if _followers.setdefault(name, follower) is not follower:
            raise ValueError(f"«{name}» follows the ground already; give this follower another name.")
        return follower

    return registered


def follow(followed: Followed) -> dict[str, int]:
    """Let everything follow; how many of each."""
    return {name: follower(followed) for name, follower in _all()} if followed else {}


def _all() -> Iterator[tuple[str, Follower]]:
    autodiscover_modules("moved_ground")
    yield from sorted(_followers.items())
