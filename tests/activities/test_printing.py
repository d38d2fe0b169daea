"""A poster and the certificates of a course as PDF: real text, whatever the title says."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader


@pytest.mark.django_db
def test_a_poster_and_certificates_are_read_back_as_they_were_written(qingshi: Any, client: Client) -> None:
    from jingwei.affairs.activities.acts import Outcome, Plan, hold, plan, publish
    from jingwei.affairs.activities.certificates import certify
    from jingwei.affairs.activities.signing import Taking, sign_up

    post, actor, at = qingshi.post_of("community"), qingshi.actor("community"), timezone.now()
    begins, title = at + timedelta(days=2), "急救培训 #panic() =1+1 <b>"
    what = Plan(sort="training", title=title, where="文化站", begins_at=begins, ends_at=begins, asks_contact=True)
    course = plan(post.organisation, what, by=post, actor=actor, at=at, key=uuid4())
    assert Client().get(f"/activities/{course.pk}/poster.pdf").status_code == 404
    publish(course, actor=actor, at=at)
    row = sign_up(course, Taking(1, "孙㛃", "13800006021"), at=at, key=uuid4())
    poster = text_of(Client().get(f"/activities/{course.pk}/poster.pdf"))
    assert [one in poster for one in ("".join(title.split()), "文化站", "孙")] == [True, True, False]
    qingshi.sign_in(client, "community")
    assert client.get(f"/desk/activities/{course.pk}/certificates.pdf").status_code == 404
    after = begins + timedelta(days=1)
    hold(course, Outcome(1), actor=actor, at=after)
    certify(course, [row.pk], actor=actor, at=after)
    paper = text_of(client.get(f"/desk/activities/{course.pk}/certificates.pdf"))
    number = course.certificates.get().number
    assert [one in paper for one in ("孙㛃", number, "".join(title.split()), "结业证书")] == [True] * 4
    qingshi.sign_in(client, "dispatcher")
    assert client.get(f"/desk/activities/{course.pk}/certificates.pdf").status_code == 403


def text_of(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
