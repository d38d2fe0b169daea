"""Chapters of places: the present one is closed, and one is opened that says what the place now says."""

from collections.abc import Collection, Iterable

from django.db import connection

from jingwei.places.models import Change, Chapter, Described, Place

SAID = tuple(field.attname for field in Described._meta.fields)
"""What a chapter holds of its place."""

BATCH = 1000


def open_chapters(change: Change, places: Iterable[Place], *, ended: Collection[int] = ()) -> None:
    """Close the present chapters of `places` and of those `ended`, and open one for each of `places`.

    History knows days: a second change on one day takes the first one's place. Raises IntegrityError where at one
    day a code would stand twice.
    """
    places = list(places)
    going = Chapter.objects.filter(place__in=[*(place.pk for place in places), *ended], until=None)
    going.filter(since__gte=change.day).delete()
    going.update(until=change.day)
    Chapter.objects.bulk_create((chapter_of(place, change) for place in places), batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS place_code_once_a_day IMMEDIATE")
        cursor.execute("SET CONSTRAINTS place_code_once_a_day DEFERRED")


def chapter_of(place: Place, change: Change) -> Chapter:
    """A chapter that begins with `change` and says what the place says."""
    said = {name: getattr(place, name) for name in SAID}
    return Chapter(place=place, county_code=place.county_id, layer=place.layer, change=change, since=change.day, **said)
