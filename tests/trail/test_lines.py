"""A line of the trail says what was done, proves itself, and holds nobody's words."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from jingwei.trail.actor import Actor, ActorRefused
from jingwei.trail.acts import Entry, FactRefused, record, record_many
from jingwei.trail.models import Line
from jingwei.trail.queries import lines_of
from jingwei.trail.verbs import UnknownVerb, Verb, VerbRefused, verb, verb_named, verbs

CHINA = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=CHINA)
LI_FANG = Actor.of_person(7, 3, "渭水街道办事处 调度员")
ASSIGN = verb("trail_test.assigned", "assign", "assigned")


def one(**said: object) -> int:
    """A line by Li Fang about case 17."""
    return record(LI_FANG, ASSIGN, **({"at": MORNING, "subject": ("case", 17)} | said))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_line_tells_who_did_what_to_what_where_and_when() -> None:
    line_id = one(place="990121/100/001/003/", facts={"to": 9, "stage": "handling", "urgent": False, "lead": None})
    (told,) = lines_of("case", 17)
    assert (told.id, told.at, told.actor, told.who, told.did) == (
        line_id,
        MORNING,
        LI_FANG,
        "渭水街道办事处 调度员",
        "assigned",
    )
    assert (told.place, told.facts) == (
        "990121/100/001/003/",
        {"to": 9, "stage": "handling", "urgent": False, "lead": None},
    )


@pytest.mark.django_db
def test_lines_about_one_thing_come_in_the_order_in_which_they_were_written() -> None:
    ids = record_many(
        [
            Entry(LI_FANG, ASSIGN, MORNING, ("case", number), facts={"n": n})
            for n, number in enumerate([17, 18, 17, 19, 17])
        ]
    )
    assert ids == sorted(ids)
    assert [line.id for line in lines_of("case", 17)] == [ids[0], ids[2], ids[4]]
    assert [line.facts["n"] for line in lines_of("case", 17)] == [0, 2, 4]
    assert [line.id for line in lines_of("case", 18)] == [ids[1]]
    assert lines_of("promise", 17) == []
    assert record_many([]) == []


@pytest.mark.django_db
def test_words_are_proven_without_being_kept() -> None:
    words = "三单元门口的井盖坏了"
    one(words=[words])
    one(words=[words])
    first, second = lines_of("case", 17)
    assert first.holds(words)
    assert not first.holds("三单元门口的井盖坏了。")
    assert first.digests != second.digests, "salted for each line, so equal words do not show"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trail_line AS line WHERE line::text LIKE %s", [f"%{words}%"])
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_anybody_can_reckon_a_lines_digest_from_what_it_shows() -> None:
    line = Line.objects.get(pk=one(facts={"to": 9, "place": "渭水“东”区\\北"}, words=["漏水"]))
    shown = [
        "jingwei trail line 1",
        line.id,
        line.tx,
        microseconds(line.written_at),
        microseconds(line.at),
        line.verb,
        line.actor_kind,
        line.actor_person,
        line.actor_post,
        line.actor_title,
        line.subject_type,
        line.subject_id,
        line.place,
        dict(sorted(line.facts.items(), key=lambda fact: (len(fact[0].encode()), fact[0].encode()))),
        line.digests,
        bytes(line.salt).hex(),
    ]
    assert hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).digest() == bytes(line.digest)


def microseconds(at: datetime) -> int:
    """Since 1970, in whole numbers."""
    past = at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (past.days * 86400 + past.seconds) * 1_000_000 + past.microseconds


@pytest.mark.django_db
def test_what_proves_a_line_is_set_by_the_database_whatever_is_passed() -> None:
    before = one()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trail_line (id, tx, written_at, digest, at, verb, actor_kind, actor_title,"
            " subject_type, subject_id, place, facts, digests, salt)"
            " VALUES (999999, 5, '1999-01-01', 'forged', %s, 'x.y', 'machine', 'clock sweep',"
            " 'case', 17, '', '{}', '[]', '')"
            " RETURNING id, tx = pg_current_xact_id()::text::bigint, written_at > '2020-01-01',"
            " digest = trail_digest(trail_line)",
            [MORNING],
        )
        assert cursor.fetchone() == (before + 1, True, True, True)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["trail_line", "trail_seal", "trail_line, trail_seal"])
@pytest.mark.parametrize("said", ["TRUNCATE {}", "DELETE FROM {}", "UPDATE {} SET id = id"])
def test_the_servers_role_may_only_add(said: str, table: str) -> None:
    one()
    if "," in table and not said.startswith("TRUNCATE"):
        return
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(said.format(table))
    assert len(lines_of("case", 17)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts",
    [
        {"share": 0.5},
        {"list": [1]},
        {"text": "长" * 201},
        {"big": 2**63},
        {"at": MORNING},
        {"nul": "a\0b"},
        {3: "x"},
    ],
)
def test_a_fact_is_a_short_text_a_whole_number_a_truth_value_or_nothing(facts: dict[str, object]) -> None:
    with pytest.raises(FactRefused):
        one(facts=facts)


@pytest.mark.django_db
def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        one(at=datetime(2026, 3, 2, 8, 30))  # noqa: DTZ001


@pytest.mark.django_db
def test_only_the_registered_verb_is_written() -> None:
    with pytest.raises(UnknownVerb):
        record(LI_FANG, Verb("trail_test.made_up", "x", "x"), at=MORNING, subject=("case", 17))
    with pytest.raises(UnknownVerb):
        record(LI_FANG, Verb(ASSIGN.name, "x", "x"), at=MORNING, subject=("case", 17))


@pytest.mark.parametrize("name", ["assigned", "Case.assigned", "case.", "case.assigned now", "trail_test.assigned"])
def test_a_verbs_name_reads_room_dot_deed_and_is_taken_once(name: str) -> None:
    with pytest.raises(VerbRefused):
        verb(name, "x", "x")
    assert verb_named("trail_test.assigned") is ASSIGN
    assert ASSIGN in verbs()


@pytest.mark.parametrize(
    ("kind", "person", "post", "title"),
    [
        ("person", None, 3, "x"),
        ("machine", 7, None, "x"),
        ("bearer", None, 3, "x"),
        ("machine", None, None, ""),
        ("person", 7, 3, "长" * 201),
    ],
)
def test_an_actor_is_a_person_a_bearer_or_a_machine(kind: str, person: int, post: int, title: str) -> None:
    with pytest.raises(ActorRefused):
        Actor(kind, person, post, title)  # type: ignore[arg-type]


def test_an_actor_says_who_acts_without_a_persons_name(english: None) -> None:
    assert LI_FANG.who == "渭水街道办事处 调度员"
    assert Actor.bearer(17).who == "the bearer of the case code"
    assert Actor.machine("clock sweep").who == "the system (clock sweep)"


@pytest.fixture
def english() -> Iterator[None]:
    from django.utils.translation import override

    with override("en"):
        yield


texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)
facts = st.dictionaries(texts, st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | texts, max_size=4)


@pytest.mark.django_db
@given(facts=facts, place=texts, words=st.lists(texts, max_size=3))
def test_facts_come_back_as_they_were_and_every_digest_holds(
    facts: dict[str, object], place: str, words: list[str]
) -> None:
    line_id = one(facts=facts, place=place, words=words)
    told = lines_of("case", 17)[-1]
    assert (told.id, told.facts, told.place) == (line_id, facts, place)
    assert all(told.holds(said) for said in words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest = trail_digest(line) FROM trail_line AS line WHERE id = %s", [line_id])
        assert cursor.fetchone() == (True,)
