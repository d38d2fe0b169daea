"""A resident sees, corrects, takes along or erases what is kept of her; known by what she left, and by nothing new."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from jingwei.affairs.privacy.acts import carry_out_granted
from jingwei.affairs.privacy.kinds import OwnData
from jingwei.affairs.privacy.models import Wish
from jingwei.casework.acts.opening import case_code
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case, Statement
from jingwei.casework.needs import Evidence
from jingwei.casework.refusals import OwnWork
from jingwei.people.models import Person, Tombstone, Unmasking
from jingwei.trail.models import Line

pytestmark = pytest.mark.django_db


def asks(client: Client, sort: str, **said: str) -> Case:
    """Send the form of the residents' door; the request that was opened."""
    answer = client.post("/my-data/", {"key": str(uuid4()), "sort": sort, **said})
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/case/"), answer.content.decode()[-3000:]
    return Case.objects.filter(kind=OwnData.name).latest("pk")


def granted(qingshi: Any, request: Case) -> Case:
    """Recognised by the caller, granted by the county's dispatcher, carried out by the system."""
    at = timezone.now()
    words = Evidence(words={"words": "回拨登记号码核对"})
    take(OwnData.recognise, request, actor=qingshi.actor("county_caller"), at=at, evidence=words)
    take(OwnData.grant, request, actor=qingshi.actor("county"), at=at)
    assert carry_out_granted(at) == 1
    return Case.objects.get(pk=request.pk)


def reply(request: Case) -> str:
    return Statement.objects.get(case=request, name="reply").words


def test_whoever_bears_a_code_reads_all_that_is_kept_of_it(
    qingshi: Any, reported: Callable[..., Case], client: Client
) -> None:
    case = reported()
    request = granted(qingshi, asks(client, "see", code=case_code(case.pk)))
    assert (request.stage, request.is_open) == ("done", False)
    assert "/my-data/kept/" in client.get("/c/").content.decode()
    page = client.get("/my-data/kept/").content.decode()
    assert [said in page for said in ("赵大娘", "13800006021", "110101199003074098", case.number)] == [True] * 4
    with zipfile.ZipFile(io.BytesIO(b"".join(client.get("/my-data/kept/?as=zip").streaming_content))) as archive:  # type: ignore[attr-defined]
        data = json.loads(archive.read("data.json"))
    assert data["contact"] == [{"name": "赵大娘", "telephone": "13800006021"}]
    assert [matter["number"] for matter in data["matters"]] == [case.number]
    assert [said["words"] for said in data["matters"][0]["your_words"]] == [
        "3号楼垃圾没清，请打13800006021，身份证110101199003074098。"
    ]


def test_nobody_else_reads_it_and_not_before_it_is_granted_nor_after_thirty_days(
    qingshi: Any, reported: Callable[..., Case], client: Client
) -> None:
    request = asks(client, "see", code=case_code(reported().pk))
    assert client.get("/my-data/kept/").status_code == 404
    granted(qingshi, request)
    assert Client().get("/my-data/kept/").status_code == 404
    assert client.get("/my-data/kept/").status_code == 200
    Case.objects.filter(pk=request.pk).update(ended_at=timezone.now() - timedelta(days=31))
    assert client.get("/my-data/kept/").status_code == 410


def test_by_a_telephone_number_all_her_matters_are_found_and_nobody_else_s(
    qingshi: Any, reported: Callable[..., Case], client: Client
) -> None:
    hers = [reported(), reported(name="", telephone="138-0000-6021")]
    reported(name="钱二", telephone="13900006021")
    reported(name="", telephone="")
    granted(qingshi, asks(client, "take_along", telephone="１３８ 0000 6021"))
    page = client.get("/my-data/kept/").content.decode()
    assert [case.number in page for case in Case.objects.filter(kind="incident").order_by("pk")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert len(hers) == 2


def test_places_taken_at_activities_are_hers_by_her_number_and_go_when_she_asks(
    qingshi: Any, reported: Callable[..., Case], client: Client
) -> None:
    from jingwei.affairs.activities.acts import Plan, plan, publish
    from jingwei.affairs.activities.models import SignUp
    from jingwei.affairs.activities.signing import Taking, sign_up

    post, actor, at = qingshi.post_of("community"), qingshi.actor("community"), timezone.now()
    begins = at + timedelta(days=2)
    what = Plan(
        sort="training", title="急救培训", where="文化站", begins_at=begins, ends_at=begins + timedelta(hours=2),
        asks_contact=True,
    )  # fmt: skip
    course = plan(post.organisation, what, by=post, actor=actor, at=at, key=uuid4())
    publish(course, actor=actor, at=at)
    hers, other = (
        sign_up(course, Taking(1, name, number), at=at, key=uuid4())
        for name, number in (("孙三", "13800006021"), ("李四", "13900006021"))
    )
    reported()
    granted(qingshi, asks(client, "see", telephone="13800006021"))
    page = client.get("/my-data/kept/").content.decode()
    assert ["急救培训" in page, "孙三" in page, "李四" in page] == [True, True, False]
    granted(qingshi, asks(client, "erase", telephone="13800006021"))
    kept = {row.pk: (row.name, row.telephone) for row in SignUp.objects.all()}
    assert kept == {hers.pk: ("", ""), other.pk: ("李四", "13900006021")}


def test_the_page_tells_nobody_whether_a_number_is_known(
    qingshi: Any, reported: Callable[..., Case], client: Client
) -> None:
    reported()
    known, unknown = (asks(client, "see", telephone=number) for number in ("13800006021", "13900009999"))
    assert (known.title, known.stage) == (unknown.title, unknown.stage)


def test_what_is_wrong_is_corrected_and_found_under_the_new_number(
    qingshi: Any, reported: Callable[..., Case], client: Client
) -> None:
    case = reported()
    request = granted(
        qingshi, asks(client, "correct", code=case_code(case.pk), new_name="赵大妈", new_telephone="13700001111")
    )
    person = Person.objects.get(pk=case.asker_id)
    assert (person.name, person.telephone) == ("赵大妈", "13700001111")
    again = granted(qingshi, asks(client, "see", telephone="13700001111"))
    assert case.number in client.get("/my-data/kept/").content.decode()
    assert again.stage == "done"
    wish = Wish.objects.get(case=request)
    assert (wish.name, wish.telephone, wish.done_at is not None) == ("", "", True)
    assert Line.objects.get(verb="people.corrected").facts == {"name": True, "telephone": True}


def test_what_has_ended_is_erased_what_is_open_keeps_its_words_and_both_are_said(
    qingshi: Any, reported: Callable[..., Case], ended: Callable[..., Case], client: Client
) -> None:
    over, waiting = ended(), reported()
    request = granted(qingshi, asks(client, "erase", telephone="13800006021"))
    assert set(Person.objects.filter(purpose="asker").values_list("telephone_locked", flat=True)) == {None}
    words = {case.pk: [s.words for s in case.statements.order_by("pk")] for case in (over, waiting)}
    assert words == {over.pk: ["", ""], waiting.pk: ["3号楼垃圾没清，请打13800006021，身份证110101199003074098。"]}
    over.refresh_from_db()
    waiting.refresh_from_db()
    assert (over.where, over.lon, waiting.where, waiting.asks_back) == ("", None, "3号楼2单元", False)
    said = reply(request)
    assert ["反映人电话（" in said, "反映的内容（1件）" in said, waiting.number in said, over.number in said] == [
        True, True, True, False,
    ]  # fmt: skip
    assert set(Tombstone.objects.values_list("why", flat=True)) == {"wish"}
    assert "文字已删除。" in client.get(f"/c/{case_code(over.pk)}/").content.decode()


def test_an_anonymous_report_is_erased_by_its_code_alone(
    qingshi: Any, ended: Callable[..., Case], client: Client
) -> None:
    over = ended(name="", telephone="")
    granted(qingshi, asks(client, "erase", code=case_code(over.pk)))
    assert [s.words for s in over.statements.all()] == ["", ""]


def test_nobody_recognises_and_grants_the_same_request(
    qingshi: Any, reported: Callable[..., Case], client: Client
) -> None:
    request, at = asks(client, "erase", code=case_code(reported().pk)), timezone.now()
    take(OwnData.recognise, request, actor=qingshi.actor("county"), at=at, evidence=Evidence(words={"words": "凭码"}))
    with pytest.raises(OwnWork):
        take(OwnData.grant, request, actor=qingshi.actor("county"), at=at)
    assert carry_out_granted(at) == 0


def test_carrying_out_is_done_once(qingshi: Any, ended: Callable[..., Case], client: Client) -> None:
    granted(qingshi, asks(client, "erase", code=case_code(ended().pk)))
    stones = Tombstone.objects.count()
    assert (carry_out_granted(timezone.now()), Tombstone.objects.count()) == (0, stones)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"sort": "see"},
        {"sort": "read", "telephone": "13800006021"},
        {"sort": "see", "code": "ABCDE-23456"},
        {"sort": "see", "telephone": "hello"},
        {"sort": "correct", "telephone": "13800006021"},
        {"sort": "correct", "telephone": "13800006021", "new_telephone": "12"},
    ],
)
def test_what_is_missing_is_said_and_nothing_is_opened(qingshi: Any, client: Client, said: dict[str, str]) -> None:
    answer = client.post("/my-data/", {"key": str(uuid4()), **said})
    assert (answer.status_code, Case.objects.filter(kind=OwnData.name).count()) == (422, 0)


class TestAtTheCounter:
    """Whoever has no telephone is served at the counter."""

    def test_it_is_taken_down_granted_and_printed_for_her(
        self, qingshi: Any, reported: Callable[..., Case], at: datetime
    ) -> None:
        case = reported()
        clerk = qingshi.sign_in(Client(), "clerk")
        said = {"key": str(uuid4()), "sort": "see", "number": case.number}
        answer = clerk.post("/desk/own-data/", said)
        request = Case.objects.get(kind=OwnData.name)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/case/{request.number}/")
        granted(qingshi, request)
        sheet = f"/desk/own-data/{request.number}/"
        assert sheet in clerk.get(f"/desk/case/{request.number}/").content.decode()
        assert "13800006021" not in clerk.get(sheet).content.decode()
        assert "13800006021" in clerk.post(sheet).content.decode()
        assert list(Unmasking.objects.values_list("person", "reason", "about")) == [
            (case.asker_id, "identity", request.number)
        ]

    @pytest.mark.parametrize("who", ["housing", "inspector", "auditor"])
    def test_no_other_post_takes_it_down(self, qingshi: Any, who: str) -> None:
        assert qingshi.sign_in(Client(), who).get("/desk/own-data/").status_code == 403

    @pytest.mark.parametrize(
        "said", [{}, {"sort": "see"}, {"sort": "see", "number": "QS2026999999"}, {"sort": "see", "telephone": "1"},
                 {"sort": "correct", "telephone": "13800006021"}],
    )  # fmt: skip
    def test_what_is_missing_is_said(self, qingshi: Any, said: dict[str, str]) -> None:
        answer = qingshi.sign_in(Client(), "clerk").post("/desk/own-data/", {"key": str(uuid4()), **said})
        assert (answer.status_code, Case.objects.count()) == (422, 0)
