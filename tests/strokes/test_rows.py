"""What is asked in one question and written in one statement is what the ORM would have read and written."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from jingwei.outbox.models import Message, UsedKey
from jingwei.policy.models import County
from jingwei.strokes.glance import Glance, Rows, Value
from jingwei.strokes.rows import as_put, as_told, row_of
from jingwei.strokes.stroke import Clause, Stroke, next_id, next_ids

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=dt.UTC)
OURS = [m for m in apps.get_models() if m.__module__.startswith("jingwei.") and m._meta.managed]


def values(row: models.Model) -> dict[str, Any]:
    told = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in told.items()}


def message(key: str, **said: Any) -> Message:
    return Message(**{"topic": "t", "key": key, "payload": {"n": 1}, "due_at": NOON, "tries": 0, "fault": ""} | said)


def test_a_row_told_as_json_is_the_row_the_orm_reads(qingshi: Any) -> None:
    seen_some = set()
    for model in OURS:
        [pk, rows] = [model._meta.pk.column, list(model._default_manager.order_by("pk"))]
        told = Glance(rows=Rows(model, f'true ORDER BY t."{pk}"'))()["rows"]
        assert [values(row) for row in told] == [values(row) for row in rows], model
        seen_some |= {model} if rows else set()
    assert {"County", "Place", "Post", "Person", "Account", "Edition"} <= {m.__name__ for m in seen_some}


def test_a_row_written_in_a_stroke_is_the_row_that_was_given(qingshi: Any) -> None:
    for model in OURS:
        for row in model._default_manager.all()[:3]:
            again = row_of(model, {**as_told(row)} | _own_json(row))
            assert values(again) == values(row), model


def test_a_row_that_is_put_is_the_row_that_its_model_makes(qingshi: Any) -> None:
    for model in OURS:
        for row in model._default_manager.all()[:3]:
            assert as_put(model, values(row)) == as_told(row), model
        assert as_put(model, {}) == as_told(model()), model
    with pytest.raises(TypeError, match="'owner'"):
        as_put(Message, {"owner": 1})


def _own_json(row: models.Model) -> dict[str, Any]:
    """Moments and uuids as PostgreSQL would tell them."""
    return {
        f.column: str(value) if not isinstance(value, dt.datetime) else value.isoformat()
        for f in row._meta.concrete_fields
        if isinstance(value := getattr(row, f.attname), dt.date | type(uuid4()))
    }


def test_what_is_not_told_is_fetched_when_it_is_asked_for(qingshi: Any) -> None:
    from jingwei.places.models import Place

    place = Glance(place=Rows(Place, "t.layer = 'grid' LIMIT 1", without=("boundary",)))().one("place")
    assert place.boundary == Place.objects.get(pk=place.pk).boundary


def test_several_parts_and_values_are_answered_together() -> None:
    UsedKey.objects.create(key="a", put_at=NOON)
    glance = Glance(
        keys=Rows(UsedKey, "t.key = %(key)s::varchar"),
        sum=Value("to_jsonb(%(a)s::int + 1)"),
        nothing=Value("SELECT to_jsonb(1) WHERE false"),
    )
    with CaptureQueriesContext(connection) as asked:
        seen = glance(key="a", a=2)
    assert len(asked) == 1
    assert ([k.put_at for k in seen["keys"]], seen.one("sum"), seen.one("nothing")) == ([NOON], 3, None)


def test_new_and_changed_rows_go_down_in_one_statement() -> None:
    old = UsedKey.objects.create(key="old", put_at=NOON)
    stroke = Stroke()
    stroke.new(UsedKey(key="new", put_at=NOON))
    stroke.new(message("one"))
    stroke.new(message("two"))
    old.put_at = NOON + dt.timedelta(hours=1)
    stroke.changed(old, "put_at")
    with CaptureQueriesContext(connection) as written:
        stroke.write()
    assert len(written) == 1
    assert dict(UsedKey.objects.values_list("key", "put_at")) == {"old": NOON + dt.timedelta(hours=1), "new": NOON}
    assert sorted(Message.objects.values_list("key", flat=True)) == ["one", "two"]


def test_only_the_fields_that_were_named_are_changed() -> None:
    first = Message.objects.create(topic="t", key="k", payload={}, due_at=NOON)
    first.topic, first.fault = "changed", "Fault"
    stroke = Stroke()
    stroke.changed(first, "fault")
    stroke.write()
    assert Message.objects.values_list("topic", "fault").get() == ("t", "Fault")


def test_a_row_changed_twice_is_written_once_as_it_is_at_the_end() -> None:
    row = Message.objects.create(topic="t", key="k", payload={}, due_at=NOON)
    stroke = Stroke()
    for tries in (1, 2, 3):
        row.tries = tries
        stroke.changed(row, "tries")
    row.fault = "Late"
    stroke.changed(row, "fault")
    stroke.write()
    assert Message.objects.values_list("tries", "fault").get() == (3, "Late")


def test_a_new_row_that_changes_again_is_written_as_it_is_at_the_end() -> None:
    row = message("k", pk=next_id(Message))
    stroke = Stroke()
    stroke.new(row)
    row.topic = "later"
    stroke.changed(row, "topic")
    stroke.write()
    assert Message.objects.values_list("pk", "topic").get() == (row.pk, "later")


def test_what_is_there_already_is_left_alone_where_that_was_asked() -> None:
    UsedKey.objects.create(key="a", put_at=NOON)
    stroke = Stroke()
    for _twice in range(2):
        stroke.new(UsedKey(key="a", put_at=NOON + dt.timedelta(days=1)), unless_there=True)
    stroke.write()
    assert UsedKey.objects.values_list("key", "put_at").get() == ("a", NOON)


def test_nothing_of_a_stroke_stands_where_one_row_is_refused() -> None:
    UsedKey.objects.create(key="a", put_at=NOON)
    stroke = Stroke()
    stroke.new(message("one"))
    stroke.new(UsedKey(key="a", put_at=NOON))
    with pytest.raises(IntegrityError), transaction.atomic():
        stroke.write()
    assert not Message.objects.exists()


def test_a_clause_is_told_all_that_was_said_of_it_and_counts_its_rows() -> None:
    keys = Clause(
        "keys",
        (
            "SELECT * FROM jsonb_to_recordset(%s::jsonb) AS told(key text)",
            "INSERT INTO outbox_usedkey (key, put_at) SELECT key, now() FROM {0} ON CONFLICT DO NOTHING RETURNING key",
        ),
        counts=1,
    )
    UsedKey.objects.create(key="b", put_at=NOON)
    stroke = Stroke()
    for key in ("a", "b", "c"):
        stroke.say(keys, {"key": key})
    assert stroke.write() == {"keys": 2}
    assert sorted(UsedKey.objects.values_list("key", flat=True)) == ["a", "b", "c"]


def test_a_stroke_that_says_nothing_asks_nothing_and_one_that_was_written_is_empty() -> None:
    stroke = Stroke()
    stroke.new(message("one"))
    stroke.write()
    with CaptureQueriesContext(connection) as written:
        assert stroke.write() == {}
    assert len(written) == 0


def test_ids_are_taken_before_their_rows_are_written() -> None:
    first, *rest = next_ids(Message, 3)
    assert [first, *rest] == [first, first + 1, first + 2]
    assert Message.objects.create(topic="t", key="k", payload={}, due_at=NOON).pk == first + 3


def test_a_county_is_told_by_its_code(qingshi: Any) -> None:
    county = County.objects.get()
    assert Glance(c=Rows(County, "t.code = %(code)s::varchar"))(code=county.pk).one("c") == county
