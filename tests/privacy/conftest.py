"""Qingshi's residents and their matters, and the county's list amended for one test."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.residents import withdraw
from jingwei.casework.models import Case
from jingwei.people.models import Person
from jingwei.policy.acts import adopt
from jingwei.policy.books import Book
from jingwei.policy.models import County
from jingwei.trail.actor import Actor

DOOR = Actor.machine("residents' door")
AUNTIE_ZHAO, HER_NUMBER = "赵大娘", "13800006021"
WORDS = "3号楼垃圾没清，请打13800006021，身份证110101199003074098。"


@pytest.fixture
def at() -> datetime:
    """Two days ago."""
    return timezone.now() - timedelta(days=2)


@pytest.fixture
def reported(qingshi: Any, at: datetime) -> Callable[..., Case]:
    """A report at the residents' door, by Auntie Zhao unless another name is given."""

    def report(name: str = AUNTIE_ZHAO, telephone: str = HER_NUMBER, **said: Any) -> Case:
        asker = None
        if name or telephone:
            asker = Person.named(qingshi.county_code, name, telephone, purpose=Person.ASKER, ground="request")
        given: dict[str, Any] = {
            "place": qingshi.place("compound"),
            "title": WORDS,
            "words": WORDS,
            "source": "resident_qr",
            "category": "sanitation",
            "grade": "general",
            "where": "3号楼2单元",
            "lon": 114.1,
            "lat": 38.0,
            "asker": asker,
            "asks_back": bool(telephone),
            "with_code": True,
        }
        return open_case(Incident, Intake(**(given | said)), actor=DOOR, at=at, key=uuid4())

    return report


@pytest.fixture
def ended(reported: Callable[..., Case], at: datetime) -> Callable[..., Case]:
    """A report that its sender took back two days ago."""

    def end(*args: Any, **said: Any) -> Case:
        case = reported(*args, **said)
        return withdraw(case, "已经清了", actor=Actor.bearer(case.pk), at=at)

    return end


@pytest.fixture
def amended(qingshi: Any, at: datetime) -> Callable[..., Book]:
    """The county's list with lines changed: `amended(resident_name={"retired": True})`, `…=None` for taken out."""

    def amend(**lines: Any) -> Book:
        document = qingshi.book.document
        kept = [line for line in document["information"]["fields"] if lines.get(line["key"], {}) is not None]
        document["information"]["fields"] = [line | lines.get(line["key"], {}) for line in kept]
        book = Book(qingshi.book.pack, document)
        adopt(book, qingshi.county_code, actor=DOOR, at=at)
        return book

    return amend


@pytest.fixture
def county(qingshi: Any) -> County:
    """Qingshi as the policy room knows it."""
    return County.objects.get(pk=qingshi.county_code)
