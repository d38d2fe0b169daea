"""By-law of sight: whatever ground, posts and cases are drawn, every way by which cases are shown shows the same.

Ten lines of plain Python say who sees what; the register in `casework/ways_out.py` says by which ways cases are
shown. Both are compared for every post drawn, for who bears a code, and at the pages themselves for who sits there.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.translation import override

from jingwei.accounts.sitting import CHOSEN, PASSED
from jingwei.casework.acts.steps import SAMPLED
from jingwei.casework.kinds import KINDS
from jingwei.casework.models import Case
from jingwei.casework.pages.sheets import SHEETS
from jingwei.casework.paging import counted_in_queue
from jingwei.casework.sight import because, why_seen
from jingwei.casework.ways_out import WAYS_OUT, WayOut
from jingwei.organisations.models import Appointment, Post
from jingwei.organisations.queries import posts_of
from jingwei.trail.actor import Actor

from .full_world import APART, NOW, World


def seen(case: Case, post: Post, hands: set[tuple[int, int]], further: Collection[str] = ()) -> bool:
    """Sight, as a citizen would tell it."""
    roles = set(post.roles)
    if case.county_id != post.organisation.county_id:
        return False
    if case.is_open and not case.tier and any(case.ground_path.startswith(ground) for ground in further):
        return True
    if (case.pk, post.organisation_id) in hands and roles - APART:
        return True
    watches = {"dispatcher", "arbiter", "inspector", "caller"}
    if not case.tier:
        watches |= {"leader", "grid_worker", "first_secretary", "committee_member"}
    return bool(roles & watches) and case.ground_path.startswith(post.ground.path)


def owed_by(role: str) -> set[str]:
    return {stage.name for kind in KINDS.values() for stage in kind.stages.values() if stage.owed_by == role}


Part = Callable[[Case, Post], bool]
PARTS: dict[str, Part] = {
    "queue: mine": lambda case, post: case.is_open and case.owner_id == post.pk,
    "queue: ours": lambda c, post: c.is_open and bool(c.owner and c.owner.organisation_id == post.organisation_id),
    "queue: motions": lambda case, post: any(m.to_id == post.pk for m in case.motions.all()),
    "queue: late": lambda case, _post: case.is_open and case.due_at is not None and case.due_at < NOW,
    "queue: watched": lambda case, _post: case.is_open and (case.supervised or case.urged > 0 or case.returned > 0),
    "queue: ended": lambda case, _post: not case.is_open,
    "sheet in the hotline's columns": lambda case, _post: case.kind == "incident",
    "rows of figures": lambda case, _post: case.kind == "incident",
    "lists to hand over": lambda case, _post: (
        case.is_open
        and (
            bool(case.owner and not case.owner.until)
            or bool(case.lead and not case.lead.until)
            or case.motions.filter(settled=None).exists()
        )
    ),
    "photographs": lambda case, _post: bool(case.attachments.all()),
    "sample": lambda case, post: (
        bool({"inspector", "arbiter", "dispatcher", "leader"} & set(post.roles))
        and any(act.verb == SAMPLED.name for act in case.acts.all())
    ),
    "call-backs": lambda case, post: "caller" in post.roles and case.is_open and case.stage in owed_by("caller"),
    "progress": lambda _case, _post: False,
    "broken promises": lambda _case, _post: False,  # no promise was broken in these worlds
    "meetings": lambda _case, _post: False,  # no meeting has resolved anything in these worlds
    "visits": lambda _case, _post: False,  # and nothing was promised on a visit
}
"""What a way is for, where it is not for everything that is seen. A way that is not named here shows all of it."""


def all_that_is_seen(_case: Case, _post: Post) -> bool:
    return True


class Shown:
    """What every way of the register shows; ways that ask the same question are asked once."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.asked: dict[Any, set[int]] = {}

    def by(self, way: WayOut) -> set[int]:
        question = way.shows.args if isinstance(way.shows, partial) else way.shows
        if question not in self.asked:
            self.asked[question] = set(way.shows(self.actor, NOW))
        return self.asked[question]


def every_way_agrees(number: int, half: slice = slice(None)) -> None:
    get_resolver().url_patterns  # noqa: B018  (every page writes itself down as it is loaded)
    with transaction.atomic(), override("en"):
        world = World(number)
        for post in world.posts[half]:
            whole = {case.pk for case in world.cases if seen(case, post, world.hands, world.further[post.pk])}
            shown = Shown(Actor.of_person(1, post.pk, "somebody"))
            for name, way in WAYS_OUT.items():
                part = PARTS.get(name, all_that_is_seen)
                expected = {case.pk for case in world.cases if case.pk in whole and part(case, post)}
                if name == "notices":  # what one was told stays told
                    expected = {case for told_to, case in world.told if told_to == post.pk}
                assert shown.by(way) == expected, (name, post.roles, post.ground.path)
                if name.startswith("queue: "):  # the number beside the queue is of what stands in it
                    assert counted_in_queue(post, name.removeprefix("queue: "), NOW) == len(expected), name
            asked = world.lot.sample(world.cases, 3)
            told = {case.pk for case in asked if why_seen(case, post)}
            assert told == {case.pk for case in asked if because(case, post)} == whole & {case.pk for case in asked}
        for case in world.lot.sample(world.cases, 4):
            borne = {name: set(way.shows(Actor.bearer(case.pk), NOW)) for name, way in WAYS_OUT.items()}
            assert borne == {name: {case.pk} if name == "progress" else set() for name in WAYS_OUT}
        transaction.set_rollback(True)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_way_shows_what_the_policy_says_read_aloud(qingshi: Any, number: int) -> None:
    every_way_agrees(number, slice(number % 3, None, 3))  # every role in one world or another


@pytest.mark.long
@pytest.mark.parametrize("hundred", range(4))
def test_every_way_shows_the_same_in_many_worlds(qingshi: Any, hundred: int) -> None:
    for number in range(hundred * 100, hundred * 100 + 25):
        every_way_agrees(number)


PAGES: dict[str, Callable[[Case], Iterable[Any]]] = {
    "desk:case": lambda case: [case.number],
    "desk:contact": lambda case: [case.number],
    "desk:print": lambda case: [case.number, *[name for name, paper in SHEETS.items() if paper.made(case)][:1]],
    "desk:receipt": lambda case: [case.number],
    "desk:own_data_sheet": lambda case: [case.number],
    "doorstep:beheld": lambda case: case.attachments.values_list("pk", flat=True),
    "doorstep:photograph": lambda case: [*case.attachments.values_list("pk", flat=True), "thumb"],
}
"""Pages that are asked for one case, and what stands in their address."""
TWO_PARTS = {"desk:print", "doorstep:photograph"}


def held(account: Any, on: date) -> set[int]:
    """The posts somebody holds on a day: from the first day, and until, but not on, the last."""
    terms = Appointment.objects.filter(person=account.person_id, post__until=None)
    return {term.post_id for term in terms if term.since <= on and (term.until is None or on < term.until)}


def sits(client: Client, account: Any, post: Post) -> None:
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[CHOSEN], session[PASSED] = post.pk, True
    session.save()


def test_the_pages_themselves_show_a_case_to_nobody_else(qingshi: Any, client: Client) -> None:
    with transaction.atomic():
        world = World(3, today=timezone.localdate())
        asked = list(PAGES)
        for n, (post, account) in enumerate(zip(world.posts, world.people, strict=True)):
            assert {found.pk for found in posts_of(account.person_id, world.today)} == held(account, world.today)
            sits(client, account, post)
            unseen = [case for case in world.cases if not seen(case, post, world.hands, world.further[post.pk])]
            for m, case in enumerate(world.lot.sample(unseen, 7)):
                page = asked[(n + m) % len(asked)]
                parts = [*PAGES[page](case)]
                if len(parts) == (
                    2 if page in TWO_PARTS else 1
                ):  # a case without a picture or a paper has no such page
                    assert client.get(reverse(page, args=parts)).status_code == 404, (page, post.roles, case.tier)
            for case in [case for case in world.cases if seen(case, post, world.hands, world.further[post.pk])][:1]:
                assert client.get(reverse("desk:case", args=[case.number])).status_code == 200, post.roles
        transaction.set_rollback(True)


def test_whoever_s_term_is_over_sees_nothing_from_the_post_she_held(qingshi: Any, client: Client) -> None:
    with transaction.atomic():
        world = World(4, today=timezone.localdate())
        post, account = world.posts[0], world.people[0]
        case = next(case for case in world.cases if seen(case, post, world.hands, world.further[post.pk]))
        sits(client, account, post)
        page = reverse("desk:case", args=[case.number])
        answers = []
        for until in (None, world.today):
            Appointment.objects.filter(person=account.person_id).exclude(post=post).delete()
            Appointment.objects.filter(person=account.person_id).update(until=until)
            answers.append(client.get(page).status_code)
        assert answers == [200, 302]
        transaction.set_rollback(True)


SHOWS_NO_CASE = {
    "running": {"alive", "ready", "metrics"},
    "looks": {"size", "language"},
    "api": {"openapi", "figures", "figure", "reading"},
    "doorstep": {
        "front", "robots", "report", "report_at", "suggest", "order", "information", "my_data", "my_extract",
        "hand_in", "grid", "activities", "activity", "poster", "certificate", "registration",
        "rules", "rule_book", "rule_book_pdf", "poster_pdf", "activity_beheld",
        "activity_photograph",
    },
    "desk": {
        "sign_in", "outside", "outside_back", "posts_changed", "second_factor", "set_up_factor", "renew_codes",
        "sign_out", "choose_post", "account", "end_session", "password", "accounts", "invite", "an_account",
        "do_account", "security", "reviewed", "audit", "export_audit", "new", "open", "qr", "map", "shapes", "place",
        "grid_notice", "information", "unmaskings", "sharings", "erasures", "assessments", "figures", "figure",
        "figures_sheet", "figure_sheet", "figure_shapes", "readings", "reading", "exceptions", "ask_exception",
        "decide_exception",
        "end_exception", "export_exceptions", "duties", "duties_unit", "duties_units", "duties_feed", "end_excuse",
        "change_place", "blank_roster", "refused_rows", "rosters", "roster", "do_roster", "accounts_without",
        "divide_place", "move_border", "roster_shapes",
        "activities", "activity_new", "activity", "activity_change", "do_activity", "certificates",
        "add_photographs", "do_photograph",
        "organisations", "organisations_sheet", "offered", "office_list", "office", "do_office",
        "certificates_pdf", "rules", "rule_book", "rule_book_pdf",
        "registered", "registered_end",
        "editions", "edition_changes", "edition_changes_sheet",
    },
}  # fmt: skip
"""Addresses that show no case; the records of the security officer and the auditor name numbers and no more."""


def addresses(resolver: URLResolver, space: str = "") -> set[str]:
    """The names of all addresses of the site."""
    found = set()
    for one in resolver.url_patterns:
        inner = ":".join(part for part in (space, getattr(one, "namespace", None) or "") if part)
        if isinstance(one, URLPattern):
            found.add(f"{space}:{one.name}" if space else str(one.name))
        else:
            found |= addresses(one, inner)
    return found


def test_every_address_is_written_down_as_a_way_or_shows_no_case() -> None:
    every = addresses(get_resolver())
    ways = {address for way in WAYS_OUT.values() for address in way.addresses}
    none = {f"{space}:{name}" for space, names in SHOWS_NO_CASE.items() for name in names}
    assert (every - ways - none, ways - every, ways & none) == (set(), set(), set())
    assert set(PARTS) <= set(WAYS_OUT)
