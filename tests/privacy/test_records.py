"""What was shown, handed over, erased and assessed is written down, by post, for those who watch over it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from jingwei.affairs.privacy.tasks import EXPIRY
from jingwei.casework.models import Case
from jingwei.people.acts import unmask
from jingwei.people.erasing import expire
from jingwei.people.models import Assessment, Sharing
from jingwei.policy.models import County
from jingwei.trail.models import Line

pytestmark = pytest.mark.django_db


def signed_in(qingshi: Any, who: str) -> Client:
    return qingshi.sign_in(Client(), who)  # type: ignore[no-any-return]


@pytest.mark.parametrize("page", ["unmaskings", "sharings", "erasures", "assessments"])
def test_the_records_are_for_the_auditor_and_the_security_officer_alone(qingshi: Any, page: str) -> None:
    told = {who: signed_in(qingshi, who).get(f"/desk/records/{page}/").status_code for who in
            ("auditor", "security", "administrator", "dispatcher", "leader")}  # fmt: skip
    assert told == {"auditor": 200, "security": 200, "administrator": 403, "dispatcher": 403, "leader": 403}


def test_unmaskings_are_counted_by_post_and_open_to_their_reasons_without_a_person_s_name(
    qingshi: Any, reported: Callable[..., Case], at: datetime
) -> None:
    case = reported()
    assert case.asker is not None
    for who, times in (("housing", 2), ("county_caller", 1)):
        for _n in range(times):
            unmask(case.asker, about=case.number, reason="on_site", words="约上门时间", actor=qingshi.actor(who), at=at)
    page = signed_in(qingshi, "auditor").get("/desk/records/unmaskings/")
    counted = {one["title"]: one["times"] for one in page.context["counted"]}
    assert counted == {qingshi.post("housing.desk").full_title: 2, qingshi.post("county_centre.caller").full_title: 1}
    opened = signed_in(qingshi, "auditor").get(f"/desk/records/unmaskings/?post={qingshi.post('housing.desk').pk}")
    said = opened.content.decode()
    assert said.count("约上门时间") == 2
    assert [name in said for name in (qingshi.person("housing").name, "赵大娘", "13800006021")] == [False] * 3


def test_every_export_with_personal_fields_writes_itself_down(qingshi: Any, reported: Callable[..., Case]) -> None:
    reported()
    dispatcher = signed_in(qingshi, "dispatcher")
    for sheet in ("export", "export-hotline"):
        answer = dispatcher.get(f"/desk/{sheet}.xlsx?queue=seen")
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content) != b""  # type: ignore[attr-defined]
    kept = [(s.sort, s.recipient, s.records, s.covered) for s in Sharing.objects.order_by("pk")]
    assert kept == [("export", qingshi.post("town_centre.dispatcher").full_title, 1, True)] * 2
    assert Line.objects.filter(verb="people.shared").count() == 2
    page = signed_in(qingshi, "security").get("/desk/records/sharings/").content.decode()
    assert "反映人电话" in page


def test_an_empty_export_hands_nothing_over(qingshi: Any) -> None:
    answer = signed_in(qingshi, "dispatcher").get("/desk/export.xlsx?queue=ended")
    assert b"".join(answer.streaming_content) != b""  # type: ignore[attr-defined]
    assert Sharing.objects.count() == 0


ASSESSED = {
    "subject": "热线工单接入", "occasion": "shared", "necessity": "为办理所必需。", "risks": "号码泄露的风险，较低。",
    "measures": "加密、遮盖、留痕。", "outcome": "with_measures",
}  # fmt: skip


def test_the_security_officer_writes_assessments_and_sharings_down_and_the_auditor_reads_them(qingshi: Any) -> None:
    officer, auditor = signed_in(qingshi, "security"), signed_in(qingshi, "auditor")
    assert officer.post("/desk/records/assessments/", ASSESSED).status_code == 302
    assert auditor.post("/desk/records/assessments/", ASSESSED).status_code == 403
    assert officer.post("/desk/records/assessments/", ASSESSED | {"risks": ""}).status_code == 422
    shared = {
        "sort": "entrust", "recipient": "某运维单位", "purpose": "系统运维", "ground": "委托合同",
        "fields_shared": ["report_words"], "records": "200",
    }  # fmt: skip
    assert officer.post("/desk/records/sharings/", shared).status_code == 302
    assert officer.post("/desk/records/sharings/", shared | {"records": "0"}).status_code == 422
    assert (Assessment.objects.count(), Sharing.objects.count()) == (1, 1)
    read = auditor.get("/desk/records/assessments/").content.decode()
    assert ["热线工单接入" in read, "采取上述措施后可以开展" in read, "登记</button>" in read] == [True, True, False]
    assert "某运维单位" in auditor.get("/desk/records/sharings/").content.decode()


def test_what_went_is_read_by_day_and_field(
    qingshi: Any, county: County, ended: Callable[..., Case], at: datetime
) -> None:
    ended()
    from datetime import timedelta

    expire(county, actor=EXPIRY, at=at + timedelta(days=400))
    page = signed_in(qingshi, "auditor").get("/desk/records/erasures/").content.decode()
    assert ["反映人电话" in page, "保存期满" in page, "365 days" in page] == [True, True, True]
