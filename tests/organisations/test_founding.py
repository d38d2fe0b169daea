"""Organisations, posts and assigned responsibility follow from the pack and the ground."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from jingwei.organisations.acts import appoint, dismiss, found_from_pack
from jingwei.organisations.drawing import dealt
from jingwei.organisations.models import Appointment, Organisation, Post, Responsibility
from jingwei.organisations.pack import OrganisationsSection, Role
from jingwei.organisations.queries import departments, front_desk, post_for, post_in, posts_of, posts_with
from jingwei.policy import Book
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line
from people_fixtures.qingshi import STOOD_UP, Qingshi

FOUNDER = Actor.machine("founder")


def edited(book: Book, **changes: object) -> Book:
    """The same pack with another organisations section."""
    made = Book(book.pack, book.document)
    made._sections[OrganisationsSection] = replace(book[OrganisationsSection], **changes)
    return made


def test_there_is_one_organisation_for_every_village_where_the_pack_says_each(qingshi: Qingshi) -> None:
    villages = Organisation.objects.filter(kind="community").order_by("key")
    assert [(o.key, o.name, o.english, o.ground.code, o.parent.key) for o in villages] == [
        ("community_1", "上河村村民委员会", "Shanghe Villagers' Committee", "990302200201", "town_committee"),
        ("community_2", "下河村村民委员会", "Xiahe Villagers' Committee", "990302200202", "town_committee"),
    ]


def test_a_station_stands_below_the_committee_of_its_own_village(qingshi: Qingshi) -> None:
    assert [qingshi.organisation(f"station_{n}").parent.key for n in (1, 2)] == ["community_1", "community_2"]


def test_every_grid_has_a_post_of_its_own(qingshi: Qingshi) -> None:
    posts = Post.objects.filter(roles=["grid_worker"]).order_by("ground__code")
    assert [(p.organisation.key, p.key, str(p), p.ground.code) for p in posts] == [
        ("community_1", "grid_worker_1", "第1网格网格员", "990302200201001"),
        ("community_1", "grid_worker_2", "第2网格网格员", "990302200201002"),
        ("community_2", "grid_worker_1", "第1网格网格员", "990302200202001"),
        ("community_2", "grid_worker_2", "第2网格网格员", "990302200202002"),
    ]


def test_six_grid_workers_hold_four_posts_and_the_fuller_grids_have_two(qingshi: Qingshi) -> None:
    held = Counter(
        Appointment.objects.filter(post__roles=["grid_worker"]).values_list("post__ground__households", flat=True)
    )
    assert sorted(held.values()) == [1, 1, 2, 2]
    assert min(h for h, seats in held.items() if seats == 2) >= max(h for h, seats in held.items() if seats == 1)


def test_two_clerks_share_one_post_but_leaders_have_a_post_each(qingshi: Qingshi) -> None:
    assert qingshi.post("town_centre.clerk").appointments.count() == 2
    assert [qingshi.post(f"county_leadership.leader_{n}").appointments.count() for n in (1, 2)] == [1, 1]


def test_leaders_answer_for_a_village_each_and_members_for_grids(qingshi: Qingshi) -> None:
    lines = Responsibility.objects.order_by("place__code", "id").values_list("place__code", "post__key")
    assert sorted(lines) == [
        ("990302200201", "leader_1"),
        ("990302200201001", "member_1"),
        ("990302200201002", "member_1"),
        ("990302200202", "leader_2"),
        ("990302200202001", "member_2"),
        ("990302200202002", "member_3"),
    ]


def test_founded_again_nothing_changes(qingshi: Qingshi) -> None:
    before = [list(m.objects.order_by("id").values()) for m in (Organisation, Post, Responsibility)]
    assert found_from_pack(qingshi.book, actor=FOUNDER, at=STOOD_UP + timedelta(days=1)) == 0
    assert [list(m.objects.order_by("id").values()) for m in (Organisation, Post, Responsibility)] == before
    assert Line.objects.filter(verb="organisations.founded").count() == 1


def test_a_new_wording_reaches_the_post_that_stands(qingshi: Qingshi) -> None:
    lines = qingshi.book[OrganisationsSection].organisations
    police = next(line for line in lines if line.key == "police")
    renamed = replace(police, name="公安分局", posts=(replace(police.posts[0], title="指挥室"), *police.posts[1:]))
    book = edited(qingshi.book, organisations=tuple(renamed if line is police else line for line in lines))
    desk = qingshi.post("police.desk")
    assert found_from_pack(book, actor=FOUNDER, at=STOOD_UP) == 2
    desk = Post.objects.get(pk=desk.pk)
    assert desk.full_title == "公安分局·指挥室"


def test_the_front_desk_can_move_to_another_post(qingshi: Qingshi) -> None:
    lines = qingshi.book[OrganisationsSection].organisations
    police = next(line for line in lines if line.key == "police")
    desk, section, signer = police.posts
    moved = replace(police, posts=(replace(desk, front_desk=False), replace(section, front_desk=True), signer))
    book = edited(qingshi.book, organisations=tuple(moved if line is police else line for line in lines))
    found_from_pack(book, actor=FOUNDER, at=STOOD_UP)
    assert front_desk(qingshi.organisation("police")) == qingshi.post("police.section")


def test_what_the_pack_retires_ends_with_its_posts_and_stays_to_be_read(qingshi: Qingshi) -> None:
    lines = qingshi.book[OrganisationsSection].organisations
    retired = tuple(replace(line, retired=line.key == "station") for line in lines)
    later = STOOD_UP + timedelta(days=10)
    found_from_pack(edited(qingshi.book, organisations=retired), actor=FOUNDER, at=later)
    assert qingshi.organisation("station_2").until == later.date()
    assert qingshi.post("station_2.head").until == later.date()
    assert qingshi.post("police.desk").until is None
    assert found_from_pack(edited(qingshi.book, organisations=retired), actor=FOUNDER, at=later) == 0


def test_responsibility_is_dealt_anew_when_the_pack_deals_it_otherwise(qingshi: Qingshi) -> None:
    first, second = qingshi.book[OrganisationsSection].responsibilities
    to_villages = replace(second, over=first.over)
    book = edited(qingshi.book, responsibilities=(first, to_villages))
    found_from_pack(book, actor=FOUNDER, at=STOOD_UP)
    standing = Responsibility.objects.filter(until=None, post__organisation__key="town_committee")
    assert sorted(standing.values_list("place__code", "post__key")) == [
        ("990302200201", "member_1"),
        ("990302200201", "member_2"),  # three members over two villages: nobody answers for nothing
        ("990302200202", "member_3"),
    ]
    found_from_pack(qingshi.book, actor=FOUNDER, at=STOOD_UP)  # and back again, on the same day
    assert Responsibility.objects.filter(until=None).count() == 6


def test_a_matter_lands_at_the_nearest_post_above_it(qingshi: Qingshi) -> None:
    grid = qingshi.place("grid", 3)
    assert post_for("grid_worker", grid.path) == qingshi.post("community_2.grid_worker_1")
    assert post_for("dispatcher", grid.path) == qingshi.post("town_centre.dispatcher")
    assert post_for("arbiter", grid.path) == qingshi.post("county_centre.dispatcher")
    assert post_for("resident", grid.path) is None
    assert [p.organisation.key for p in posts_with("inspector", grid.path)] == ["town_centre", "county_centre"]


def test_the_nearest_post_is_the_first_of_all_that_hold_the_role_there(qingshi: Qingshi) -> None:
    grounds = [
        qingshi.place("county", 1),
        qingshi.place("town", 1),
        qingshi.place("community", 2),
        qingshi.place("grid", 3),
    ]
    for role in Role:
        for ground in grounds:
            assert post_for(role, ground.path) == posts_with(role, ground.path).first(), (role, ground)


def test_every_department_has_one_front_desk(qingshi: Qingshi) -> None:
    desks = list(departments(qingshi.county_code))
    assert len(desks) == 13 + 2 + 1  # departments, villages, the town's centre
    assert [front_desk(desk.organisation_id) for desk in desks] == desks
    police = qingshi.organisation("police")
    assert post_in(police.pk, "signer") == qingshi.post("police.signer")


def test_an_appointment_lasts_from_its_first_day_until_the_day_it_ends(qingshi: Qingshi) -> None:
    inspector = qingshi.person("inspector")
    today = STOOD_UP.date()
    assert [p.key for p in posts_of(inspector.pk, today)] == ["inspector"]
    assert list(posts_of(inspector.pk, today - timedelta(days=1))) == []
    later = STOOD_UP + timedelta(days=30)
    dismiss(inspector.appointments.get(), actor=qingshi.actor("administrator"), at=later)
    assert [p.key for p in posts_of(inspector.pk, later.date() - timedelta(days=1))] == ["inspector"]
    assert list(posts_of(inspector.pk, later.date())) == []


def test_dismissing_twice_is_once(qingshi: Qingshi) -> None:
    appointment = qingshi.person("caller").appointments.get()
    for day in (3, 9):
        dismiss(appointment, actor=FOUNDER, at=STOOD_UP + timedelta(days=day))
    appointment.refresh_from_db()
    assert appointment.until == date(2026, 1, 8)
    assert Line.objects.filter(verb="organisations.dismissed").count() == 1


def test_an_appointment_is_in_the_trail_without_a_name(qingshi: Qingshi) -> None:
    grid_worker, police = qingshi.person("grid"), qingshi.post("police.section")
    appoint([(police, grid_worker.pk)], actor=qingshi.actor("administrator"), at=STOOD_UP)
    line = Line.objects.filter(verb="organisations.appointed").latest("id")
    assert (line.subject_id, line.facts) == (police.pk, {"person": grid_worker.pk, "title": "业务股"})


@given(st.lists(st.integers(0, 900), min_size=1, max_size=40), st.integers(0, 120))
def test_seats_are_dealt_whole_and_to_the_fullest(households: list[int], seats: int) -> None:
    shares = dealt(seats, households)
    assert sum(shares) == max(seats, len(households))
    assert min(shares) >= 1
    for share, here in zip(shares, households, strict=True):
        if share > 1:  # the last seat here was worth more than one more anywhere else
            worth = here / (share - 1)
            assert worth >= max(h / s for h, s in zip(households, shares, strict=True))


def test_sixty_nine_workers_over_fifty_grids_leave_no_grid_without_one() -> None:
    assert Counter(dealt(69, [400 + n for n in range(50)])) == {1: 31, 2: 19}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_title_reads_in_the_language_that_is_switched_on(qingshi: Qingshi, language: str) -> None:
    from django.utils.translation import override

    with override(language):
        assert (
            qingshi.post("community_1.grid_worker_2").full_title
            == {
                "en": "Shanghe Villagers' Committee·Grid Worker, Grid 2",
                "zh-hans": "上河村村民委员会·第2网格网格员",
            }[language]
        )
