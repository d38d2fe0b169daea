"""Every hand that could reach for a case: each role, on and off its ground, in and out of its unit, and nobody's."""

from dataclasses import dataclass, field
from typing import Any

from jingwei.organisations.pack import Role

FOLLOWS_FROM_THE_CASE = {Role.RESIDENT, Role.LEAD, Role.OWNER, Role.OPENER, Role.SYSTEM}
"""Roles that no post is given by a pack."""
OF_A_POST = [role for role in Role if role not in FOLLOWS_FROM_THE_CASE]
UNIT = {"department", "section", "signer", "team"}
"""Roles that look after what their own unit leads, wherever it lies."""

CODE = "990399"
"""The county next door."""


@dataclass(frozen=True)
class Hand:
    """Somebody who might try, in plain words, so that what she may do is told without asking the engine."""

    name: str
    actor: Any
    roles: frozenset[str] = frozenset()
    organisation: int | None = None
    ground: str = "nowhere"
    county: str = ""
    post: int | None = None
    bears: int | None = None
    post_row: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Matter:
    """A case in the same plain words."""

    pk: int
    county: str
    ground: str
    owner: int | None
    lead: int | None
    parents_lead: int | None
    opener: int | None
    hands: frozenset[int]
    confidential: bool

    @classmethod
    def of(cls, case: Any) -> "Matter":
        """What matters of a case, read from its row."""
        from jingwei.casework.models import Hand as Row

        return cls(
            case.pk,
            case.county_id,
            case.ground_path,
            case.owner_id,
            case.lead.organisation_id if case.lead else None,
            case.parent.lead.organisation_id if case.parent and case.parent.lead else None,
            case.opened_by_id,
            frozenset(Row.objects.filter(case=case).values_list("organisation_id", flat=True)),
            bool(case.tier),
        )


def concerned_as(hand: Hand, matter: Matter) -> set[str]:
    """The law, by brute force: in which roles a hand has to do with a matter."""
    if hand.bears is not None:
        return {"resident"} if hand.bears == matter.pk else set()
    if hand.post is None:
        return set()
    at_home = hand.county == matter.county and matter.ground.startswith(hand.ground)
    ours = hand.organisation == matter.lead
    roles = {r for r in hand.roles if (ours if r in UNIT else at_home) or hand.post == matter.owner}
    if hand.organisation == matter.parents_lead and hand.roles & {"department", "section"}:
        roles.add("lead")
    if hand.post == matter.owner:
        roles.add("owner")
    if hand.organisation == matter.opener:
        roles.add("opener")
    return roles


def sees(hand: Hand, matter: Matter) -> bool:
    """The law of sight, by brute force: whether a matter is there at all for a hand at the desk."""
    if hand.post is None or hand.county != matter.county:
        return False
    if hand.organisation in matter.hands and hand.roles - {"administrator", "auditor", "security_officer"}:
        return True
    watching = {"dispatcher", "arbiter", "inspector", "caller"}
    if not matter.confidential:
        watching |= {"leader", "grid_worker", "first_secretary", "committee_member"}
    return bool(hand.roles & watching) and matter.ground.startswith(hand.ground)


def neighbours(qingshi: Any) -> Any:
    """A county next door with a town and an office in it; the organisation."""
    from jingwei.organisations.models import Organisation
    from jingwei.places.models import Place
    from jingwei.places.queries import new_qr
    from jingwei.policy.models import County

    ours = County.objects.get(pk=qingshi.county_code)
    county = County.objects.create(pk=CODE, name="邻水县", english="Linshui", edition=ours.edition)
    since = "2026-01-01"
    ground = Place.objects.create(
        county=county, layer="county", code=CODE, name="邻水县", path=f"{CODE}/", qr=new_qr(), since=since
    )
    Place.objects.create(
        county=county,
        layer="town",
        code="100",
        name="邻水镇",
        path=f"{CODE}/100/",
        parent=ground,
        qr=new_qr(),
        since=since,
    )
    return Organisation.objects.create(
        county=county, key="neighbours", name="邻水县网格中心", kind="centre", ground=ground, since=since
    )


def hands_at(qingshi: Any) -> list[Hand]:
    """A post for each role × own and another unit × own and other ground, a county away, and one without a post.

    "Own" is the housing bureau, which leads, and the first grid, where the matter is.
    """
    from jingwei.organisations.models import Post
    from jingwei.trail.actor import Actor

    ours, theirs = qingshi.organisation("housing"), qingshi.organisation("market")
    next_door = neighbours(qingshi)
    near, far = qingshi.place("grid", 1), qingshi.place("community", 2)
    where = [(ours, "here", near), (ours, "elsewhere", far), (theirs, "here", near), (theirs, "elsewhere", far)]
    where += [(theirs, "above", qingshi.place("county")), (next_door, "there", next_door.ground)]
    seats = [(f"{role} of {unit.key} {word}", role, unit, ground) for role in OF_A_POST for unit, word, ground in where]
    posts = Post.objects.bulk_create(
        Post(organisation=unit, key=f"hostile_{n}", title=name, roles=[role], ground=ground, since=unit.since)
        for n, (name, role, unit, ground) in enumerate(seats)
    )
    person = qingshi.person("auditor").pk
    hands = [hand_of(post, person, name) for post, (name, *_rest) in zip(posts, seats, strict=True)]
    return [*hands, Hand("somebody without a post", Actor.of_person(person, None, "nobody"))]


def hands_on(case: Any) -> list[Hand]:
    """Whoever owes a case, the unit that opened it, whoever bears its code, and the bearer of another one's."""
    from jingwei.organisations.queries import front_desk
    from jingwei.trail.actor import Actor

    someone = case.acts.filter(person__isnull=False)[0].person_id
    owner = [hand_of(case.owner, someone, "whoever owes it")] if case.owner else []
    desk = front_desk(case.opened_by_id) if case.opened_by_id else None
    owner += [hand_of(desk, someone, "the unit that opened it")] if desk else []
    bearers = [
        Hand("the bearer of its code", Actor.bearer(case.pk), bears=case.pk),
        Hand("the bearer of another code", Actor.bearer(case.pk + 1), bears=case.pk + 1),
    ]
    return [*owner, *bearers]


def hand_of(post: Any, person_id: int, name: str) -> Hand:
    """Somebody at a post."""
    from jingwei.trail.actor import Actor

    actor = Actor.of_person(person_id, post.pk, post.full_title)
    county = post.organisation.county_id
    return Hand(name, actor, frozenset(post.roles), post.organisation_id, post.ground.path, county, post.pk, None, post)
