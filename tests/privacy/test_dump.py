"""After a county has lived, a dump of every table and every line of the logs hold no identifier of anybody in clear.

Invented people report, are answered, rung back, export lists, ask for their data; then everything is dumped as text.
What people say of each other in free words is locked too; what of it stands in titles and in the search index is
covered first, and `docs/decisions/words-are-locked-titles-are-covered.md` says what is left.
"""

import base64
import io
import logging
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from jingwei.affairs.incidents.kinds import Incident
from jingwei.affairs.privacy.acts import carry_out_granted
from jingwei.affairs.privacy.kinds import OwnData
from jingwei.casework.acts.motions import INSTRUCTION, raise_motion
from jingwei.casework.acts.opening import case_code
from jingwei.casework.acts.remarks import comment, urge
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence
from jingwei.outbox.worker import work_once
from jingwei.trail.actor import Actor

STATE = Path(os.environ.get("JINGWEI_TEST_STATE", "/nonexistent"))
NAMES = ("欧阳虚构甲", "司马虚构乙", "诸葛虚构丙")
NUMBERS = ("13812345601", "13912345602", "13712345603")
IDENTITY, CARD = "110101199003074098", "6222021234567894"
SAID_NAME = "尉迟虚构己"
"""Somebody whom no field of a name ever held: she is named in sentences alone."""
TYPED = "夏侯虚构庚13312345610"
"""What officials type where they give reasons, describe and decide."""
SAID_IN_WORDS = ("13612345604", IDENTITY, CARD, "1381234 5605")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any logger says, down to the smallest."""
    kept, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(kept), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(handler)
    root.setLevel(before)


def dumped() -> str:
    """Every table of the database as text, as COPY writes it."""
    parts = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        for (table,) in cursor.fetchall():
            with cursor.cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:
                parts.append(f"-- {table}\n" + b"".join(bytes(piece) for piece in copy).decode())
    return "\n".join(parts)


def disguises(said: str) -> set[str]:
    """How a value might stand in a dump: as it is, as hex of a binary column, in base64."""
    data = said.encode()
    return {said, data.hex(), base64.b64encode(data).decode().rstrip("=")[:-1] or said}


def reported(qingshi: Any) -> None:
    said = {"key": str(uuid4()), "category": "sanitation", "words": "垃圾没人收", "who": "anonymous"}
    assert Client().post(f"/report/?county={qingshi.county_code}", said).status_code == 302


def lives(qingshi: Any, at: datetime) -> list[Case]:
    """Three residents report at the door, one of them at the counter; their matters go different ways."""
    client = Client()
    for name, number in zip(NAMES[:2], NUMBERS[:2], strict=True):
        words = f"我叫{SAID_NAME}，{name}和母亲在家。"
        words += f"请回电{SAID_IN_WORDS[0]}，身份证{IDENTITY}，卡号{CARD}，或者{SAID_IN_WORDS[3]}。"
        said = {"key": str(uuid4()), "category": "sanitation", "words": words, "who": "named", "name": name,
                "telephone": number, "where": f"联系人：{SAID_NAME}，找{name}或{SAID_IN_WORDS[0]}带路"}  # fmt: skip
        assert client.post(f"/report/?county={qingshi.county_code}", said).status_code == 302
    counter = {
        "key": str(uuid4()), "source": "telephone", "words": f"来电，号码{NUMBERS[2]}，身份证{IDENTITY}", "place":
        qingshi.place("grid").pk, "category": "sanitation", "name": NAMES[2], "telephone": NUMBERS[2],
    }  # fmt: skip
    assert qingshi.sign_in(Client(), "clerk").post("/desk/new/", counter).status_code == 302
    cases = list(Case.objects.filter(kind="incident").order_by("pk"))
    for case in cases:
        handled(qingshi, case, at)
    return cases


def handled(qingshi: Any, case: Case, at: datetime) -> None:
    """Assigned, remarked on, urged, instructed, reported handled."""
    number = f"已联系{SAID_IN_WORDS[0]}，卡号{CARD}，{TYPED}"
    assign = Evidence(posts={"handler": qingshi.post("housing.desk").pk}, words={"opinion": number})
    take(Incident.assign, case, actor=qingshi.actor("dispatcher"), at=at, evidence=assign)
    comment(case, number, actor=qingshi.actor("housing"), at=at)
    urge(case, number, actor=Actor.bearer(case.pk), at=at)
    raise_motion(INSTRUCTION, case, number, actor=qingshi.actor("leader"), at=at)
    take(Incident.sign_for, case, actor=qingshi.actor("housing"), at=at)
    done = Evidence(words={"reply": number})
    take(Incident.report_handled, case, actor=qingshi.actor("housing"), at=at, evidence=done)


def looked_at(qingshi: Any, case: Case) -> None:
    """Searched for by number, exported, uncovered with a reason that holds a number."""
    dispatcher = qingshi.sign_in(Client(), "dispatcher")
    for address in (
        f"/desk/?q={NUMBERS[0]}",
        f"/desk/?q={IDENTITY}",
        "/desk/?queue=seen",
        f"/desk/case/{case.number}/",
    ):
        assert dispatcher.get(address).status_code == 200
    b"".join(dispatcher.get(f"/desk/export.xlsx?queue=seen&q={NUMBERS[0]}").streaming_content)  # type: ignore[attr-defined]
    reason = {"reason": "clarify", "words": f"回拨{NUMBERS[0]}核实"}
    assert NUMBERS[0] in dispatcher.post(f"/desk/case/{case.number}/contact/", reason).content.decode()


def asks_for_her_data(qingshi: Any, case: Case, at: datetime) -> None:
    """Corrected to a new number, then seen."""
    client = Client()
    said = {"key": str(uuid4()), "sort": "correct", "code": case_code(case.pk), "new_name": "公孙虚构丁",
            "new_telephone": "13512345609"}  # fmt: skip
    assert client.post("/my-data/", said).status_code == 302
    request = Case.objects.get(kind=OwnData.name)
    known = Evidence(words={"words": f"回拨{NUMBERS[0]}"})
    take(OwnData.recognise, request, actor=qingshi.actor("county_caller"), at=at, evidence=known)
    take(OwnData.grant, request, actor=qingshi.actor("county"), at=at)
    assert carry_out_granted(at) == 1


def officials_type(qingshi: Any, case: Case) -> None:
    """What the officers and the clerks write into every field of words that is theirs."""
    administrator, security = (qingshi.sign_in(Client(), who) for who in ("administrator", "security"))
    new = {"name": "夏侯虚构庚", "username": "xiahou", "telephone": "13312345610", "email": "", "post": ""}
    assert administrator.post("/desk/accounts/new/", {"key": str(uuid4())} | new).status_code == 200
    clerk = qingshi.account("clerk").pk
    for deed in ("password", "disable", "enable", "unlock", "sign-out"):
        answer = administrator.post(f"/desk/accounts/{clerk}/do/{deed}/", {"reason": TYPED, "key": str(uuid4())})
        assert answer.status_code in (200, 302), deed
    today = timezone.localdate()
    asked = {"permission": "wider_sight", "scene": "emergency", "place": qingshi.place("town", 1).pk, "law": TYPED,
             "post": qingshi.post("power.desk").pk, "reason": TYPED, "since": today, "until": today}  # fmt: skip
    assert administrator.post("/desk/exceptions/new/", asked | {"key": str(uuid4())}).status_code == 302
    security.post("/desk/security/", {"username": "xiahou", "reason": TYPED})
    why = {"reason": "clarify", "words": TYPED}
    qingshi.sign_in(Client(), "dispatcher").post(f"/desk/case/{case.number}/contact/", why)
    written = {"subject": "网格事项", "occasion": "sensitive", "necessity": TYPED, "risks": TYPED, "measures": TYPED,
               "outcome": "accepted", "key": str(uuid4())}  # fmt: skip
    security.post("/desk/records/assessments/", written)


@pytest.fixture
def lived(qingshi: Any, own_database: str, log: io.StringIO) -> Callable[[], tuple[str, str]]:
    """Let the county live; what the dump and the log then hold."""

    def live() -> tuple[str, str]:
        at = timezone.now() - timedelta(hours=3)
        cases = lives(qingshi, at)
        looked_at(qingshi, cases[0])
        officials_type(qingshi, cases[0])
        asks_for_her_data(qingshi, cases[0], at)
        while work_once(timezone.now()):
            pass
        return dumped(), log.getvalue()

    return live


def test_a_dump_and_the_logs_hold_no_identifier_in_clear(lived: Callable[[], tuple[str, str]]) -> None:
    dump, log = lived()
    assert min(dump.count("-- public.casework_statement"), len(log)) >= 1
    for kept in ("accounts_measure", "accounts_permit", "people_unmasking", "people_assessment", "people_sharing"):
        assert len(dump.split(f"-- public.{kept}\n", 1)[1].split("-- public.", 1)[0].splitlines()) >= 1, kept
    invented = (SAID_NAME, TYPED, *NAMES, "公孙虚构丁", *NUMBERS, "13512345609", *SAID_IN_WORDS, "13812345605")
    found = {
        (said, where)
        for said in invented
        for where, text in (("dump", dump), ("log", log))
        if any(one in text for one in disguises(said))
    }
    assert found == set()


def test_no_official_s_name_and_no_number_of_hers_stands_in_clear(qingshi: Any, own_database: str) -> None:
    from jingwei.people.models import Person
    from jingwei.policy.models import Edition

    Edition.objects.update(document={})  # the invented names of a demonstration stand in its pack, as real ones do not
    dump = dumped()
    known = {p.name for p in Person.objects.all()} | {p.telephone for p in Person.objects.all()}
    assert [said for said in known if any(one in dump for one in disguises(said))] == []


def test_the_server_s_own_log_quotes_neither_statements_nor_rows(server: Path, own_database: str, qingshi: Any) -> None:
    """A row that breaks a rule, a search that is cut off, a name that is taken: each is an error in its log."""
    reported(qingshi)
    statements = (
        ("UPDATE casework_case SET rating = 9, title = %s", TYPED),
        ("SET LOCAL statement_timeout = 30; SELECT pg_sleep(3) WHERE %s <> ''", NUMBERS[0]),
        (
            "INSERT INTO accounts_account SELECT (a).* FROM (SELECT a FROM accounts_account a) s WHERE %s <> ''",
            NAMES[0],
        ),
    )
    for statement, said in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [said])
    log = (STATE / "postgres" / "log").read_text(errors="replace")
    assert log.count("ERROR:") >= 3
    assert [one for one in ("STATEMENT:", "DETAIL:", *NAMES, *NUMBERS, TYPED) if one in log] == []
