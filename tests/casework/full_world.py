"""A drawn world that is full: two counties, a post of every role, cases of every sort, wherever the lot puts them.

Whatever number is drawn, the following stand in it: three towns, six communities and twelve grids in one county and
a line of ground in another; codes that begin alike, such as 1 and 10; open and confidential cases, children, joined,
moved, ended ones and requests about one's own data; hands of units at home and of units of the other county; and
people who hold a post, held it until yesterday, until today, or will hold it from tomorrow.
"""

from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils import timezone

from jingwei.accounts.models import Account, Permit
from jingwei.casework.acts.opening import case_code, code_mark
from jingwei.casework.acts.steps import SAMPLED
from jingwei.casework.kinds import KINDS, Ending
from jingwei.casework.models import Act, Attachment, Case, Hand, Motion, Round, Standing
from jingwei.files.models import Blob
from jingwei.notices.models import Notice
from jingwei.organisations.models import Appointment, Organisation, Post
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.places.queries import new_qr
from jingwei.policy.models import County
from jingwei.search.acts import put_many

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOME, ABROAD = "990601", "990602"
SEEING = (
    "dispatcher",
    "arbiter",
    "inspector",
    "caller",
    "leader",
    "grid_worker",
    "first_secretary",
    "committee_member",
)
ROLES = (*SEEING, "clerk", "department", "section", "signer", "administrator", "security_officer", "auditor")
APART = {"administrator", "security_officer", "auditor"}
LAYERS = ("county", "town", "community", "grid")


class World:
    """What was drawn, as rows."""

    def __init__(self, number: int, today: date = TODAY) -> None:
        self.lot, self.today = Random(number), today
        self.edition = County.objects.get(pk="990302").edition
        self.grounds: list[Place] = []
        self.tree(HOME, (("1", "10", "2"), ("1", "10"), ("1", "10")))
        self.tree(ABROAD, (("1",), ("1",), ("1", "10")))
        self.units = [self.unit(n) for n in range(8)]
        self.posts = [self.post(n, {role}, HOME) for n, role in enumerate(ROLES)]
        self.posts += [self.post(90, {"leader", "department"}, HOME), self.post(91, {"grid_worker", "caller"}, HOME)]
        self.posts += [self.post(92, {"dispatcher"}, ABROAD), self.post(93, {"leader"}, ABROAD)]
        self.cases = self.some_cases()
        put_many("case", [(case.pk, f"{case.number} {case.title}") for case in self.cases])
        self.hands = set(Hand.objects.values_list("case_id", "organisation_id"))
        prefetch_related_objects(self.cases, "motions", "attachments", "acts")
        self.told = set(Notice.objects.filter(subject_type="case").values_list("post_id", "subject_id"))
        self.further = {post.pk: self.excepted(post) for post in self.posts}
        self.people = [self.appointed(post) for post in self.posts]

    def tree(self, code: str, codes: tuple[tuple[str, ...], ...]) -> None:
        county = County.objects.create(code=code, name=code, english=code, edition=self.edition)
        row = self.laid([Place(county=county, code=code, path=f"{code}/")], 0)
        for depth, here in enumerate(codes, 1):
            below = [Place(county=county, parent=above, path=f"{above.path}{c}/") for above in row for c in here]
            row = self.laid(below, depth)

    def laid(self, row: list[Place], depth: int) -> list[Place]:
        for place in row:
            place.layer, place.qr, place.since = LAYERS[depth], new_qr(), date(2026, 1, 1)
            place.name = place.code = place.path.replace("/", "")[-12:] + f"-{len(place.path)}"
        self.grounds += Place.objects.bulk_create(row)
        return row

    def of(self, county: str) -> list[Place]:
        return [ground for ground in self.grounds if ground.county_id == county]

    def unit(self, n: int) -> Organisation:
        ground = self.lot.choice(self.of(ABROAD if n > 5 else HOME))
        return Organisation.objects.create(
            county=ground.county, key=f"unit{n}", name=f"单位{n}", kind="department", ground=ground, since="2026-01-01"
        )

    @cached_property
    def watched(self) -> list[Place]:
        """The grounds that posts stand on: all three towns, and communities and grids; whole counties are rarer."""
        home = [self.lot.sample([g for g in self.of(HOME) if g.layer == layer], 2) for layer in LAYERS[2:]]
        return [g for g in self.of(HOME) if g.layer == "town"] + home[0] + home[1]

    def post(self, n: int, roles: set[str], county: str) -> Post:
        unit = self.lot.choice([u for u in self.units if u.county_id == county])
        ground = self.watched[n % 7] if county == HOME else self.lot.choice(self.of(county)[:2])
        if roles == {self.lot.choice(SEEING)}:
            ground = self.of(county)[0]
        return Post.objects.create(
            organisation=unit, key=f"post{n}", title=f"岗位{n}", roles=sorted(roles), ground=ground
        )

    def some_cases(self) -> list[Case]:
        """One open and one confidential matter on every ground, more or less, each of them something besides."""
        grounds = [*self.of(HOME), *self.watched, *self.lot.sample(self.of(ABROAD), 3)]
        n, lot = len(grounds), self.lot
        kinds = lot.sample(["incident"] * (n - 12) + ["assistance"] * 6 + ["own_data"] * 6, n)
        ended, tiers = lot.sample(range(n), 7), lot.sample([0, 1] * n, n)
        cases = [
            self.case(i, grounds[i], kinds[i], tier=tiers[i], ended=i in ended) for i in range(n)
        ]  # fmt: skip
        for case in lot.sample(cases, 4):  # joined to another, of whichever ground
            case.main = lot.choice([other for other in cases if other is not case])
        for case in cases:
            if case.kind == "assistance":
                case.parent = lot.choice([other for other in cases if other.kind == "incident"])
        for case in lot.sample(cases[: len(self.of(HOME))], 5):  # moved: its place is as it was, its ground is not
            case.ground_path = lot.choice(self.of(HOME)).path
        Case.objects.bulk_update(cases, ["main", "parent", "ground_path", "code_mark"])
        return cases

    def case(self, n: int, place: Place, kind: str, *, tier: int, ended: bool) -> Case:
        lot = self.lot
        stages = [s for s in KINDS[kind].stages.values() if isinstance(s, Ending) == ended]
        working = [p for p in self.posts if set(p.roles) - APART and p.organisation.county_id == place.county_id]
        owner = None if ended else lot.choice(working)
        stage = lot.choice(stages).name
        due = None if ended else lot.choice([None, NOW - HOUR, NOW + HOUR])
        case = Case.objects.create(
            county_id=place.county_id, edition_id=self.edition.pk, kind=kind, number=f"SG2026{n:06d}",
            title=f"路灯不亮{n}", stage=stage, source="counter", tier=tier, place=place, ground_path=place.path,
            owner=owner, recorded_at=NOW, is_open=not ended, due_at=due, urged=lot.choice([0, 0, 1]),
            returned=lot.choice([0, 0, 2]), supervised=lot.random() < 0.2,
        )  # fmt: skip
        case.code_mark = code_mark(case_code(case.pk))
        hands = {unit.pk for unit in lot.sample(self.units, lot.choice([0, 0, 1, 2]))}
        hands |= {owner.organisation_id} if owner else set()  # whoever owes a case has had her unit's hands on it
        Hand.objects.bulk_create(Hand(case=case, organisation_id=unit) for unit in hands)
        Standing.objects.create(case=case, round=1, stage=stage, owner=owner, ground_path=place.path, tier=tier)
        self.about(case, n)
        return case

    def about(self, case: Case, n: int) -> None:
        """What else hangs on a case."""
        said: dict[str, Any] = {"case": case, "round": 1, "actor_kind": "machine", "title": "test", "at": NOW}
        act = Act.objects.create(verb="case.opened", **said)
        Round.objects.create(case=case, number=1, opened_at=NOW)
        if n % 3 == 0:
            Act.objects.create(verb=SAMPLED.name, facts={"drawn": True, "seed": 1, "rate": 1, "lot": "0.1"}, **said)
        if n % 3 == 1:
            Attachment.objects.create(act=act, case=case, blob=self.picture)
        if n % 3 == 2:
            Motion.objects.create(case=case, round=1, sort="extension", raised=act, to=self.lot.choice(self.posts))
        if n % 5 == 0:
            post = self.lot.choice(self.posts)
            Notice.objects.create(
                county_id=post.organisation.county_id, post=post, event="assigned", subject_type="case",
                subject_id=case.pk, label=case.number, at=NOW, key=f"told {case.pk}",
            )  # fmt: skip

    def excepted(self, post: Post) -> set[str]:
        """Exceptions for a post, most of which are not in force; the grounds of those that are. By the wall clock."""
        now, lot, grounds = timezone.now(), self.lot, set()
        for n in range(2 if set(post.roles) - APART else 0):
            ground = lot.choice(self.of(post.organisation.county_id)[1:])
            since, until, granted, ended = lot.choice([
                (-1, 1, True, None), (-1, 1, True, None), (-2, -1, True, None), (1, 2, True, None),
                (-1, 1, None, None), (-1, 1, False, None), (-2, 2, True, -1),
            ])  # fmt: skip
            Permit.objects.create(
                county_id=ground.county_id, permission="wider_sight", scene="emergency", place=ground, post=post,
                reason="汛期值守", law="防汛条例", since=now + since * DAY, until=now + until * DAY, asked_at=now,
                asked_by=1, asked_title="管理员", granted=granted, key=UUID(int=1000 * post.pk + n),
                ended_at=None if ended is None else now + ended * DAY,
            )  # fmt: skip
            grounds |= {ground.path} if (since, until, granted, ended) == (-1, 1, True, None) else set()
        return grounds

    @cached_property
    def picture(self) -> Blob:
        mark = sha256(b"a lamp").hexdigest()
        made = {"size": 6, "kind": "image/jpeg", "width": 1, "height": 1, "made_at": NOW}
        return Blob.objects.get_or_create(pk=mark, defaults=made)[0]

    def appointed(self, post: Post) -> Account:
        """Somebody who holds `post` today, and who held, or will hold, or holds others besides."""
        county = post.organisation.county_id
        person = Person.objects.create(county_id=county, purpose=Person.OFFICIAL, ground="duty")
        beside = [p for p in self.posts if p.organisation.county_id == county and p != post]
        others = self.lot.sample(beside, min(2, len(beside)))
        ago, today = self.today - 30 * DAY, self.today
        spans = [(ago, today), (ago, today - DAY), (ago, today + DAY), (today + DAY, None), (today, None), (ago, None)]
        Appointment.objects.create(post=post, person=person, since=ago)
        for other in others:
            since, until = self.lot.choice(spans)
            Appointment.objects.create(post=other, person=person, since=since, until=until)
        return Account.objects.create(username=f"who{post.key}", person=person, password="!", password_since=NOW)
