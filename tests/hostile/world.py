"""A county with one case of each sort to reach for, and somebody of every role to reach with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from hostile.hands import OF_A_POST, Hand, hand_of, neighbours

SECRET = "暗号青蛙"
"""Stands in every word that only those who see the case may read."""
TELEPHONE = "13800006021"


@dataclass
class Someone:
    """A hand with a browser."""

    hand: Hand
    client: Client
    name: str = ""


@dataclass
class World:
    """What there is to reach for."""

    qingshi: Any
    at: datetime
    open: Any = None
    confidential: Any = None
    waiting: Any = None
    asked: Any = None
    photograph: Any = None
    motion: Any = None
    activity: Any = None
    kept: Any = None
    people: list[Someone] = field(default_factory=list)

    def person(self, name: str) -> Someone:
        """Somebody by name."""
        return next(one for one in self.people if one.name == name)


def build(qingshi: Any) -> World:
    """Let it all stand: cases first, so that they are owed by Qingshi's own posts."""
    world = World(qingshi, timezone.now() - timedelta(hours=6))
    _cases(world)
    _people(world)
    world.activity = an_activity(world)
    world.kept = what_units_keep(world)
    return world


@dataclass
class Kept:
    """What a department keeps beside cases, and what a market is excused from."""

    visit: Any
    meeting: Any
    registration: Any
    excuse: Any


def what_units_keep(world: World) -> Kept:
    """Housing visited a grid it answers for, met, and registered with a village; the market is excused for a day."""
    from jingwei.affairs.meetings.acts import Minutes, keep
    from jingwei.affairs.meetings.pack import sorts
    from jingwei.affairs.registration.acts import register_unit
    from jingwei.affairs.visits.acts import Made, visit
    from jingwei.duties.acts import excuse
    from jingwei.organisations.models import Responsibility

    qingshi, at = world.qingshi, timezone.now()
    desk, today, act = (
        qingshi.post("housing.desk"),
        timezone.localdate(at),
        {"actor": qingshi.actor("housing"), "at": at},
    )
    to, _new = Responsibility.objects.get_or_create(
        post=desk, place=qingshi.place("grid", 1), defaults={"title": "包联", "since": today}
    )
    minutes = Minutes(sorts(qingshi.book)[0], desk.organisation, at - timedelta(days=1), f"{SECRET}议事")
    return Kept(
        visit=visit(Made(to, today, f"{SECRET}所问"), key=uuid4(), **act),
        meeting=keep(minutes, by=desk, key=uuid4(), **act),
        registration=register_unit(desk.organisation, qingshi.place("community"), [], "", by=desk, key=uuid4(), **act),
        excuse=excuse(qingshi.organisation("market"), "leave", today, today, by=desk, key=uuid4(), **act),
    )


def an_activity(world: World) -> Any:
    """A course that a village announced, for which somebody signed up with her name."""
    from jingwei.affairs.activities.acts import Plan, plan, publish
    from jingwei.affairs.activities.models import Photograph
    from jingwei.affairs.activities.signing import Taking, sign_up

    post, at = world.qingshi.post_of("community"), timezone.now()
    begins = at + timedelta(days=3)
    what = Plan(
        sort="training", title="村里的培训", where="文化站", begins_at=begins, ends_at=begins + timedelta(hours=2),
        asks_contact=True,
    )  # fmt: skip
    actor = world.qingshi.actor("community")
    activity = plan(post.organisation, what, by=post, actor=actor, at=at, key=uuid4())
    publish(activity, actor=actor, at=at)
    Photograph.objects.create(activity=activity, blob_id=world.photograph.blob_id, added_at=at)
    for one in {activity, world.activity or activity}:
        sign_up(one, Taking(1, f"{SECRET}孙", TELEPHONE), at=at, key=uuid4())
    return activity


def _cases(world: World) -> None:
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts import motions, remarks
    from jingwei.casework.acts.steps import take
    from jingwei.casework.models import Attachment
    from jingwei.casework.needs import Evidence
    from jingwei.files.acts import keep

    qingshi, at = world.qingshi, world.at
    lead = {"handler": qingshi.post("housing.desk").pk}
    photograph = keep(BytesIO(picture()), at=at)

    def brought(confidential: bool = False, to: int = 2, **said: Any) -> Any:
        case = taken_in(world, confidential, photographs=(photograph.pk,), **said)
        taken = [
            (Incident.assign, "dispatcher", Evidence(posts=lead, words={"words": f"{SECRET}一"})),
            (Incident.sign_for, "housing", Evidence()),
            (Incident.report_handled, "housing", Evidence(words={"reply": f"{SECRET}二"})),
            (Incident.verify, "inspector", Evidence()),
        ]
        for step, who, evidence in taken[:to]:
            case = take(step, case, actor=qingshi.actor(who), at=at, evidence=evidence)
        return case

    world.open, world.confidential = brought(), brought(confidential=True)
    world.waiting = brought(to=4)
    world.asked = brought()
    until = at + timedelta(days=1)
    for case in (world.open, world.confidential):
        remarks.comment(case, f"{SECRET}三", actor=qingshi.actor("dispatcher"), at=at)
        motions.raise_motion(
            motions.EXTENSION, case, f"{SECRET}四", actor=qingshi.actor("housing"), at=at, until=until, reason="weather"
        )
    _breach(world)
    world.motion = world.open.motions.get()
    world.photograph = Attachment.objects.filter(case=world.open).first()


def _breach(world: World) -> None:
    """A company with a name that would begin a tag broke its promise in the open case, and was not heard yet."""
    from jingwei.affairs.promises.models import PromiseBreach
    from jingwei.organisations.models import Organisation
    from jingwei.policy.models import County

    county, run = County.objects.get(pk=world.qingshi.county_code), world.open.clocks.first()
    said = {"kind": "property", "ground": world.qingshi.place("county"), "since": "2026-01-05"}
    company, _new = Organisation.objects.get_or_create(
        county=county, key="hostile_company", defaults=said | {"name": """安居<b onclick='1'>"物业"""}
    )
    PromiseBreach.objects.create(
        clock=run, case=world.open, organisation=company, promise="arrival", due_at=world.at,
        kept_at=world.at + timedelta(minutes=50),
    )  # fmt: skip


def picture() -> bytes:
    """A small JPEG."""
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (64, 48), "tomato").save(out, "JPEG")
    return out.getvalue()


def taken_in(world: World, confidential: bool = False, **said: Any) -> Any:
    """A case taken in by the clerk, with a name, a number and a code."""
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.opening import Intake, open_case
    from jingwei.people.models import Person

    county = world.qingshi.county_code
    asker = Person.named(county, f"{SECRET}钱", TELEPHONE, purpose=Person.ASKER, ground="request")
    intake = Intake(
        place=world.qingshi.place("grid", 1), title=f"{SECRET}井盖", words=f"{SECRET}巷口井盖丢失。", source="counter",
        where=f"{SECRET}巷口", grade="general", category="property_repair", request_class="complaint", asker=asker,
        asks_back=True, confidential=confidential, with_code=True, **said,
    )  # fmt: skip
    return open_case(Incident, intake, actor=world.qingshi.actor("clerk"), at=world.at)


def _people(world: World) -> None:
    from jingwei.organisations.models import Post
    from jingwei.trail.actor import Actor

    qingshi = world.qingshi
    market, near = qingshi.organisation("market"), qingshi.place("grid", 1)
    next_door = neighbours(qingshi)
    seats = [(f"{role}", [role], market, near) for role in OF_A_POST]
    seats += [(f"{role} elsewhere", [role], market, qingshi.place("community", 2)) for role in ("dispatcher", "leader")]
    seats += [("next door", ["dispatcher", "arbiter", "inspector", "caller", "leader"], next_door, next_door.ground)]
    for n, (name, roles, unit, ground) in enumerate(seats):
        post = Post.objects.create(organisation=unit, key=f"hostile_{n}", title=name, roles=roles, ground=ground)
        account = _account(f"hostile{n}", unit.county_id, post)
        client = qingshi.sign_in(Client(), account.username)
        world.people.append(Someone(hand_of(post, account.person_id, name), client, name))
    for username in ("housing", "dispatcher", "clerk", "caller", "administrator"):
        hand = hand_of(qingshi.post_of(username), qingshi.person(username).pk, username)
        world.people.append(Someone(hand, qingshi.sign_in(Client(), username), f"our {username}"))
    idle = _account("hostile_idle", qingshi.county_code, None)
    client = Client()
    client.force_login(idle, backend="django.contrib.auth.backends.ModelBackend")
    no_post = Hand("no post", Actor.of_person(idle.person_id, None, "nobody"))
    world.people.append(Someone(no_post, client, "no post"))
    nobody = Hand("nobody", Actor.machine("nobody"))
    world.people.append(Someone(nobody, Client(), "nobody"))
    world.people.append(_bearer(world))


def _account(username: str, county: str, post: Any) -> Any:
    from jingwei.accounts.models import Account
    from jingwei.organisations.models import Appointment
    from jingwei.people.models import Person

    person = Person.named(county, f"测{username}", "", purpose=Person.OFFICIAL, ground="duty")
    person.save()
    if post is not None:
        Appointment.objects.create(post=post, person=person, since="2026-01-05")
    return Account.objects.create(username=username, person=person, password="!")


def _bearer(world: World) -> Someone:
    """Somebody who showed the code of the open case, and is nobody at the desk."""
    from jingwei.casework.acts.opening import case_code
    from jingwei.trail.actor import Actor

    client = Client()
    assert client.get(f"/c/{case_code(world.open.pk)}/").status_code == 200
    hand = Hand("the bearer", Actor.bearer(world.open.pk), bears=world.open.pk)
    return Someone(hand, client, "the bearer")
