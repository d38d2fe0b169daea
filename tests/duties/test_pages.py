"""The pages of duties: one's own week, the units of one's ground, excusing, on paper, in a calendar."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from duties.conftest import NEW_YEAR
from jingwei.accounts.models import Account
from jingwei.duties.acts import lay_out
from jingwei.duties.models import Excuse, Turn
from jingwei.duties.pages import feeds
from jingwei.duties.pages.feeds import FEED, mark_of
from jingwei.organisations.models import Organisation
from people_fixtures.qingshi import CODE, Qingshi

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(with_duties: Qingshi) -> Qingshi:
    lay_out(CODE, at=NEW_YEAR)
    return with_duties


def village() -> Organisation:
    return Organisation.objects.filter(county=CODE, kind="community").order_by("pk")[0]


def test_the_dispatcher_reads_her_month_on_the_screen_and_on_paper(county: Qingshi, client: Client) -> None:
    county.sign_in(client, "dispatcher")
    for asked in ("", "&print"):
        page = client.get(f"{reverse('desk:duties')}?period=2026-02{asked}").content.decode()
        assert ("纠纷月排查" in page, "每月" in page, "2月25日 星期三" in page) == (True, True, True), asked


@pytest.mark.parametrize("said", ["2026-13", "x", "9999", "2026-01-01..2025-01-01"])
def test_a_period_there_is_not_is_a_page_there_is_not(county: Qingshi, client: Client, said: str) -> None:
    assert county.sign_in(client, "dispatcher").get(f"{reverse('desk:duties')}?period={said}").status_code == 404


def test_the_head_opens_each_number_to_just_the_turns_it_counts(county: Qingshi, client: Client) -> None:
    county.sign_in(client, "head")
    page = client.get(f"{reverse('desk:duties_units')}?period=2026-01").content.decode()
    numbers = re.findall(r'class="n" href="([^"]+)">(\d+)<', page)
    assert numbers
    opened = [client.get(href.replace("&amp;", "&")).content.decode().count('class="duty"') for href, _many in numbers]
    assert opened == [int(many) for _href, many in numbers]


def test_a_village_clerk_sees_her_own_village_only_and_excuses_nobody(county: Qingshi, client: Client) -> None:
    mine = county.post("community_1.clerk").organisation
    others = Organisation.objects.filter(county=CODE, kind="community").exclude(pk=mine.pk)
    county.sign_in(client, "community")
    assert client.get(reverse("desk:duties_unit", args=[mine.pk])).status_code == 200
    assert {client.get(reverse("desk:duties_unit", args=[one.pk])).status_code for one in others} == {404}
    said = {"ground": "leave", "first": "2026-01-05", "last": "2026-01-06", "key": str(uuid4())}
    assert client.post(reverse("desk:duties_unit", args=[mine.pk]), said).status_code == 403
    assert Excuse.objects.count() == 0


def test_the_head_excuses_a_village_once_and_takes_it_back(county: Qingshi, client: Client) -> None:
    county.sign_in(client, "head")
    address = reverse("desk:duties_unit", args=[village().pk])
    said = {"ground": "leave", "first": "2026-11-05", "last": "2099-01-01", "key": str(uuid4())}
    wrong = client.post(address, said)
    assert (wrong.status_code, "相隔不超过一年" in wrong.content.decode()) == (422, True)
    said["last"] = "2027-01-06"
    assert [client.post(address, said).status_code for _twice in range(2)] == [302, 302]
    given = Excuse.objects.get()
    assert (given.first, given.last, given.ground) == (date(2026, 11, 5), date(2027, 1, 6), "leave")
    assert client.post(reverse("desk:end_excuse", args=[given.pk]), {"key": str(uuid4())}).status_code == 302
    given.refresh_from_db()
    assert given.ended_at is not None


def feed_of(county: Qingshi, username: str) -> str:
    account = county.account(username)
    token = signing.dumps([account.pk, county.post_of(username).pk, mark_of(account)], salt=FEED)
    return reverse("desk:duties_feed", args=[token])


def test_a_post_s_a_unit_s_and_a_ground_s_duties_are_printed_and_read_by_a_calendar_without_signing_in(
    county: Qingshi, client: Client
) -> None:
    lay_out(CODE, at=timezone.now())
    county.sign_in(client, "head")
    desk, unit = county.post_of("dispatcher"), reverse("desk:duties_unit", args=[village().pk])
    pages = {unit: f"“{village()}”周期职责", reverse("desk:duties_units"): "各单位周期职责"}
    said = {}
    for page, title in pages.items():
        sheet = client.get(f"{page}?period=2026-01&print").content.decode()
        assert (f"<h1>{title}</h1>" in sheet, f'href="{page}?period=2026-01"' in sheet) == (True, True)
        said[page] = read_by_a_calendar(client.get(page).content.decode())
    county.sign_in(client, "dispatcher")
    mine = reverse("desk:duties")
    assert f"“{desk}”岗位周期职责" in client.get(f"{mine}?print").content.decode()
    own, of_unit, of_ground = read_by_a_calendar(client.get(mine).content.decode()), said[unit], said[[*pages][1]]
    assert own == {"纠纷月排查"}
    assert [one for one in of_unit if f"（{village()}" not in one] == []
    assert of_unit < of_ground
    assert f"纠纷月排查（{desk.full_title}）" in of_ground


def read_by_a_calendar(page: str) -> set[str]:
    """What a calendar program finds at the address on a page, signed in as nobody."""
    address = re.search(r'class="feed">([^<]+)<', page)
    assert address is not None
    answer = Client().get(address[1])
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    entries = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert len({str(entry["UID"]) for entry in entries}) == len(entries)
    return {str(entry["SUMMARY"]) for entry in entries}


def test_the_address_of_a_feed_opens_nothing_when_forged_or_once_the_account_is_closed(
    county: Qingshi, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = feed_of(county, "dispatcher")
    account = county.account("dispatcher")
    forged = signing.dumps([account.pk, county.post_of("head").pk, mark_of(account)], salt=FEED)
    assert client.get(reverse("desk:duties_feed", args=[forged])).status_code == 404
    assert client.get(reverse("desk:duties_feed", args=["x" * 400])).status_code == 404
    assert client.get(address).status_code == 200
    with monkeypatch.context() as later:
        later.setattr(feeds, "AS_LONG_AS", timedelta(seconds=-1))
        assert client.get(address).status_code == 404
    account.set_password("another one 12")
    account.save()
    assert client.get(address).status_code == 404
    fresh = feed_of(county, "dispatcher")
    assert client.get(fresh).status_code == 200
    Account.objects.filter(username="dispatcher").update(is_active=False)
    assert client.get(fresh).status_code == 404


def test_nothing_of_a_turn_asks_for_a_check_in_a_place_or_a_photograph(county: Qingshi, client: Client) -> None:
    county.sign_in(client, "head")
    pages = [reverse("desk:duties"), reverse("desk:duties_units"), reverse("desk:duties_unit", args=[village().pk])]
    for address in pages:
        page = client.get(address).content.decode()
        assert not re.search(r'type="file"|geolocation|签到|打卡|积分|排名', page), address
    assert {field.name for field in Turn._meta.get_fields()}.isdisjoint({"lon", "lat", "photograph", "points"})
