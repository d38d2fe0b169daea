"""By-law of sight: whatever ground, posts and cases are drawn, every way by which cases are shown shows the same.

Ten lines of plain Python say who sees what; the register in `casework/ways_out.py` says by which ways cases are
shown. Both are compared for every post drawn, and for who bears a code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jingwei.casework.acts.opening import case_code, code_mark
from jingwei.casework.acts.steps import SAMPLED
from jingwei.casework.kinds import KINDS, Ending
from jingwei.casework.models import Act, Attachment, Case, Hand, Motion, Round
from jingwei.casework.sight import because, why_seen
from jingwei.casework.ways_out import WAYS_OUT
from jingwei.files.models import Blob
from jingwei.notices.models import Notice
from jingwei.organisations.models import Organisation, Post
from jingwei.places.models import Place
from jingwei.places.queries import new_qr
from jingwei.policy.models import County
from jingwei.search.acts import put_many
from jingwei.trail.actor import Actor

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)
COUNTIES = ("990601", "990602")
ROLES = (
    "dispatcher", "arbiter", "inspector", "caller", "leader", "grid_worker", "first_secretary", "committee_member",
    "clerk", "department", "section", "signer", "administrator", "security_officer", "auditor",
)  # fmt: skip
APART = {"administrator", "security_officer", "auditor"}


def seen(case: Case, post: Post, hands: set[tuple[int, int]]) -> bool:
    """Sight, as a citizen would tell it."""
    roles = set(post.roles)
    if case.county_id != post.organisation.county_id:
        return False
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
    "queue: motions": lambda case, post: case.motions.filter(to=post, settled=None).exists(),
    "queue: late": lambda case, _post: case.is_open and case.due_at is not None and case.due_at < NOW,
    "queue: watched": lambda case, _post: case.is_open and (case.supervised or case.urged > 0 or case.returned > 0),
    "queue: ended": lambda case, _post: not case.is_open,
    "sheet in the hotline's columns": lambda case, _post: case.kind == "incident",
    "rows of figures": lambda case, _post: case.kind == "incident",
    "photographs": lambda case, _post: case.attachments.exists(),
    "sample": lambda case, post: (
        bool({"inspector", "arbiter", "dispatcher", "leader"} & set(post.roles))
        and case.acts.filter(verb=SAMPLED.name).exists()
    ),
    "call-backs": lambda case, post: "caller" in post.roles and case.is_open and case.stage in owed_by("caller"),
    "notices": lambda case, post: Notice.objects.filter(post=post, subject_type="case", subject_id=case.pk).exists(),
    "progress": lambda _case, _post: False,
}
"""What a way is for, where it is not for everything that is seen. A way that is not named here shows all of it."""


@dataclass(frozen=True)
class Drawn:
    """Numbers out of which a small world is made."""

    grounds: list[tuple[int, int]]
    posts: list[tuple[int, int, frozenset[str]]]
    cases: list[dict[str, Any]]


def worlds(many: int) -> st.SearchStrategy[Drawn]:
    """Place trees of two counties, posts with roles upon them, and cases with hands."""
    n = st.integers(0, 7)
    case = st.fixed_dictionaries(
        {"ground": n, "kind": st.sampled_from(sorted(KINDS)), "stage": n, "tier": st.integers(0, 1), "owner": n,
         "hands": st.frozensets(n, max_size=3), "due": st.sampled_from([None, -1, 1]), "urged": st.integers(0, 1),
         "returned": st.integers(0, 2), "supervised": st.booleans(), "motion": st.none() | n, "pictured": st.booleans(),
         "sampled": st.booleans(), "told": st.none() | n}
    )  # fmt: skip
    return st.builds(
        Drawn,
        st.lists(st.tuples(n, st.integers(1, 3)), min_size=1, max_size=7),
        st.lists(
            st.tuples(n, n, st.frozensets(st.sampled_from(ROLES), min_size=1, max_size=3)), min_size=2, max_size=many
        ),
        st.lists(case, min_size=1, max_size=many),
    )


class World:
    """What was drawn, as rows."""

    def __init__(self, drawn: Drawn) -> None:
        edition = County.objects.get(pk="990302").edition
        made = [County.objects.create(code=code, name=code, english=code, edition=edition) for code in COUNTIES]
        self.grounds = [self.ground(county, None, county.pk, 0) for county in made]
        for n, (above, depth) in enumerate(drawn.grounds):
            parent = self.grounds[above % len(self.grounds)]
            # Codes that begin alike, such as 1 and 10, must not be taken for one another.
            self.grounds.append(self.ground(parent.county, parent, "1" + "0" * depth if n % 2 else f"{n}", n))
        units = [
            Organisation.objects.create(
                county=ground.county,
                key=f"unit{n}",
                name=f"单位{n}",
                kind="department",
                ground=ground,
                since="2026-01-01",
            )
            for n, ground in enumerate(self.grounds)
        ]
        self.posts = [
            Post.objects.create(
                organisation=units[unit % len(units)], key=f"post{n}", title=f"岗位{n}", roles=sorted(roles),
                ground=self.within(units[unit % len(units)].county_id, ground),
            )
            for n, (unit, ground, roles) in enumerate(drawn.posts)
        ]  # fmt: skip
        self.cases = [self.case(n, said, edition.pk) for n, said in enumerate(drawn.cases)]
        put_many("case", [(case.pk, f"{case.number} {case.title}") for case in self.cases])

    def within(self, county: str, n: int) -> Place:
        ours = [ground for ground in self.grounds if ground.county_id == county]
        return ours[n % len(ours)]

    def ground(self, county: County, parent: Place | None, code: str, n: int) -> Place:
        path = f"{parent.path if parent else ''}{code}/"
        return Place.objects.create(
            county=county, parent=parent, layer="grid" if parent else "county", code=f"{code}-{n}", name=path,
            path=path, qr=new_qr(), since="2026-01-01",
        )  # fmt: skip

    def case(self, n: int, said: dict[str, Any], edition: str) -> Case:
        place = self.grounds[said["ground"] % len(self.grounds)]
        stages = list(KINDS[said["kind"]].stages.values())
        stage = stages[said["stage"] % len(stages)]
        ended = isinstance(stage, Ending)
        working = [p for p in self.posts if set(p.roles) - APART and p.organisation.county_id == place.county_id]
        owner = working[said["owner"] % len(working)] if working and not ended else None
        case = Case.objects.create(
            county_id=place.county_id, edition_id=edition, kind=said["kind"], number=f"SG2026{n:06d}",
            title=f"路灯不亮{n}", stage=stage.name, source="counter", tier=said["tier"], place=place,
            ground_path=place.path, owner=owner, recorded_at=NOW, is_open=not ended,
            due_at=NOW + said["due"] * HOUR if said["due"] and not ended else None, urged=said["urged"],
            returned=said["returned"], supervised=said["supervised"],
        )  # fmt: skip
        Case.objects.filter(pk=case.pk).update(code_mark=code_mark(case_code(case.pk)))
        hands = {self.posts[h % len(self.posts)].organisation_id for h in said["hands"]}
        hands |= {owner.organisation_id} if owner else set()  # whoever owes a case has had her unit's hands on it
        Hand.objects.bulk_create(Hand(case=case, organisation_id=unit) for unit in hands)
        self.about(case, said)
        return case

    def about(self, case: Case, said: dict[str, Any]) -> None:
        """What else hangs on a case."""
        act = Act.objects.create(case=case, round=1, verb="case.opened", actor_kind="machine", title="test", at=NOW)
        Round.objects.create(case=case, number=1, opened_at=NOW)
        if said["sampled"]:
            facts = {"drawn": True, "seed": 1, "rate": 1, "lot": "0.1"}
            Act.objects.create(
                case=case, round=1, verb=SAMPLED.name, actor_kind="machine", title="test", at=NOW, facts=facts
            )
        if said["pictured"]:
            blob, _new = Blob.objects.get_or_create(
                pk=sha256(b"a lamp").hexdigest(),
                defaults={"size": 6, "kind": "image/jpeg", "width": 1, "height": 1, "made_at": NOW},
            )
            Attachment.objects.create(act=act, case=case, blob=blob)
        if said["motion"] is not None:
            to = self.posts[said["motion"] % len(self.posts)]
            Motion.objects.create(case=case, round=1, sort="extension", raised=act, to=to)
        if said["told"] is not None:
            post = self.posts[said["told"] % len(self.posts)]
            Notice.objects.create(
                county_id=post.organisation.county_id, post=post, event="assigned", subject_type="case",
                subject_id=case.pk, label=case.number, at=NOW, key=f"told {case.pk}",
            )  # fmt: skip


def every_way_agrees(drawn: Drawn) -> None:
    get_resolver().url_patterns  # noqa: B018  (every page writes itself down as it is loaded)
    with transaction.atomic(), override("en"):
        world = World(drawn)
        hands = set(Hand.objects.values_list("case_id", "organisation_id"))
        for post in world.posts:
            whole = {case.pk for case in world.cases if seen(case, post, hands)}
            actor = Actor.of_person(1, post.pk, "somebody")
            for name, way in WAYS_OUT.items():
                part = PARTS.get(name, lambda _case, _post: True)
                fitting = {case.pk for case in world.cases if part(case, post)}
                expected = fitting if name == "notices" else fitting & whole  # what one was told stays told
                assert set(way.shows(actor, NOW)) == expected, (name, post.roles, post.ground.path)
            told = {case.pk for case in world.cases if why_seen(case, post)}
            assert told == {case.pk for case in world.cases if because(case, post)} == whole
        for case in world.cases:
            shown = {name: set(way.shows(Actor.bearer(case.pk), NOW)) for name, way in WAYS_OUT.items()}
            assert shown == {name: {case.pk} if name == "progress" else set() for name in WAYS_OUT}
        transaction.set_rollback(True)


UNSHRUNK = [Phase.explicit, Phase.reuse, Phase.generate]
"""A world that breaks the law is told as it was drawn: making it smaller takes minutes."""
LAW = settings(deadline=None, phases=UNSHRUNK, suppress_health_check=list(HealthCheck), print_blob=True)


@given(drawn=worlds(5))
@settings(LAW, max_examples=12, derandomize=True)
def test_every_way_shows_what_the_policy_says_read_aloud(qingshi: Any, drawn: Drawn) -> None:
    every_way_agrees(drawn)


@pytest.mark.long
@given(drawn=worlds(12))
@settings(LAW, max_examples=400)
def test_every_way_shows_the_same_in_many_worlds(qingshi: Any, drawn: Drawn) -> None:
    every_way_agrees(drawn)


SHOWS_NO_CASE = {
    "running": {"alive", "ready", "metrics"},
    "looks": {"size", "language"},
    "api": {"openapi", "figures", "figure", "reading"},
    "doorstep": {
        "front", "robots", "report", "report_at", "suggest", "information", "my_data", "my_extract", "hand_in",
        "grid",
    },
    "desk": {
        "sign_in", "outside", "outside_back", "posts_changed", "second_factor", "set_up_factor", "renew_codes",
        "sign_out", "choose_post", "account", "end_session", "password", "accounts", "invite", "an_account",
        "do_account", "security", "reviewed", "audit", "export_audit", "new", "open", "qr", "map", "shapes", "place",
        "grid_notice", "information",
        "unmaskings", "sharings", "erasures", "assessments", "figures", "figure", "figures_sheet", "figure_sheet",
        "readings", "reading",
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
