"""Cases go with the ground they lie on: those who watch over it now see them, and figures keep where they were.

`Case.ground_path`, by which cases are seen, follows. Standings keep the ground as it was: that of an open case is
closed at the change and another one opened; those of the past are not touched.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from jingwei.casework.acts.held import lock_in_order
from jingwei.casework.models import Case
from jingwei.figures.models import Touched
from jingwei.outbox.acts import put
from jingwei.outbox.handlers import handler
from jingwei.places.following import Followed, follows_ground
from jingwei.places.models import Change, Place
from jingwei.places.queries import ground_of, successor_of

FOLLOW_UP = "casework.moved_ground"
SOON = timedelta(minutes=2)
"""Longer than any request runs: an intake that read the path before a change may be written after it."""
BATCH = 1000

_MOVE = """
UPDATE casework_case c SET ground_path = t.path FROM unnest(%s::bigint[], %s::text[]) t(id, path) WHERE c.id = t.id
"""
_STAND_ANEW = """
WITH closed AS (
    UPDATE casework_standing s SET current = false, until = GREATEST(%s, s.since)
    FROM casework_case c WHERE c.id = s.case_id AND s.current AND c.is_open AND c.id = ANY(%s) RETURNING s.*
)
INSERT INTO casework_standing (case_id, round, stage, owner_id, ground_path, tier, since, current)
SELECT s.case_id, s.round, s.stage, s.owner_id, c.ground_path, s.tier, s.until, true
FROM closed s JOIN casework_case c ON c.id = s.case_id
"""


@follows_ground("cases")
def take_cases_along(followed: Followed) -> int:
    """Give every case on ground that moved, ended or was cut the path on which it lies now; how many moved."""
    moved = _by_path(followed) | _by_place(followed)
    _move(moved, followed.at)
    change = followed.change
    told = {"change": change.pk, "county": change.county_id}
    put(FOLLOW_UP, told, key=f"{FOLLOW_UP}:{change.pk}", at=followed.at, due=followed.at + SOON)
    return len(moved)


def _by_path(followed: Followed) -> dict[int, str]:
    """Cases by the ground they stand on; where it was cut, by their point."""
    county = followed.change.county_id
    found = Case.objects.filter(county_id=county, ground_path__in=followed.paths)
    there = found.values_list("pk", "ground_path", "lon", "lat").iterator(BATCH)
    now = ((pk, before, followed.paths[before].at(lon, lat)) for pk, before, lon, lat in there)
    return {pk: path for pk, before, path in now if path != before}


def _by_place(followed: Followed) -> dict[int, str]:
    """Cases at a compound or building that came into another grid go with it."""
    found = Case.objects.filter(place__in=followed.places).values_list("pk", "place_id", "ground_path")
    now = ((pk, before, *followed.places[place]) for pk, place, before in found.iterator(BATCH))
    return {pk: path for pk, before, was, path in now if before == was}


def _move(moved: Mapping[int, str], at: datetime) -> None:
    ids = sorted(moved)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        lock_in_order(some)
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [some, [moved[pk] for pk in some]])
            cursor.execute(_STAND_ANEW, [at, some])
        Touched.objects.bulk_create(Touched(subject_id=pk, at=at) for pk in some)


@handler(FOLLOW_UP)
def take_the_late_ones_along(payload: dict[str, Any], *, key: str) -> None:
    """Cases that were being written while the ground changed stand on a path that is not there any more: mend them."""
    change = Change.objects.get(pk=payload["change"])
    there = Place.objects.filter(county_id=OuterRef("county_id"), path=OuterRef("ground_path"), rank=0, until=None)
    lost = Case.objects.filter(~Exists(there), county_id=payload["county"]).select_related("place__grid")
    _move({case.pk: path for case in lost if (path := _path_now(case)) != case.ground_path}, change.at + SOON)


def _path_now(case: Case) -> str:
    place = successor_of(case.place)
    return case.ground_path if place is None else ground_of(place).path
