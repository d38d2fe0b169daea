"""One change of ground: places are altered, founded and ended together, with a chapter each, and nothing is lost."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils.timezone import localdate
from shapely.geometry import shape

from jingwei.places.acts.chapters import open_chapters
from jingwei.places.acts.lost import pieces_lost
from jingwei.places.following import Followed, Whereabouts, follow
from jingwei.places.models import Change, Place, Succession
from jingwei.places.queries import ground_of, new_qr
from jingwei.places.refusals import code_taken, not_standing, not_yet, too_early
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Fact, record
from jingwei.trail.verbs import Verb


def done_already(key: UUID | None) -> Change | None:
    """The change that was made under this key before; the same form sent twice is one change."""
    return Change.objects.filter(key=key).first() if key else None


class Redrawing:
    """A change being made. What it alters is gathered; `finish` writes it, and lets what stands there follow.

    Changes of one county's ground take turns, so that two of them never see half of each other.
    """

    def __init__(
        self,
        verb: Verb,
        subject: Place | None,
        *,
        actor: Actor,
        at: dt.datetime,
        day: dt.date | None = None,
        basis: str = "",
        key: UUID | None = None,
        county: str = "",
    ) -> None:
        """`subject` is the place it is about; None for many at once, of the county named by `county`."""
        county = subject.county_id if subject else county
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ground {county}"])
        self.actor, self.verb, self.at, self.day = actor, verb, at, day or localdate(at)
        if self.day > localdate(at):
            raise not_yet()
        self._subject = self.standing(subject.pk) if subject else None
        self._altered: dict[int, Place] = {}
        self._founded: list[Place] = []
        self._fresh: set[int] = set()
        self._ended: dict[int, Place] = {}
        self._before: dict[int, tuple[str, Any]] = {}
        self._successors: dict[int, list[Place]] = {}
        self.change = Change.objects.create(
            county_id=county, verb=verb.name, subject=subject, day=self.day, at=at,
            by="" if actor.kind == "machine" else actor.title[:200], basis=basis.strip()[:200], key=key,
        )  # fmt: skip

    @property
    def subject(self) -> Place:
        """The place that the change is about."""
        assert self._subject is not None
        return self._subject

    def standing(self, pk: int) -> Place:
        """A place as it stands now; GroundRefused where it has ended."""
        place = Place.objects.select_related("parent", "grid", "compound").get(pk=pk)
        if place.until is not None:
            raise not_standing(place.name)
        return place

    def alter(self, place: Place, **said: Any) -> None:
        """Let a place say something else from the day on; what it says already is no alteration."""
        place = self._altered.get(place.pk, place)
        changed = {name: value for name, value in said.items() if getattr(place, name) != value}
        if changed:
            self._before.setdefault(place.pk, (place.path, place.boundary))
            for name, value in changed.items():
                setattr(place, name, value)
            self._altered[place.pk] = place

    def found(self, *, checked: bool = False, **said: Any) -> Place:
        """A new place of the county from the day on; `checked`: nobody else has its code."""
        place = Place(county_id=self.change.county_id, qr=new_qr(), since=self.day, change=self.change, **said)
        if not checked:
            self.free(place.layer, place.code)
        place.save()
        self._founded.append(place)
        self._fresh.add(place.pk)
        return place

    def free(self, layer: str, code: str, but: Iterable[int] = ()) -> None:
        """Raises CodeRefused where another place of the layer has the code today."""
        here = Place.objects.filter(county_id=self.change.county_id, layer=layer, code=code, until=None)
        if (other := here.exclude(pk__in=[*but, *self._ended]).first()) is not None:
            raise code_taken(code, other.name)

    def became(self, place: Place) -> tuple[bool, bool]:
        """Whether this change founded a place, and whether it altered it."""
        return place.pk in self._fresh, place.pk in self._altered

    def altered(self) -> Iterable[Place]:
        """What this change has altered so far."""
        return self._altered.values()

    def ended(self) -> Iterable[Place]:
        """What this change has ended so far."""
        return self._ended.values()

    def end(self, place: Place, successors: Iterable[Place] = ()) -> None:
        """Let a place end on the day; the first of its successors is the main one."""
        self._altered.pop(place.pk, None)
        self._before.setdefault(place.pk, (place.path, place.boundary))
        successors = self._successors[place.pk] = list(successors)
        place.until, place.change = self.day, self.change
        place.save(update_fields=["until", "change"])
        self._ended[place.pk] = place
        Succession.objects.bulk_create(
            Succession(place=place, successor=one, change=self.change, main=n == 0) for n, one in enumerate(successors)
        )

    def finish(self, facts: Mapping[str, Fact] | None = None) -> Change:
        """Write chapters and the trail's line; cases and whatever else stands there go with the ground."""
        touched = [*self._altered.values(), *self._ended.values()]
        self._not_before(touched)
        for place in self._altered.values():
            place.change = self.change
        if self._altered:
            Place.objects.bulk_update(self._altered.values(), ALTERED, batch_size=500)
        open_chapters(self.change, [*self._altered.values(), *self._founded], ended=self._ended)
        followed = follow(self._followed())
        counts = {"altered": len(self._altered), "founded": len(self._founded), "ended": len(self._ended)}
        about = ("county", int(self.change.county_id)), f"{self.change.county_id}/"
        if self._subject is not None:
            about = ("place", self._subject.pk), self._subject.path
        said = {"day": self.day.isoformat(), **counts, **followed, **(facts or {})}
        record(self.actor, self.verb, at=self.at, subject=about[0], place=about[1], facts=said)
        return self.change

    def _followed(self) -> Followed:
        """What the rooms above are told: where each path that went is now, for what stood on it."""
        followed = Followed(self.change, self.at)
        lost = pieces_lost(self._altered.values(), {pk: boundary for pk, (_path, boundary) in self._before.items()})
        for pk, place in self._altered.items():
            before = self._before[pk][0]
            if place.rank:
                if before != place.path:
                    followed.places[pk] = (before, place.path)
            elif before != place.path or pk in lost:
                followed.paths[before] = Whereabouts(place.path, lost.get(pk, ()))
        for pk, place in self._ended.items():
            heirs = self._successors[pk] or [self._above(place)]
            parts = tuple((shape(one.boundary), ground_of(one).path) for one in heirs if one.boundary)
            followed.ended[pk] = heirs[0].pk if self._successors[pk] else None
            here = ground_of(heirs[0]).path
            if place.rank:
                followed.places[pk] = (place.path, here)
            else:
                followed.paths[self._before[pk][0]] = Whereabouts(here, parts if len(parts) > 1 else ())
        return followed

    def _above(self, place: Place) -> Place:
        """What a place lay in; a county never ends."""
        assert place.parent is not None
        return place.parent

    def _not_before(self, touched: list[Place]) -> None:
        """A later chapter is never overtaken by an earlier day."""
        latest = Place.objects.filter(pk__in=[place.pk for place in touched], chapters__until=None)
        last = latest.aggregate(last=Max("chapters__since"))["last"]
        if last is not None and last > self.day:
            raise too_early(last.isoformat())


ALTERED = (
    "code", "name", "english", "path", "parent", "grid", "compound", "boundary", "lon", "lat",
    "households", "households_source", "residents", "residents_source", "change",
)  # fmt: skip
