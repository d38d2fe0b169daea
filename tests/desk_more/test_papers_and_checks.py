"""Papers of a case, sheets of QR codes, the sample, and the calls back."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.motions import SUPERVISION, raise_motion
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case, Statement
from jingwei.casework.needs import Evidence
from jingwei.people.models import Unmasking


class TestPapers:
    """Assignment, supervision and reply."""

    def test_the_assignment_says_who_what_and_until_when(
        self, seated: Callable[[str], Client], handled: Callable[..., Case]
    ) -> None:
        case = handled()
        page = seated("housing").get(f"/desk/case/{case.number}/print/assignment/").content.decode()
        for words in ("交办单", "住建局：", case.number, "下水道堵了两天", "请牵头办理。", "138****6021", "签收人："):
            assert words in page
        assert "13800006021" not in page

    def test_a_letter_of_supervision_is_there_once_it_was_issued(
        self, seated: Callable[[str], Client], handled: Callable[..., Case], qingshi: Any, at: Any
    ) -> None:
        case = handled()
        address = f"/desk/case/{case.number}/print/supervision/"
        assert seated("dispatcher").get(address).status_code == 404
        raise_motion(SUPERVISION, case, "请限期核实。", actor=qingshi.actor("dispatcher"), at=at + timedelta(hours=9))
        page = seated("dispatcher").get(address).content.decode()
        assert "督办函" in page
        assert "请限期核实。" in page

    def test_the_reply_holds_what_was_written_for_the_resident_and_nothing_more(
        self, seated: Callable[[str], Client], handled: Callable[..., Case]
    ) -> None:
        case = handled()
        page = seated("housing").get(f"/desk/case/{case.number}/print/reply/").content.decode()
        assert "已疏通，现排水正常。" in page
        assert "请牵头办理。" not in page

    @pytest.mark.parametrize("name", ["assignment", "supervision", "reply", "nothing"])
    def test_a_paper_of_a_case_one_does_not_see_is_not_there(
        self, seated: Callable[[str], Client], handled: Callable[..., Case], name: str
    ) -> None:
        assert seated("urban").get(f"/desk/case/{handled().number}/print/{name}/").status_code == 404


class TestCodes:
    """Sheets of QR codes."""

    def test_each_compound_of_a_grid_has_its_own_code(self, seated: Callable[[str], Client], qingshi: Any) -> None:
        from jingwei.places.pages import address_of
        from jingwei.places.queries import standing, subtree

        community = qingshi.place("community")
        page = seated("clerk").get("/desk/qr/", {"place": community.pk}).content.decode()
        compounds = list(standing(qingshi.county_code, "compound").filter(**subtree(community.path)))
        assert page.count("code-card") == len(compounds) > 0
        assert all(str(c) in page for c in compounds)
        assert page.count("扫码上报") == len(compounds)
        assert address_of(compounds[0]) == f"{settings.BASE_URL}/q/{compounds[0].qr}/"
        assert "style=" not in page

    def test_a_grid_worker_prints_those_of_her_own_ground_only(
        self, seated: Callable[[str], Client], qingshi: Any
    ) -> None:
        ground = qingshi.post_of("grid").ground
        other = next(g for n in range(1, 9) if (g := qingshi.place("grid", n)) != ground)
        client = seated("grid")
        assert client.get("/desk/qr/", {"place": ground.pk}).status_code == 200
        assert client.get("/desk/qr/", {"place": other.pk}).status_code == 404
        assert client.get("/desk/qr/", {"place": "x"}).status_code == 404
        assert client.get("/desk/qr/").status_code == 200


class TestSample:
    """Cases drawn by the system."""

    def test_a_draw_can_be_replayed_from_what_stands_on_the_page(
        self, seated: Callable[[str], Client], opened: Callable[..., Case], qingshi: Any, at: Any
    ) -> None:
        drawn = None
        for _try in range(200):
            case = opened(category="policy_enquiry", request_class="enquiry")
            evidence = Evidence(words={"reply": "已当场解释。"})
            case = take(Incident.answer, case, actor=qingshi.actor("clerk"), at=at, evidence=evidence)
            if case.stage == "verifying":
                drawn = case
                break
        assert drawn is not None
        lot = int.from_bytes(hashlib.sha256(f"7:{drawn.pk}:1".encode()).digest()[:8], "big") / 2**64
        page = seated("inspector").get("/desk/sample/").content.decode()
        assert page.count(f"{lot:.6f}") == 2
        assert drawn.number in page
        assert "一致" in page

    @pytest.mark.parametrize("who", ["clerk", "housing", "grid"])
    def test_the_sample_is_not_for_those_who_are_sampled(self, seated: Callable[[str], Client], who: str) -> None:
        assert seated(who).get("/desk/sample/").status_code == 403


class TestCalls:
    """Calling back whoever asked."""

    def test_the_number_is_covered_until_a_reason_is_given_and_that_is_remembered(
        self, seated: Callable[[str], Client], handled: Callable[..., Case], qingshi: Any, told: Any
    ) -> None:
        case = handled()
        client = seated("caller")
        page = client.get("/desk/callbacks/").content.decode()
        assert "138****6021" in page
        assert "13800006021" not in page
        address = f"/desk/callbacks/{case.number}/telephone/"
        assert client.post(address, {"reason": " "}).status_code == 422
        assert told("people.unmasked") == []
        shown = client.post(address, {"reason": "回访听取意见"})
        assert "13800006021" in shown.content.decode()
        assert "no-store" in shown.headers["Cache-Control"]
        assert told("people.unmasked") == [
            {
                "actor_person": qingshi.person("caller").pk,
                "actor_post": qingshi.post("town_centre.caller").pk,
                "subject_id": case.asker_id,
                "facts": {"about": case.number, "reason": "call_back", "unmasking": Unmasking.objects.get().pk},
            }
        ]
        assert Unmasking.objects.get().words == "回访听取意见"
        assert "13800006021" not in client.get(f"/desk/callbacks/{case.number}/").content.decode()

    def test_the_pack_s_questions_are_asked_and_a_good_call_closes_the_case(
        self, seated: Callable[[str], Client], handled: Callable[..., Case]
    ) -> None:
        case = handled()
        client, address = seated("caller"), f"/desk/callbacks/{case.number}/"
        assert "问题是否解决？" in client.get(address).content.decode()
        said = {"key": str(uuid4()), "answer_solved": "yes", "answer_rating": "5", "answer_wish": "谢谢"}
        assert client.post(address, said).status_code == 302
        case.refresh_from_db()
        assert (case.stage, case.rating, case.rating_told) == ("closed", 5, True)
        words = Statement.objects.filter(case=case, name="words").latest("id").words
        assert words.splitlines() == [
            "问题是否解决？是",
            "您对办理情况是否满意？非常满意",
            "您还有什么意见或建议？谢谢",
        ]

    def test_unsolved_by_the_resident_s_word_it_goes_back(
        self, seated: Callable[[str], Client], handled: Callable[..., Case]
    ) -> None:
        case = handled()
        said = {"key": str(uuid4()), "answer_solved": "no"}
        assert seated("caller").post(f"/desk/callbacks/{case.number}/", said).status_code == 302
        case.refresh_from_db()
        assert (case.stage, case.redone) == ("handling", 1)

    @pytest.mark.parametrize("who", ["inspector", "clerk", "housing"])
    def test_nobody_else_calls_back_or_sees_numbers(
        self, seated: Callable[[str], Client], handled: Callable[..., Case], told: Any, who: str
    ) -> None:
        case = handled()
        client = seated(who)
        assert client.get("/desk/callbacks/").status_code == 403
        assert client.post(f"/desk/callbacks/{case.number}/telephone/", {"reason": "想看看"}).status_code == 403
        assert told("people.unmasked") == []

    def test_a_call_that_is_not_due_is_not_there(
        self, seated: Callable[[str], Client], opened: Callable[..., Case]
    ) -> None:
        case = opened()
        assert (
            seated("caller").post(f"/desk/callbacks/{case.number}/telephone/", {"reason": "回访意见"}).status_code
            == 404
        )


def test_an_assisting_unit_gets_an_assignment_sheet_of_its_own(
    seated: Callable[[str], Client], opened: Callable[..., Case], qingshi: Any, at: Any
) -> None:
    urban = qingshi.post("urban_management.desk").pk
    evidence = Evidence(posts={"handler": qingshi.post("housing.desk").pk}, assisting=(urban,))
    case = take(Incident.assign, opened(), actor=qingshi.actor("dispatcher"), at=at, evidence=evidence)
    child = case.children.get()
    page = seated("urban").get(f"/desk/case/{child.number}/print/assignment/").content.decode()
    assert "城管局：" in page
