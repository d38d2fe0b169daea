"""A resident reports: what is asked, what is refused with a sentence, and what comes of it."""

from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from jingwei.casework.models import Attachment, Case, Statement
from jingwei.files.acts import make_ready
from jingwei.people.models import Person
from jingwei.trail.models import Line

from .conftest import Resident, code_of, photograph, php

pytestmark = pytest.mark.django_db


def shown(answer) -> str:  # type: ignore[no-untyped-def]
    return unescape(answer.content.decode())


def test_a_category_alone_makes_a_case_on_the_place_of_the_code(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    case = chen.reports(category="noise")
    compound = qingshi.place("compound")
    assert (case.place, case.ground_path, case.source) == (compound, compound.grid.path, "resident_qr")
    assert (case.category, case.grade, case.request_class) == ("noise", "general", "complaint")
    assert case.title == f"噪音扰民 · {compound.name}"
    assert (case.asker, case.asks_back, case.tier) == (None, False, 0)
    assert case.owner == qingshi.post("town_centre.dispatcher")


def test_the_door_itself_is_named_as_who_opened_it(chen: Resident) -> None:
    case = chen.reports()
    assert case.acts.get().title == "residents' door"
    assert Line.objects.get(subject_type="case", subject_id=case.pk).actor_kind == "machine"


def test_the_first_line_of_the_words_is_the_title(chen: Resident) -> None:
    case = chen.reports(category="", words="井盖松了\n晚上看不见，电话13812346021")
    assert (case.title, case.category, case.grade) == ("井盖松了", "", "general")
    assert case.statements.get().words == "井盖松了\n晚上看不见，电话13812346021"


def test_nothing_said_is_asked_for_once_more(chen: Resident) -> None:
    answer = chen.sends()
    assert answer.status_code == 422
    assert "还差一点" in shown(answer)
    assert Case.objects.count() == 0


def test_the_same_form_sent_twice_is_one_case_with_one_receipt(chen: Resident) -> None:
    key = str(uuid4())
    first = chen.reports(key=key, words="垃圾没清")
    receipt = shown(chen.client.get("/case/"))
    assert chen.reports(key=key, words="垃圾没清") == first
    assert Case.objects.count() == 1
    assert code_of(first) in receipt
    assert code_of(first) in shown(chen.client.get("/case/"))


def test_the_same_words_from_a_fresh_form_a_moment_later_are_the_same_report(chen: Resident) -> None:
    first = chen.reports(words="垃圾没清", photo=photograph("red"))
    assert chen.reports(words="垃圾没清") == first
    assert chen.reports(words="垃圾没清", photo=photograph("blue")) != first


def test_the_same_words_on_another_day_are_another_report(chen: Resident) -> None:
    first = chen.reports(words="垃圾没清")
    session = chen.client.session
    session["sent"] = [*session["sent"][:2], session["sent"][2] - 3600, []]
    session.save()
    assert chen.reports(words="垃圾没清") != first


def test_another_matter_from_the_same_page_is_another_case(chen: Resident) -> None:
    key = str(uuid4())
    first = chen.reports(key=key, words="垃圾没清")
    assert chen.reports(key=key, words="路灯不亮") != first


def test_a_name_and_a_number_are_locked_and_kept_until_the_county_s_term_is_over(chen: Resident) -> None:
    case = chen.reports(who="named", name="陈雨", telephone="１３８ 1234-6021")
    asker = Person.objects.get(pk=case.asker_id)
    assert (asker.name, asker.telephone, asker.masked_telephone) == ("陈雨", "13812346021", "138****6021")
    assert (asker.purpose, asker.ground, case.asks_back) == ("asker", "request", True)


def test_a_confidential_report_is_kept_to_those_who_must_see_it(chen: Resident) -> None:
    assert chen.reports(who="confidential", name="陈雨").tier == 1


@pytest.mark.parametrize("number", ["12345", "1381234602", "telephone", "0311-123"])
def test_a_number_that_cannot_be_rung_is_asked_for_again(chen: Resident, number: str) -> None:
    answer = chen.sends(category="noise", who="named", telephone=number)
    assert answer.status_code == 422
    assert "11 位" in shown(answer)
    assert number in shown(answer)


@pytest.mark.parametrize(
    "number", ["13812346021", "+86 138 1234 6021", "0311-86012345", "86012345", "0311-86012345-203"]
)
def test_mobiles_and_landlines_can_be_rung(chen: Resident, number: str) -> None:
    assert chen.reports(who="named", telephone=number).asks_back


def test_a_number_left_by_someone_who_stays_anonymous_is_neither_kept_nor_lost(chen: Resident) -> None:
    answer = chen.sends(category="noise", telephone="13812346021")
    assert (answer.status_code, Person.objects.filter(purpose="asker").count()) == (422, 0)


def test_photographs_come_along(chen: Resident) -> None:
    case = chen.reports(photo=[photograph("red"), photograph("green")])
    assert case.attachments.filter(public=True).count() == 2


def test_a_program_under_a_pictures_name_is_refused_and_the_rest_of_the_form_kept(chen: Resident) -> None:
    answer = chen.sends(category="noise", words="半夜施工", photo=[photograph(), php()])
    page = shown(answer)
    assert answer.status_code == 422
    assert "shell.jpg" in page
    assert "不是照片" in page
    assert "半夜施工" in page
    arrived = page.split('name="photo_sha256" value="')[1].split('"')[0]
    case = chen.reports(words="半夜施工", photo_sha256=arrived)
    assert case.attachments.count() == 1


def test_a_fourth_photograph_is_refused_with_a_sentence(chen: Resident) -> None:
    answer = chen.sends(photo=[photograph(c) for c in ("red", "green", "blue", "white")])
    assert answer.status_code == 422
    assert "最多 3 张" in shown(answer)


def test_a_photograph_nobody_handed_in_cannot_be_claimed(chen: Resident) -> None:
    answer = chen.sends(category="noise", photo_sha256="0" * 64)
    assert (answer.status_code, Attachment.objects.count()) == (422, 0)
    assert "照片没有收到，请重新选择" in shown(answer)


def test_twenty_megabytes_of_words_are_answered_with_a_sentence(chen: Resident) -> None:
    answer = chen.sends(category="noise", words="很" * 7_000_000)
    assert answer.status_code == 422
    assert "内容太多" in shown(answer)
    assert Case.objects.count() == 0


def test_control_characters_and_marks_that_turn_the_writing_are_dropped(chen: Resident) -> None:
    case = chen.reports(words="路灯\u202eGPJ\u202c坏了\x00\x07\r\n第二行\u2066👨‍👩‍👧\ue000")
    assert Statement.objects.get(case=case).words == "路灯GPJ坏了\n第二行👨‍👩‍👧\ue000"


def test_markup_in_the_words_is_shown_as_words(chen: Resident) -> None:
    chen.reports(words="<script>alert(1)</script>")
    page = chen.client.get("/c/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_point_inside_a_grid_finds_the_grid(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    compound = qingshi.place("compound", 2)
    case = chen.reports("/report/", lon=str(compound.lon), lat=str(compound.lat))
    assert (case.place, case.lon, case.source) == (compound.grid, compound.lon, "resident_web")


def test_a_point_outside_every_grid_falls_to_the_community_chosen(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    village = qingshi.place("community", 2)
    assert chen.reports("/report/", lon="2.35", lat="48.85", community=village.code).place == village


@pytest.mark.parametrize("lon", ["", "nan", "1e999", "east"])
def test_without_any_place_it_falls_to_the_town_and_is_never_lost(chen: Resident, qingshi, lon: str) -> None:  # type: ignore[no-untyped-def]
    case = chen.reports("/report/", lon=lon, lat=lon, community="990302200999", where="村口第二棵树")
    assert (case.place, case.where) == (qingshi.place("town"), "村口第二棵树")
    assert case.owner is not None


def test_places_are_found_by_name_without_script(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    compound = qingshi.place("compound")
    page = shown(chen.client.get("/report/", {"find": compound.name}))
    assert f'?place={compound.pk}"' in page
    assert chen.reports(f"/report/?place={compound.pk}").place == compound


def test_a_code_that_is_no_longer_in_use_leads_to_the_form_without_one(chen: Resident) -> None:
    answer = chen.client.get("/q/nosuchcode/", follow=True)
    assert answer.redirect_chain == [("/report/", 302)]
    assert "已停用" in shown(answer)


def test_complaints_about_the_system_are_suggestions(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    assert chen.sends("/suggest/").status_code == 422
    case = chen.reports("/suggest/", words="字太小")
    assert (case.request_class, case.category, case.place) == ("suggestion", "other", qingshi.place("town"))


def test_a_form_from_another_site_is_refused(chen: Resident) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/q/{chen.token}/", {"category": "noise"}).status_code == 403
    assert Case.objects.count() == 0


def test_the_receipt_cannot_be_guessed(chen: Resident) -> None:
    case = chen.reports()
    page = shown(chen.client.get("/case/"))
    assert code_of(case) in page
    assert case.number in page
    stranger = Client().get("/case/")
    assert (stranger.status_code, stranger["Location"]) == (302, "/progress/")


def test_a_photograph_is_seen_by_code_and_by_post_and_by_nobody_else(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    case = chen.reports(photo=photograph())
    attachment = case.attachments.get()
    address = f"/photographs/{attachment.pk}/thumb/"
    waiting = chen.client.get(address)
    assert (waiting.status_code, waiting["Content-Type"]) == (200, "image/svg+xml")
    make_ready(attachment.blob, at=case.recorded_at)
    seen = chen.client.get(address)
    assert (seen["Content-Type"], seen["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "private" in seen["Cache-Control"]
    assert seen["Content-Disposition"] == f'attachment; filename="{case.number}-{attachment.pk}.jpg"'
    assert seen["Content-Security-Policy"] == "default-src 'none'; style-src 'none'; sandbox"
    assert b"".join(seen.streaming_content)[:3] == b"\xff\xd8\xff"
    assert Client().get(address).status_code == 404
    dispatcher = qingshi.sign_in(Client(), "dispatcher").get(address)
    assert (dispatcher.status_code, bool(b"".join(dispatcher.streaming_content))) == (200, True)
    assert qingshi.sign_in(Client(), "housing").get(address).status_code == 404
    page = f"/photographs/{attachment.pk}/"
    assert f"/photographs/{attachment.pk}/full/" in shown(chen.client.get(page))
    assert 'href="/c/"' in shown(chen.client.get(page))
    assert f'href="/desk/case/{case.number}/"' in shown(qingshi.sign_in(Client(), "dispatcher").get(page))
    assert [Client().get(page).status_code, Client().get(f"{page}original/").status_code] == [404, 404]


def test_robots_keep_away_from_cases_and_the_desk(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /c/" in text
    assert "Disallow: /desk/" in text


def test_the_front_page_offers_reporting_looking_up_and_complaining(chen: Resident) -> None:
    page = shown(chen.client.get("/"))
    assert 'href="/report/?county=990302"' in page
    assert 'action="/progress/"' in page
    assert 'href="/suggest/?county=990302"' in page
    assert "990-0000" in page
