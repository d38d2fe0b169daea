"""Every step of every kind, and every operation, tried by every hand: done where the law says so, else refused.

The table grows by itself: kinds, steps, roles, motions and operations are read from where they are registered.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from hostile.hands import Matter, concerned_as, hand_of, hands_at, hands_on
from hostile.writes import written
from jingwei.casework.acts import families, motions, remarks, residents, steps
from jingwei.casework.acts.deeds import Deed, Line
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.kinds import KINDS, Ending, Kind, Stage, Step
from jingwei.casework.may import why_not
from jingwei.casework.models import Case
from jingwei.casework.needs import Choice, Entrusted, Evidence, Handler, Need, Offered, Rating, Until, Wanting, Words
from jingwei.casework.pack import CaseworkSection
from jingwei.casework.pages.operations import COMMENT, OPERATIONS
from jingwei.casework.refusals import NotYours, OwnWork, Refused
from jingwei.organisations.pack import Role
from people_fixtures.units import a_unit

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Takes back what was tried."""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def standing_at(qingshi: Any, kind: type[Kind], stage: Stage, at: datetime) -> Case:
    """A case of `kind` that stands at `stage`; led by the housing bureau wherever somebody leads it there."""
    parents = [k for k in KINDS.values() if k.assisted_by == kind.name]
    parent = None
    if parents:
        parent = opened(qingshi, parents[0], at, lead=qingshi.post("market.desk"))
    case = opened(qingshi, kind, at, parent=parent, lead=qingshi.post("housing.desk"))
    with transaction.atomic():
        deed = Deed.begin(case, steps.SYSTEM, at)
        if stage.owed_by is Role.DISPATCHER:
            deed.case.lead = None
        deed.stand(deed.case.at_stage, stage)
        if isinstance(stage, Ending):
            deed.end(stage)
        deed.put_down()
    return Case.objects.select_related("owner__organisation", "owner__ground", "lead", "parent__lead").get(pk=case.pk)


def opened(qingshi: Any, kind: type[Kind], at: datetime, **said: Any) -> Case:
    place = qingshi.place("grid", 1)
    intake = Intake(place=place, title="井盖丢失", source="counter", words="巷口井盖丢失。", grade="general", **said)
    return open_case(kind, intake, actor=qingshi.actor("clerk"), at=at)


def _desk_for(need: Need, qingshi: Any) -> Any:
    """A post that may be chosen for a need: a section, a team, a company that serves the grid, or any department."""
    from jingwei.organisations.models import Post

    among = isinstance(need, Handler) and need.among is not None
    role = need.role if isinstance(need, Handler | Offered) else Role.DEPARTMENT
    if isinstance(need, Handler) and need.inside:
        return qingshi.post("housing.section")
    if role is Role.DEPARTMENT and not among:
        return qingshi.post("police.desk")
    key, kind, who = ("a_team", "service_team", "urban") if role is Role.TEAM else ("a_company", "property", "grid")
    made = Post.objects.filter(organisation__key=key, key="desk").first()
    return made or a_unit(qingshi, key, key, kind=kind, role=role, who=who, serves=[qingshi.place("grid", 1)])


def enough(step: Step, qingshi: Any) -> Evidence:
    """Evidence that meets every need of a step, drawn from the needs."""
    listed = qingshi.book[CaseworkSection]
    return Evidence(
        words={n.name: "情况属实。" for n in step.needs if isinstance(n, Words)},
        choices={n.name: getattr(listed, n.of)[0].key for n in step.needs if isinstance(n, Choice)},
        posts={n.name: _desk_for(n, qingshi).pk for n in step.needs if isinstance(n, Handler | Entrusted)},
        rating=4 if any(isinstance(n, Rating) for n in step.needs) else None,
        until=timezone.localdate() if any(isinstance(n, Until) for n in step.needs) else None,
        offered=tuple(_desk_for(n, qingshi).pk for n in step.needs if isinstance(n, Offered)),
    )


def came_of(deed: Callable[..., object], *given: Any, **more: Any) -> str:
    """ "done", "refused", or the words of any other end; nothing of it stays, and who is refused writes nothing."""
    tables: list[str] = []
    try:
        with transaction.atomic(), written() as tables:
            deed(*given, **more)
            raise Undo
    except Undo:
        return "done"
    except NotYours:
        return f"refused, yet wrote to {tables}" if tables else "refused"
    except (Refused, Wanting) as other:
        return f"{type(other).__name__}: {other}"


def test_every_step_of_every_kind_is_taken_by_whom_it_names_and_by_nobody_else(qingshi: Any) -> None:
    """The decision is asked for every hand; the act itself for whoever may, and for one wrong hand of each role."""
    at = timezone.now()
    wrong, asked, tried = [], 0, 0
    placed = [(step, stage, standing_at(qingshi, step.kind, stage, at)) for step, stage in every_way()]
    hands = hands_at(qingshi)
    for step, stage, case in placed:
        matter, evidence = Matter.of(case), enough(step, qingshi)
        for hand in [*hands, *hands_on(case)]:
            may = bool(concerned_as(hand, matter) & set(step.by))
            said = why_not(step, case, hand.actor, hand.post_row)
            came = ["done" if said is None else "refused" if isinstance(said, NotYours) else str(said)]
            if may or hand.post is None or hand.name.endswith("of market here"):
                came.append(came_of(steps.take, step, case, actor=hand.actor, at=at, evidence=evidence))
                tried += 1
            asked += 1
            if set(came) != {"done" if may else "refused"}:
                wrong.append(f"{case.kind}.{step.name} at {stage.name} by {hand.name}: {came}")
    assert wrong == []
    assert (asked > 80 * len(placed), tried > 15 * len(placed)) == (True, True)


def every_way() -> list[tuple[Step, Stage]]:
    return [(step, stage) for kind in KINDS.values() for step in kind.steps.values() for stage in step.sources]


def test_whoever_worked_on_a_case_neither_ends_it_nor_asks_back_what_she_verified(qingshi: Any) -> None:
    """For every step that ends a case, or names steps whose taker may not take it; in the next round she may again."""
    at, wrong = timezone.now(), []
    placed = [(step, stage, standing_at(qingshi, step.kind, stage, at)) for step, stage in every_way()]
    hands = hands_at(qingshi)
    for step, _stage, case in placed:
        ends = any(isinstance(target, Ending) for target in step.targets)
        if set(step.by) == {Role.SYSTEM} or not (ends or step.apart_from):
            continue
        hand = next(h for h in [*hands, *hands_on(case)] if concerned_as(h, Matter.of(case)) & set(step.by))
        before = [Line(step.verb, works=True)] if ends else []
        before += [Line(one.verb, step=one.name) for one in step.apart_from]
        for line in before:
            with transaction.atomic():
                deed = Deed.begin(case, hand.actor, at)
                deed.write(line)
                deed.put_down()
                same = why_not(step, case, hand.actor, hand.post_row)
                case.round += 1
                after = why_not(step, case, hand.actor, hand.post_row)
                case.round -= 1
                if not isinstance(same, OwnWork) or after is not None:
                    wrong.append(f"{case.kind}.{step.name} after {line.verb.name}: {same!r}, next round {after!r}")
                transaction.set_rollback(True)
    assert wrong == []


def test_no_hand_takes_a_step_from_a_stage_it_does_not_leave_nor_on_a_held_or_ended_case(qingshi: Any) -> None:
    at, wrong = timezone.now(), []
    for kind in KINDS.values():
        for stage in kind.stages.values():
            if stage in (kind.withdrawn, kind.joined):
                continue
            case = standing_at(qingshi, kind, stage, at)
            case.held = case.is_open
            for step in kind.steps.values():
                for hand in (hand_of(case.owner, 1, "owner"),) if case.owner else ():
                    said = why_not(step, case, hand.actor, hand.post_row)
                    if said is None:
                        wrong.append(f"{kind.name}.{step.name} at {stage.name}, held")
                if not case.is_open and why_not(step, case, qingshi.actor("county"), None) is None:
                    wrong.append(f"{kind.name}.{step.name} at {stage.name}, ended")
    assert wrong == []


CENTRE = {"dispatcher", "arbiter"}
DIRECTING = {*CENTRE, "inspector", "caller", "leader"}
UNITS = {"department", "section", "signer", "team"}
EVERYBODY = {role.value for role in Role}
WHO_MAY: dict[str, set[str]] = {
    "comment": EVERYBODY,
    "urge": {*DIRECTING, "clerk", "resident"},
    "extension": UNITS,
    "hold": UNITS,
    "supervision": {*CENTRE, "inspector"},
    "instruction": {"leader"},
    "resume": {*UNITS, *CENTRE},
    "assist": {*UNITS, *CENTRE},
    "correct": CENTRE,
    "join": CENTRE,
    "split": CENTRE,
    "shut": {*CENTRE, "clerk"},
    "unshut": CENTRE,
    "reopen": {*CENTRE, "caller", "resident"},
    "withdraw": {*CENTRE, "lead", "resident"},
    "add": {"resident"},
    "rate": {"resident"},
}
"""The law of what may be done on a case of any kind, written down once more; what is missing here fails the test."""


def test_the_law_speaks_of_every_operation_there_is() -> None:
    assert {*OPERATIONS, COMMENT.name, *motions.SORTS} == set(WHO_MAY) - {"add", "rate"}


def test_no_page_offers_an_operation_to_a_hand_that_may_not_do_it() -> None:
    offered = {name: {*(op.by or EVERYBODY)} for name, op in [*OPERATIONS.items(), (COMMENT.name, COMMENT)]}
    assert {name: by - WHO_MAY[name] for name, by in offered.items() if by - WHO_MAY[name]} == {}
    assert {name: WHO_MAY[name] - by - {"resident"} for name, by in offered.items()} == {n: set() for n in offered}


def deeds(qingshi: Any, at: datetime) -> dict[str, tuple[Case, Callable[[Any], object]]]:
    """Each operation with a case on which it can be done now, and the act that does it for an actor."""
    from jingwei.affairs.incidents.kinds import Incident

    handled = standing_at(qingshi, Incident, Incident.handling, at)
    other = standing_at(qingshi, Incident, Incident.handling, at)
    over = standing_at(qingshi, Incident, Incident.closed, at)
    closed_to_most = standing_at(qingshi, Incident, Incident.handling, at)
    remarks.shut(closed_to_most, True, actor=qingshi.actor("dispatcher"), at=at)
    held = standing_at(qingshi, Incident, Incident.handling, at)
    Case.objects.filter(pk=held.pk).update(held=True)
    lent = next(k for k in KINDS.values() if k.name == Incident.assisted_by)
    child = standing_at(qingshi, lent, lent.opening, at)
    police, until = qingshi.post("police.desk"), at + timedelta(hours=3)

    def put(name: str) -> Callable[[Any], object]:
        asks = {"until": until, "reason": "weather"} if motions.SORTS[name].asks else {}
        return lambda who: motions.raise_motion(motions.SORTS[name], handled, "请予办理。", actor=who, at=at, **asks)

    return {
        "comment": (handled, lambda who: remarks.comment(handled, "已知。", actor=who, at=at)),
        "urge": (handled, lambda who: remarks.urge(handled, "请快。", actor=who, at=at)),
        **{name: (handled, put(name)) for name in motions.SORTS},
        "resume": (held, lambda who: motions.resume(held, actor=who, at=at)),
        "assist": (handled, lambda who: families.ask_to_assist(handled, police, "请到场。", actor=who, at=at)),
        "correct": (handled, lambda who: remarks.correct(handled, actor=who, at=at, title="井盖丢失两处")),
        "join": (handled, lambda who: families.join(handled, other, actor=who, at=at)),
        "split": (handled, lambda who: families.split(handled, ["井盖", "围挡"], actor=who, at=at)),
        "shut": (handled, lambda who: remarks.shut(handled, True, actor=who, at=at)),
        "unshut": (closed_to_most, lambda who: remarks.shut(closed_to_most, False, actor=who, at=at)),
        "reopen": (over, lambda who: residents.reopen(over, "又丢了。", actor=who, at=at)),
        "withdraw": (child, lambda who: residents.withdraw(child, actor=who, at=at)),
        "add": (handled, lambda who: remarks.add(handled, "又丢一个。", actor=who, at=at)),
        "rate": (over, lambda who: residents.rate(over, 5, actor=who, at=at)),
    }


def test_every_operation_is_done_by_whom_the_law_names_and_by_nobody_else(qingshi: Any) -> None:
    at, wrong, tried = timezone.now(), [], 0
    table = deeds(qingshi, at)
    hands = [hand for hand in hands_at(qingshi) if "market elsewhere" not in hand.name and "above" not in hand.name]
    for name, (case, deed) in table.items():
        case = Case.objects.select_related("owner", "lead", "parent__lead").get(pk=case.pk)
        matter = Matter.of(case)
        for hand in [*hands, *hands_on(case)]:
            came = came_of(deed, hand.actor)
            tried += 1
            if came != ("done" if concerned_as(hand, matter) & WHO_MAY[name] else "refused"):
                wrong.append(f"{name} by {hand.name}: {came}")
    assert wrong == []
    assert tried > 55 * len(WHO_MAY)


def test_a_motion_is_answered_by_the_post_it_was_put_to_or_a_higher_one_and_never_by_who_put_it(qingshi: Any) -> None:
    at, wrong = timezone.now(), []
    cases = deeds(qingshi, at)
    hands = [hand for hand in hands_at(qingshi) if "elsewhere" not in hand.name]
    for name, sort in motions.SORTS.items():
        case, put = cases[name]
        case = Case.objects.select_related("owner", "lead", "parent__lead").get(pk=case.pk)
        with transaction.atomic():
            put(qingshi.actor({"instruction": "head"}.get(name, "housing" if sort.asks else "dispatcher")))
            motion = case.motions.get(sort=name, settled=None)
            matter, may = Matter.of(case), {sort.to, Role.ARBITER} if sort.to else {*UNITS}
            for hand in [*hands, *hands_on(case)]:
                allowed = bool(concerned_as(hand, matter) & may) or (not sort.to and hand.post == motion.to_id)
                came = came_of(motions.settle, motion, "同意。", grant=True, actor=hand.actor, at=at)
                if came != ("done" if allowed else "refused"):
                    wrong.append(f"{name} answered by {hand.name}: {came}")
            if sort.asks:
                asker = qingshi.actor("housing")
                asked = came_of(motions.settle, motion, "同意。", grant=True, actor=asker, at=at)
                assert asked == "refused"
            transaction.set_rollback(True)
    assert wrong == []


def test_a_key_used_by_one_hand_does_nothing_for_another(qingshi: Any) -> None:
    """A key makes the same request sent twice one act; it opens nothing to whoever got hold of it."""
    at, key = timezone.now(), uuid4()
    case, _deed = deeds(qingshi, at)["urge"]
    remarks.urge(case, actor=qingshi.actor("dispatcher"), at=at, key=key)
    again = remarks.urge(case, actor=qingshi.actor("auditor"), at=at, key=key)
    assert (again.urged, again.acts.filter(key=key).count()) == (1, 1)
