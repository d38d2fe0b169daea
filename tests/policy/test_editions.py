"""A county adopts a pack: kept whole, known by its digest, in the trail."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.casework.pack import CaseworkSection
from jingwei.cli.check import edition_faults
from jingwei.policy import Book, load
from jingwei.policy.acts import AnotherCounty, adopt
from jingwei.policy.models import County, Edition
from jingwei.policy.queries import book, edition_book
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line

from .conftest import Shelf

MARCH = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
LI = Actor.of_person(1, None, "系统管理岗")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    edition_book.cache_clear()


def test_a_county_works_by_the_pack_it_adopted(weishui: Book) -> None:
    assert adopt(weishui, "990121", actor=LI, at=MARCH) is True

    assert book("990121") == weishui
    assert book("990121")[CaseworkSection] == weishui[CaseworkSection]
    assert [(c.code, c.name, c.edition_id) for c in County.objects.all()] == [("990121", "示例县", weishui.edition)]


def test_adopting_the_same_twice_is_nothing_new(weishui: Book) -> None:
    adopt(weishui, "990121", actor=LI, at=MARCH)

    assert adopt(weishui, "990121", actor=LI, at=APRIL) is False

    assert Edition.objects.count() == 1
    assert Line.objects.filter(verb="policy.adopted").count() == 1


def test_a_case_still_reads_the_edition_it_was_opened_under(shelf: Shelf, weishui: Book) -> None:
    adopt(weishui, "990121", actor=LI, at=MARCH)
    shelf.spoil("weishui/casework.toml", "bounce_limit = 2", "bounce_limit = 3")
    later = load(shelf.folder / "weishui")

    adopt(later, "990121", actor=LI, at=APRIL)

    assert book("990121")[CaseworkSection].bounce_limit == 3
    assert edition_book(weishui.edition)[CaseworkSection].bounce_limit == 2
    assert [line.facts["before"] for line in Line.objects.filter(verb="policy.adopted").order_by("id")] == [
        None,
        weishui.edition,
    ]


def test_a_county_cannot_take_anothers_pack(weishui: Book) -> None:
    with pytest.raises(AnotherCounty, match="speaks for 990121, not 110101"):
        adopt(weishui, "110101", actor=LI, at=MARCH)


def test_what_a_pack_taken_in_earlier_lacks_is_told_with_what_to_write(shelf: Shelf) -> None:
    new = load(shelf.folder / "weishui")
    document = dict(new.document)
    events = dict(document["notices"]["events"])
    del events["place_free"]
    old = Book("weishui", document | {"notices": document["notices"] | {"events": events}})
    adopt(old, "990121", actor=LI, at=MARCH)
    told = f"Example County, edition {old.edition[:8]}, notices.events: nothing says how «place_free» is told. "
    assert list(edition_faults()) == [
        told + 'Write: place_free = {name = "…", english = "…", by = ["page"]}. Take the pack in anew.'
    ]
    adopt(new, "990121", actor=LI, at=APRIL)
    assert list(edition_faults()) == []


def test_an_edition_is_read_from_the_database_once(weishui: Book) -> None:
    adopt(weishui, "990121", actor=LI, at=MARCH)
    edition_book(weishui.edition)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert edition_book(weishui.edition) is edition_book(weishui.edition)

    assert len(asked) == 0
