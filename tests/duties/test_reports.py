"""A monthly report: its figures by themselves, a few words, signed off once, for the month it is of however late."""

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jingwei.affairs.meetings.models import Meeting
from jingwei.casework.models import Case
from jingwei.duties.acts import lay_out
from jingwei.duties.models import Turn
from jingwei.policy import load
from jingwei.policy.acts import adopt
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line
from people_fixtures.qingshi import CODE, PACK, Qingshi

REPORT = """
[[meetings]]
key = "report"
name = "月报告"
over = "month"
figures = ["incidents.received"]
agenda = ["需要协调的事项"]

[[duties]]
key = "report"
duty = "monthly_report"
name = "月报告"
owed_by = {role = "department"}
every = "month"
"""


@pytest.mark.django_db
def test_a_report_is_signed_off_in_a_few_words_and_meets_the_month_it_is_of(
    qingshi: Qingshi, client: Client, tmp_path: Path
) -> None:
    pack, now = tmp_path / "qingshi", timezone.now()
    shutil.copytree(PACK, pack)
    (pack / "duties.toml").write_text(REPORT, encoding="utf-8")
    before = timezone.localdate(now).replace(day=1) - timedelta(days=1)
    laid = now - timedelta(days=70)
    adopt(load(pack), CODE, actor=Actor.machine("import"), at=laid)
    lay_out(CODE, at=laid)
    post = qingshi.post("housing.desk")
    qingshi.sign_in(client, "housing")
    page = f"{reverse('desk:meeting_new')}?sort=report&day={before}"
    shown = client.get(page).content.decode()
    assert ("需要协调的事项" in shown, "不用另外填报" in shown, "到会人数" in shown, 'type="number"' in shown) == (
        True, True, False, False,
    )  # fmt: skip
    assert client.post(page, {"key": str(uuid4())}).status_code == 422
    owner = qingshi.post("market.desk")
    until = timezone.localdate(now) + timedelta(days=5)
    said = {"words": "情况正常。", "words_1": "查清两处断头路灯", "owner_1": owner.pk, "until_1": until}
    answers = [client.post(page, said | {"key": str(uuid4())}) for _twice in range(2)]
    report = Meeting.objects.get()
    one = reverse("desk:meeting", args=[report.pk])
    assert [answer["Location"] for answer in answers] == [one, one]
    assert (report.about, report.title) == (before.replace(day=1), f"月报告（{before.year}年{before.month}月）")
    assert [figure["name"] for figure in report.laid_before] == ["incidents.received"]
    assert (Case.objects.get(resolved__meeting=report).lead, client.get(page).status_code) == (owner, 302)
    assert "签发时间" in client.get(one).content.decode()
    owed = Turn.objects.filter(post=post, key="report").order_by("first")
    met = {turn.first: turn.met_at is not None for turn in owed}
    assert (met[before.replace(day=1)], sum(met.values())) == (True, 1)
    assert Line.objects.filter(subject_type="meeting", verb="meetings.signed_off").count() == 1

    back = reverse("desk:meeting_back", args=[report.pk])
    assert client.post(back).status_code == 409  # what it handed over is open
    report.resolutions.clear()
    assert client.post(back).status_code == 302
    assert not owed.filter(met_at__isnull=False).exists()
    assert client.get(page).status_code == 200
