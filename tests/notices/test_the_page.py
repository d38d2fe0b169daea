"""At the desk one reads what one's own post was told, and nobody else's."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jingwei.accounts.models import Account
from jingwei.notices.acts import tell
from jingwei.notices.models import Notice
from jingwei.notices.queries import latest, unread
from jingwei.policy.notices import Event

from .conftest import NOON, Office


def at_the_desk(account: Account) -> Client:
    """A browser in which `account` is signed in."""
    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client


def told(office: Office, count: int = 1) -> None:
    """Tell the dispatch desk of so many matters, and the water company of one."""
    for number in range(count):
        tell(Event.OVERDUE, office.dispatch, subject=("case", number), label=f"WS{number}号", at=NOON, key=f"{number}")
    tell(Event.URGED, office.water, subject=("case", 900), label="WS900号", at=NOON, key="900")


def test_the_page_shows_what_the_post_was_told_and_no_other_post_s(office: Office) -> None:
    told(office)
    page = at_the_desk(office.wang).get("/desk/notices/").content.decode()
    assert "WS0号 已逾期。" in page
    assert "未读" in page
    assert "WS900号" not in page


def test_reading_marks_the_post_s_own_notices_and_says_who_read_them(office: Office) -> None:
    told(office, 2)
    newest = Notice.objects.latest("pk").pk
    answer = at_the_desk(office.wang).post("/desk/notices/read/", {"up_to": newest})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/notices/")
    assert (unread([office.dispatch]), unread([office.water])) == (0, 1)
    assert {notice.read_by_id for notice in Notice.objects.filter(post=office.dispatch)} == {office.wang.person_id}
    at_the_desk(office.li).post("/desk/notices/read/", {"up_to": newest})
    assert not Notice.objects.filter(read_by_id=office.li.person_id).exists()


def test_what_came_after_the_page_was_drawn_stays_unread(office: Office) -> None:
    told(office, 3)
    oldest = Notice.objects.filter(post=office.dispatch).earliest("pk").pk
    at_the_desk(office.wang).post("/desk/notices/read/", {"up_to": oldest})
    assert unread([office.dispatch]) == 2


@pytest.mark.parametrize("up_to", ["", "all", "-1", "9" * 40, "١٢"])
def test_a_number_that_is_none_marks_nothing(office: Office, up_to: str) -> None:
    told(office)
    assert at_the_desk(office.wang).post("/desk/notices/read/", {"up_to": up_to}).status_code == 302
    assert unread([office.dispatch]) == 1


def test_a_long_list_is_paged_without_more_queries(office: Office) -> None:
    told(office, 1)
    desk = at_the_desk(office.wang)
    desk.get("/desk/notices/")
    with CaptureQueriesContext(connection) as short:
        desk.get("/desk/notices/")
    told(office, 45)
    with CaptureQueriesContext(connection) as long:
        first = desk.get("/desk/notices/")
    assert len(long) == len(short)
    assert first.content.decode().count("已逾期。") == 40
    second = desk.get("/desk/notices/" + first.context["next"])
    assert second.content.decode().count("已逾期。") == 5
    back = desk.get("/desk/notices/" + second.context["previous"])
    assert (shown(back), back.context["previous"], back.context["next"]) == (shown(first), "", first.context["next"])


def shown(answer: Any) -> list[str]:
    return [row.href for row in answer.context["rows"]]


def test_a_page_before_that_the_list_has_outgrown_begins_where_the_list_does(office: Office) -> None:
    told(office, 45)
    desk = at_the_desk(office.wang)
    second = desk.get("/desk/notices/?before=" + str(latest([office.dispatch], 3)[-1].pk))
    begun = desk.get("/desk/notices/" + second.context["previous"])
    assert (shown(begun), begun.context["previous"]) == (shown(desk.get("/desk/notices/")), "")


def test_who_was_told_nothing_reads_so(office: Office) -> None:
    assert "暂无通知" in at_the_desk(office.wang).get("/desk/notices/").content.decode()


def test_strangers_are_sent_to_sign_in_and_reading_needs_a_post_request(office: Office) -> None:
    told(office)
    assert Client().get("/desk/notices/").headers["Location"].startswith("/desk/sign-in/")
    assert Client().post("/desk/notices/read/", {"up_to": 1}).headers["Location"].startswith("/desk/sign-in/")
    assert at_the_desk(office.wang).get("/desk/notices/read/").status_code == 405
    assert unread([office.dispatch]) == 1
