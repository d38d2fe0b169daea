"""Who sits at the desk: a person who signed in, at a post she holds today and chose herself."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import timezone

from jingwei.accounts.acts import Asked, open_accounts, set_password
from jingwei.accounts.models import Account
from jingwei.accounts.sitting import CHOSEN, Sitting, at_a_post, sitting_of
from jingwei.organisations.acts import appoint, dismiss
from jingwei.people.models import Person
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line
from people_fixtures.qingshi import STOOD_UP, Qingshi

OFFICE = Actor.machine("office")


def request_of(account: Account | AnonymousUser, chosen: int | None = None) -> HttpRequest:
    request = RequestFactory().get("/desk/")
    request.user = account
    request.session = SessionStore()
    if chosen is not None:
        request.session[CHOSEN] = chosen
    return request


def sits(qingshi: Qingshi, username: str, chosen: int | None = None) -> Sitting | None:
    return sitting_of(request_of(qingshi.account(username), chosen))


def test_the_dispatcher_sits_at_her_one_post_without_choosing(qingshi: Qingshi) -> None:
    sitting = sits(qingshi, "dispatcher")
    assert sitting is not None
    assert (sitting.post, sitting.name, sitting.county_code) == (
        qingshi.post("town_centre.dispatcher"),
        "甲调度",
        "990302",
    )
    assert sitting.actor == qingshi.actor("dispatcher")
    assert sitting.actor.title == "青石乡网格中心·调度席"


def test_nobody_signed_in_sits_nowhere(qingshi: Qingshi) -> None:
    assert sitting_of(request_of(AnonymousUser())) is None


def test_a_person_without_a_post_is_refused(qingshi: Qingshi) -> None:
    newcomer = Person.named(qingshi.county_code, "新来的", purpose=Person.OFFICIAL, ground="duty")
    newcomer.save()
    account = Account.objects.open("newcomer", "moon-lake-pine-1", newcomer.pk)
    assert sitting_of(request_of(account)) is None


def test_two_posts_and_none_chosen_means_she_must_choose(qingshi: Qingshi) -> None:
    assert sits(qingshi, "first_secretary") is None


@pytest.mark.parametrize("path_of_post", ["community_1.first_secretary", "station_1.head"])
def test_she_sits_at_the_post_she_chose(qingshi: Qingshi, path_of_post: str) -> None:
    sitting = sits(qingshi, "first_secretary", qingshi.post(path_of_post).pk)
    assert sitting is not None
    assert sitting.post == qingshi.post(path_of_post)
    assert [post.key for post in sitting.posts] == ["first_secretary", "head"]


def test_the_post_of_somebody_else_cannot_be_chosen(qingshi: Qingshi) -> None:
    police = qingshi.post("police.desk")
    sitting = sits(qingshi, "dispatcher", police.pk)
    assert sitting is not None
    assert sitting.post == qingshi.post("town_centre.dispatcher")
    secretary = sits(qingshi, "first_secretary", police.pk)
    assert secretary is None or secretary.post != police


def test_an_appointment_that_ended_today_no_longer_seats_her(qingshi: Qingshi) -> None:
    appointment = qingshi.person("inspector").appointments.get()
    dismiss(appointment, actor=OFFICE, at=timezone.now() + timedelta(days=1))
    assert sits(qingshi, "inspector") is not None  # until tomorrow
    appointment.until = timezone.localdate()
    appointment.save()
    assert sits(qingshi, "inspector", qingshi.post("town_centre.inspector").pk) is None


def test_an_appointment_that_begins_tomorrow_does_not_seat_her_yet(qingshi: Qingshi) -> None:
    dispatcher, police = qingshi.person("dispatcher"), qingshi.post("police.desk")
    appoint([(police, dispatcher.pk)], actor=OFFICE, at=timezone.now() + timedelta(days=1))
    sitting = sits(qingshi, "dispatcher", police.pk)
    assert sitting is not None
    assert sitting.posts == (qingshi.post("town_centre.dispatcher"),)


def test_a_post_that_was_abolished_seats_nobody(qingshi: Qingshi) -> None:
    post = qingshi.post("town_centre.caller")
    post.until = timezone.localdate()
    post.save()
    assert sits(qingshi, "caller") is None


@at_a_post
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.sitting.post.full_title)  # type: ignore[attr-defined]


def blank(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


class urls:
    """A desk and the two pages that people are sent to from it."""

    from django.urls import include

    urlpatterns = [
        path("here/", desk),
        path("", include(([path("in/", blank, name="sign_in"), path("post/", blank, name="choose_post")], "desk"))),
    ]


@pytest.fixture
def door(qingshi: Qingshi) -> Client:
    return Client()


@override_settings(ROOT_URLCONF=urls)
def test_at_the_door_everyone_is_shown_where_to_go(qingshi: Qingshi, door: Client) -> None:
    assert door.get("/here/").headers["Location"] == "/in/?next=/here/"
    door.force_login(qingshi.account("first_secretary"), backend="django.contrib.auth.backends.ModelBackend")
    assert door.get("/here/").headers["Location"] == "/post/?next=/here/"
    qingshi.sign_in(door, "first_secretary", "station_1.head")
    assert door.get("/here/").content.decode() == "上河村驿站·驿站站长"


def test_a_name_is_taken_once_and_a_person_has_one_account(qingshi: Qingshi) -> None:
    dispatcher = qingshi.person("dispatcher")
    for asked in (Asked("dispatcher", qingshi.holder("police.desk").person_id or 0), Asked("another", dispatcher.pk)):
        with pytest.raises(IntegrityError), transaction.atomic():
            open_accounts([asked], "moon-lake-pine-1", actor=OFFICE, at=STOOD_UP)


def test_a_password_that_was_set_opens_and_the_old_one_does_not(qingshi: Qingshi) -> None:
    clerk = qingshi.account("clerk")
    set_password([clerk], "moon-lake-pine-1234", actor=OFFICE, at=STOOD_UP)
    request = RequestFactory().post("/")
    assert authenticate(request, username="clerk", password="moon-lake-pine-1234") == clerk
    assert authenticate(request, username="clerk", password="something-else-1") is None
    line = Line.objects.filter(verb="accounts.password_set").get()
    assert (line.subject_id, line.facts) == (clerk.pk, {"person": clerk.person_id})
