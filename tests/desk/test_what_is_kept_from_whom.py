"""What a page of the desk does not tell, and to whom."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.remarks import comment
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case, Statement
from jingwei.casework.needs import Evidence
from jingwei.people.models import Person
from jingwei.trail.actor import Actor

MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def complaint(qingshi: Any) -> Case:
    """A confidential complaint about a village, which the village itself is asked to handle."""
    person = Person.named(qingshi.county_code, "王投诉", "13812345678", purpose=Person.ASKER, ground="request")
    intake = Intake(
        place=qingshi.place("compound", 1),
        title="村里收费不公开",
        source="resident_web",
        words="村里收费不公开，请打13812345678。",
        grade="general",
        category="sanitation",
        asker=person,
        asks_back=True,
        confidential=True,
    )
    case = open_case(Incident, intake, actor=Actor.machine("residents' door"), at=MORNING)
    village = qingshi.post("community_1.clerk")
    evidence = Evidence(posts={"handler": village.pk})
    return take(Incident.assign, case, actor=qingshi.actor("dispatcher"), at=MORNING, evidence=evidence)


def test_the_unit_that_handles_a_confidential_complaint_is_not_told_by_whom(qingshi: Any, complaint: Case) -> None:
    village = qingshi.sign_in(Client(), "community").get(f"/desk/case/{complaint.number}/").content.decode()
    centre = qingshi.sign_in(Client(), "dispatcher").get(f"/desk/case/{complaint.number}/").content.decode()
    told = [[said in page for said in ("王投诉", "王**")] for page in (village, centre)]
    assert told == [[False, False], [False, True]]


def test_a_telephone_number_in_free_words_is_covered_on_the_case_page(qingshi: Any, complaint: Case) -> None:
    page = qingshi.sign_in(Client(), "dispatcher").get(f"/desk/case/{complaint.number}/").content.decode()
    assert ("13812345678" in page, "138****5678" in page) == (False, True)


def test_marks_that_turn_the_direction_of_writing_are_not_kept(qingshi: Any, complaint: Case) -> None:
    comment(complaint, "先\u202e后\u0007。", actor=qingshi.actor("dispatcher"), at=MORNING)
    assert Statement.objects.get(name="remark").words == "先后。"


@pytest.mark.parametrize("address", ["rows/?shown=²", "rows/?shown=1&asked=2020-13-45T00:00:00Z", "?after=~²"])
def test_garbage_in_an_address_of_the_queue_is_answered(qingshi: Any, address: str) -> None:
    client = qingshi.sign_in(Client(), "dispatcher")
    assert client.get(f"/desk/{address}", headers={"HX-Current-URL": "http://["}).status_code == 200


@pytest.mark.parametrize("handler", ["²", "9" * 5000, "9" * 18, "-1"])
def test_a_batch_to_a_post_that_is_none_says_so(qingshi: Any, complaint: Case, handler: str) -> None:
    client = qingshi.sign_in(Client(), "dispatcher")
    given = {"case": complaint.number, "do": "assign", "handler": handler}
    assert client.post("/desk/batch/", given).status_code == 302
