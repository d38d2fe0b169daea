"""A post is told once, by the channels its county has switched on, and by mail each person who holds it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from jingwei.notices.acts import Telling, mark_read, next_digest, tell, tell_many
from jingwei.notices.letters import message_id
from jingwei.notices.links import AddressedTwice, paths, register
from jingwei.notices.models import Notice
from jingwei.notices.queries import MOST_COUNTED, latest, out_of_reach, unread
from jingwei.notices.tasks import send_digests
from jingwei.notices.words import SENTENCES, sentence
from jingwei.outbox.models import Message
from jingwei.outbox.worker import work_once
from jingwei.policy.notices import Event

from .conftest import NOON, Office, seat

HOUR = timedelta(hours=1)
EIGHT = NOON.replace(day=3, hour=8)
LABEL = "WS2026000123 环境卫生·桂花苑"


def told(event: Event, post: Any, key: str, at: datetime = NOON, due: datetime | None = None) -> None:
    """Tell `post` of the matter 123."""
    tell(event, post, subject=("case", 123), label=LABEL, at=at, key=key, due=due)


def test_a_clock_of_an_hour_reaches_who_has_no_page_open(office: Office) -> None:
    told(Event.LAST_HOUR, office.dispatch, "case:123:last_hour", due=NOON + HOUR)
    while work_once(NOON):
        pass
    (letter,) = mail.outbox
    assert letter.to == ["wang.fang@example.test"]
    assert letter.subject == f"即将到期 · {LABEL}"
    assert letter.body == (
        f"{LABEL} 即将到期。期限：2026-03-02 13:00。\n\n接收岗位：网格中心·调度席\n\n"
        "http://127.0.0.1:8000/desk/\n\n本邮件由系统自动发送，请勿回复。\n"
    )
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_who_has_no_mail_address_is_left_out_and_finds_the_notice_in_the_page(office: Office) -> None:
    office.wang.email = ""
    office.wang.save()
    told(Event.OVERDUE, office.dispatch, "case:123:overdue")
    work_once(NOON)
    assert mail.outbox == []
    assert unread([office.dispatch]) == 1
    assert out_of_reach("990121", NOON.date()) == [office.dispatch]


def test_each_who_holds_the_post_that_day_gets_a_mail_of_his_own(office: Office) -> None:
    seat(office.dispatch, "chen.jing", "chen.jing@example.test")
    seat(office.dispatch, "sun.li", "sun.li@example.test", until=date(2026, 3, 2))  # left this morning
    closed = seat(office.dispatch, "wu.gang", "wu.gang@example.test")
    closed.is_active = False
    closed.save()
    told(Event.OVERDUE, office.dispatch, "case:123:overdue")
    work_once(NOON)
    assert [letter.to for letter in mail.outbox] == [["wang.fang@example.test"], ["chen.jing@example.test"]]


def test_told_twice_is_told_once(office: Office) -> None:
    for _time in range(2):
        told(Event.OVERDUE, office.dispatch, "case:123:overdue")
        work_once(NOON)
        told(Event.OVERDUE, office.dispatch, "case:123:overdue")
    work_once(NOON)
    assert (Notice.objects.count(), len(mail.outbox)) == (1, 1)


def test_a_deed_that_does_not_stand_tells_nobody(office: Office) -> None:
    with transaction.atomic():
        told(Event.OVERDUE, office.dispatch, "case:123:overdue")
        transaction.set_rollback(True)
    work_once(NOON)
    assert (Notice.objects.count(), len(mail.outbox)) == (0, 0)


def test_a_mail_that_was_refused_is_tried_again_under_the_same_name(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> int:
        raise ConnectionRefusedError

    told(Event.OVERDUE, office.dispatch, "case:123:overdue")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        work_once(NOON)
    assert mail.outbox == []
    waiting = Message.objects.get(topic="notice.mail")
    assert (waiting.tries, waiting.fault) == (1, "builtins.ConnectionRefusedError")
    work_once(NOON + HOUR)
    (letter,) = mail.outbox
    assert letter.extra_headers["Message-ID"] == message_id(waiting.key)


def test_what_the_county_tells_in_the_page_only_leaves_the_house_by_no_way(office: Office) -> None:
    told(Event.HANDLED, office.dispatch, "case:123:handled")
    assert not Message.objects.filter(topic__startswith="notice.").exists()
    assert [notice.event for notice in latest([office.dispatch], 10)] == ["handled"]


def test_what_can_wait_waits_for_the_morning_and_comes_in_one_mail(office: Office) -> None:
    office.water.appointments.create(person_id=office.wang.person_id, since=date(2026, 1, 1))
    for number, post in enumerate([office.dispatch, office.dispatch, office.water]):
        told(Event.HALF_TIME, post, f"case:{number}:half")
    work_once(NOON)
    send_digests(EIGHT - timedelta(seconds=1))
    work_once(EIGHT)
    assert mail.outbox == []

    send_digests(EIGHT)
    send_digests(EIGHT + HOUR)
    work_once(EIGHT + HOUR)
    assert [(letter.to, letter.subject, letter.body.count("已过半")) for letter in mail.outbox] == [
        (["wang.fang@example.test"], "每日汇总：3 条待阅通知", 3),
        (["zhao.qiang@example.test"], "每日汇总：1 条待阅通知", 1),
    ]


def test_what_was_read_the_day_before_is_not_in_the_digest(office: Office) -> None:
    told(Event.HALF_TIME, office.dispatch, "case:1:half")
    mark_read(office.dispatch, person_id=office.li.person_id, at=NOON + HOUR)
    send_digests(EIGHT)
    work_once(EIGHT)
    assert mail.outbox == []


def test_a_deed_that_ends_just_after_the_hour_is_told_a_minute_later(office: Office) -> None:
    told(Event.HALF_TIME, office.dispatch, "case:1:half", at=EIGHT - HOUR)
    send_digests(EIGHT)
    told(Event.HALF_TIME, office.dispatch, "case:2:half", at=EIGHT - timedelta(seconds=1))
    send_digests(EIGHT + timedelta(minutes=1))
    work_once(EIGHT + timedelta(minutes=1))
    assert [letter.subject for letter in mail.outbox] == ["每日汇总：1 条待阅通知"] * 2


@pytest.mark.parametrize(
    ("at", "digest"),
    [
        (NOON, EIGHT),
        (NOON.replace(hour=7, minute=59), NOON.replace(hour=8)),
        (NOON.replace(hour=8), EIGHT),
        (NOON.replace(day=31, hour=23), NOON.replace(month=4, day=1, hour=8)),
    ],
)
def test_the_next_digest_is_the_first_after_the_moment(at: datetime, digest: datetime) -> None:
    assert next_digest(at, 8) == digest


def test_a_sweep_tells_a_hundred_in_as_many_queries_as_one(office: Office) -> None:
    def sweep(numbers: range) -> int:
        tellings = [
            Telling(Event.OVERDUE, office.water, ("case", n), f"WS{n}", NOON, f"case:{n}:overdue") for n in numbers
        ]
        with CaptureQueriesContext(connection) as queries:
            assert tell_many(tellings) == len(tellings)
        return len(queries)

    sweep(range(200, 201))  # from here on the edition is in memory
    assert sweep(range(1)) == sweep(range(1, 101)) == 2
    assert tell_many([]) == 0
    assert unread([office.water]) == MOST_COUNTED < Notice.objects.filter(post=office.water).count() == 102


def test_a_line_break_in_a_label_does_not_break_a_mail(office: Office) -> None:
    tell(Event.OVERDUE, office.water, subject=("case", 1), label="WS1\nBcc: all", at=NOON, key="k")
    work_once(NOON)
    assert mail.outbox[0].subject == "已逾期 · WS1 Bcc: all"


def test_everything_that_can_be_told_has_its_sentence_in_both_languages() -> None:
    assert set(SENTENCES) == set(Event)
    notice = Notice(label=LABEL, facts={"due": "2026-03-02T04:00:00+00:00"})
    said = {}
    for language in ("en", "zh-hans"):
        with override(language):
            for event in Event:
                notice.event = event.value
                said[language, event] = sentence(notice)
                assert LABEL in said[language, event]
    assert len(set(said.values())) == 2 * len(Event)
    assert said["en", Event.OVERDUE] == f"{LABEL} is overdue. Due 2026-03-02 12:00."


def test_a_room_says_where_its_matters_are_opened(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingwei.notices.links._rooms", {})
    register("case", lambda ids: {n: f"/desk/case/WS{n}" for n in ids if n == 123})
    told(Event.OVERDUE, office.dispatch, "case:123:overdue")
    tell(Event.OVERDUE, office.dispatch, subject=("turn", 5), label="巡查", at=NOON, key="turn:5")
    assert sorted(paths(Notice.objects.all()).values()) == ["/desk/", "/desk/case/WS123"]
    with pytest.raises(AddressedTwice):
        register("case", lambda ids: {})


def test_the_list_goes_on_where_it_stopped(office: Office) -> None:
    for number in range(5):
        told(Event.URGED, office.dispatch, f"case:{number}")
    told(Event.URGED, office.water, "case:9")
    first = latest([office.dispatch], 3)
    second = latest([office.dispatch], 3, before=first[-1].pk)
    assert [notice.key for notice in first + second] == [f"case:{n}" for n in (4, 3, 2, 1, 0)]
    assert unread([office.dispatch, office.water]) == 6
