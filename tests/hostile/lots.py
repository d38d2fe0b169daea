"""One more of everything that a page may list, for pages that must ask as often of three as of one."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from hostile.world import World, _account, _cases, an_activity, taken_in


def another_lot(world: World, nth: int) -> None:
    """A case of each sort, an account, and a line for every record, list and register."""
    from jingwei.accounts.acts import disable
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.steps import take
    from jingwei.casework.needs import Evidence
    from jingwei.organisations.models import Post
    from jingwei.people import acts
    from jingwei.people.models import Assessment, Sharing, Tombstone
    from jingwei.policy.models import County

    qingshi, at = world.qingshi, timezone.now()
    more = World(qingshi, world.at)
    _cases(more)
    more.activity = world.activity
    an_activity(more)
    spot = taken_in(more)
    words = {"words": "已查看", "reply": "当场处理"}
    take(Incident.handle_on_the_spot, spot, actor=qingshi.actor("clerk"), at=at, evidence=Evidence(words=words))
    _drawn(spot)
    unit = qingshi.organisation("market")
    post = Post.objects.create(
        organisation=unit, key=f"lot_{nth}", title=f"岗{nth}", roles=["department"], ground=qingshi.place("grid", 1)
    )
    account = _account(f"lot{nth}", unit.county_id, post)
    disable(account, "离岗", actor=world.person("our administrator").hand.actor, at=at)
    actor = qingshi.actor("dispatcher")
    acts.unmask(more.asked.asker, about=more.asked.number, reason="call_back", words="回访", actor=actor, at=at)
    county = County.objects.get(pk=qingshi.county_code)
    sharing = Sharing(county=county, sort=Sharing.EXPORT, recipient="某局", purpose="queue", ground="职责", records=1)
    acts.share(sharing, actor=actor, at=at)
    assessment = Assessment(county=county, subject="某事", occasion="sharing", outcome="fit")
    acts.assess(assessment, actor=actor, at=at)
    Tombstone.objects.create(
        county=county, subject_type="case", subject_id=spot.pk, field="words", at=at, why="term", rule="1 day",
        edition=county.edition,
    )  # fmt: skip
    _work_of_units(world, county, nth)
    _of_officers(world, county, nth)


def _work_of_units(world: World, county: Any, nth: int) -> None:
    """What a unit plans, meets about and owes: an activity, a meeting, turns of a duty, a seat nobody holds."""
    from jingwei.affairs.activities.acts import Plan, plan
    from jingwei.affairs.meetings.acts import Minutes, keep
    from jingwei.affairs.meetings.pack import sorts
    from jingwei.affairs.registration.acts import register_unit
    from jingwei.affairs.visits.acts import Made, visit
    from jingwei.duties.models import Turn
    from jingwei.duties.pack import DutiesSection
    from jingwei.organisations.models import Organisation, Post

    qingshi, at = world.qingshi, timezone.now()
    desk, actor = qingshi.post("housing.desk"), qingshi.actor("housing")
    begins = at + timedelta(days=3)
    what = Plan(
        sort="training", title=f"第{nth}课", where="会议室", begins_at=begins, ends_at=begins + timedelta(hours=2)
    )
    plan(desk.organisation, what, by=desk, actor=actor, at=at, key=uuid4())
    minutes = Minutes(sorts(qingshi.book)[0], desk.organisation, at - timedelta(days=1), "议了一件事。")
    keep(minutes, by=desk, actor=actor, at=at, key=uuid4())
    to = desk.responsibilities.first()
    visit(Made(to, timezone.localdate(at), "问路灯"), actor=actor, at=at, key=uuid4())
    unit = (
        Organisation.objects.filter(county=county, kind="department")
        .exclude(pk=desk.organisation_id)
        .order_by("pk")[nth]
    )
    register_unit(unit, qingshi.place("community", 2), [], f"第{nth}处", by=desk, actor=actor, at=at, key=uuid4())
    duty, today = qingshi.book[DutiesSection].standing[0].key, timezone.localdate(at)
    market = qingshi.post("market.desk")
    for post in (desk, market):
        Turn.objects.create(
            county=county, key=duty, organisation=post.organisation, post=post, first=today - timedelta(days=nth),
            last=today, due=today, edition=county.edition, laid_at=at,
        )  # fmt: skip
    Post.objects.create(organisation=market.organisation, key=f"bare_{nth}", title=f"空岗{nth}", ground=market.ground)


def _of_officers(world: World, county: Any, nth: int) -> None:
    """What officers see: somebody without an account, an exception asked for, a closed period, a roster handed in."""
    from jingwei.accounts.exceptions import WIDER_SIGHT
    from jingwei.accounts.models import Permit
    from jingwei.figures.models import Reading
    from jingwei.imports.models import Handed
    from jingwei.organisations.models import Appointment
    from jingwei.people.models import Person

    qingshi, at, hand = world.qingshi, timezone.now(), world.person("our administrator").hand
    person = Person.named(county.pk, f"测{nth}新", "", purpose=Person.OFFICIAL, ground="duty")
    person.save()
    Appointment.objects.create(post=qingshi.post(f"market.lot_{nth}"), person=person, since="2026-01-05")
    Permit.objects.create(
        county=county, permission=WIDER_SIGHT.name, scene="emergency", place=qingshi.place("county"),
        post=qingshi.post("housing.desk"), reason="汛期值守需要", law="县防汛指挥部通知", since=at,
        until=at + timedelta(days=2), asked_at=at, asked_by=hand.actor.person_id, asked_title=hand.actor.title,
        key=uuid4(),
    )  # fmt: skip
    Reading.objects.create(
        county=county, figure="incidents.received", definition="0" * 16, edition=county.edition, period=f"2025-0{nth}",
        known=at, least=10, post=qingshi.post("housing.desk"), title="领导岗",
    )  # fmt: skip
    Handed.objects.create(
        county=county, ground=qingshi.place("county").path, at=at, by_person=hand.actor.person_id,
        by_post=hand.actor.post_id, by_title=hand.actor.title, name=f"花名册{nth}.xlsx", sha256="0" * 64,
    )  # fmt: skip


def _drawn(case: Any) -> None:
    """Let the lot have fallen on a case, which it does in one of many."""
    from jingwei.casework.acts.steps import SAMPLED
    from jingwei.casework.models import Act, Case

    lot = Act.objects.get(case=case, verb=SAMPLED.name)
    Act.objects.filter(pk=lot.pk).update(facts=lot.facts | {"drawn": True})
    Case.objects.filter(pk=case.pk).update(stage="verifying", is_open=True)
