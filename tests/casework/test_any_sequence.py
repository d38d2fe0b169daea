"""By-law of the engine: no sequence of acts, by any mix of actors, breaks a ledger, a family or a rule of hands."""

import random
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from jingwei.casework.acts import families, motions, remarks, residents
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.kinds import KINDS, Kind, Step
from jingwei.casework.models import Act, Case, Motion
from jingwei.casework.needs import Choice, Entrusted, Evidence, Wanting, Words
from jingwei.casework.refusals import Refused
from jingwei.organisations.models import Appointment
from jingwei.trail.actor import Actor

from .conftest import CHOSEN, ENOUGH, MONDAY, Desk
from .laws import LAWS

PEOPLE = (
    "town_centre.dispatcher", "county_centre.dispatcher", "town_centre.clerk", "town_centre.inspector",
    "county_centre.inspector", "town_centre.caller", "county_leadership.leader_1", "housing.desk", "housing.section",
    "housing.signer", "power.desk", "community_1.grid_worker_1", "community_1.clerk", "county_centre.auditor",
)  # fmt: skip
UNITS = ("housing.desk", "power.desk", "community_1.clerk", "town_centre.inspector")
TABLES = (
    "case", "act", "statement", "standing", "round", "clockrun", "clockentry", "motion", "hand",
)  # fmt: skip
STOCK = "SELECT " + ", ".join(
    [*(f"(SELECT count(*) FROM casework_{name})" for name in TABLES), "(SELECT count(*) FROM trail_line)",
     "(SELECT count(*) FROM outbox_message)", "(SELECT sum(version) FROM casework_case)"]
)  # fmt: skip


def stock() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(STOCK)
        return tuple(cursor.fetchone())


class AnySequence:
    """A few cases and a few people, who do what comes into their heads."""

    def __init__(self, desk: Desk, hours: Sequence[float] = (0.2, 3, 30)) -> None:
        self.desk, self.hours = desk, hours
        self.pace = random.Random(0)
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.cases: list[int] = []
        self.touched: set[int] = set()
        self.actors = {path: self.desk.by(path) for path in PEOPLE}
        self.desk.at = MONDAY
        self.report(0)

    def end(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # ---- what may be done

    def _do(self, case: Case | None, deed: Callable[[], Any]) -> None:
        """Do it, or see that a refusal left nothing behind."""
        self.desk.later(self.pace.choice(self.hours))
        before = stock()
        try:
            with transaction.atomic():
                deed()
        except (Refused, Wanting):
            assert stock() == before
        family = Case.objects.filter(pk__in=self.cases) | Case.objects.filter(parent__in=self.cases)
        self.cases = sorted(set(self.cases) | set(family.values_list("pk", flat=True)))
        self.touched = set(self.cases)

    def _case(self, lot: random.Random) -> Case:
        return Case.objects.select_related("owner", "lead").get(pk=lot.choice(self.cases))

    def _actor(self, lot: random.Random, case: Case) -> Actor:
        """Mostly whom the case is owed by, sometimes its asker, sometimes anybody, sometimes one on two chairs."""
        n = lot.random()
        if n < 0.7 and case.owner is not None:
            person = Appointment.objects.filter(post=case.owner, until=None).order_by("id").first()
            if person is not None:
                return Actor.of_person(person.person_id, case.owner_id, case.owner.full_title)  # type: ignore[arg-type]
        if n < 0.78:
            return Actor.bearer(case.pk)
        somebody = self.actors[lot.choice(PEOPLE)]
        if n < 0.84:
            other = self.actors[lot.choice(PEOPLE)]
            return Actor.of_person(somebody.person_id, other.post_id, other.title)  # type: ignore[arg-type]
        return somebody

    def _evidence(self, lot: random.Random, case: Case, step: Step) -> Evidence:
        section = f"{case.lead.organisation.key}.section" if case.lead else "power.section"
        posts = {"handler": self.desk.qingshi.post(lot.choice(UNITS)).pk, "section": self.desk.qingshi.post(section).pk}
        entrusted = [need.name for need in step.needs if isinstance(need, Entrusted)]
        posts |= {name: self.desk.qingshi.post(lot.choice(UNITS)).pk for name in entrusted}
        words = ENOUGH | {need.name: "情况属实" for need in step.needs if isinstance(need, Words)}
        chosen = CHOSEN | {
            need.name: "satisfied" for need in step.needs if isinstance(need, Choice) and need.of == "ratings"
        }
        until = self.desk.at.date() + timedelta(days=lot.choice((-1, 3, 30)))
        assisting = (self.desk.qingshi.post("power.desk").pk,) if lot.random() < 0.2 else ()
        bare = lot.random() < 0.05
        rating = lot.choice((None, 2, 5))
        return Evidence({} if bare else words, {} if bare else chosen, posts, assisting, rating=rating, until=until)

    def report(self, seed: int) -> None:
        lot = random.Random(seed)
        if len(self.cases) < 5:
            more = {"grade": lot.choice(("simple", "major")), "confidential": lot.random() < 0.3}
            others = [kind for kind in KINDS.values() if kind.opened_by]
            if others and lot.random() < 0.4:
                made = self._open(lot.choice(others))
            else:
                made = self.desk.report(with_code=True, key=uuid.UUID(int=lot.getrandbits(128)), **more)
            self.cases = sorted({*self.cases, made.pk})
            self.touched = {made.pk}

    def _open(self, kind: type[Kind]) -> Case:
        """A case of a kind that is opened at the desk, by somebody who may."""
        opener = next(path for path in PEOPLE if {*kind.opened_by} & {*self.desk.qingshi.post(path).roles})
        intake = Intake(self.desk.qingshi.place("grid", 1), "楼道杂物", "desk", "楼道里堆放杂物", with_code=True)
        return open_case(kind, intake, actor=self.actors[opener], at=self.desk.at)

    def take_a_step(self, seed: int) -> None:
        lot = random.Random(seed)
        case = self._case(lot)
        kind = case.of_kind
        steps = kind.steps_from(case.at_stage) if lot.random() < 0.85 else list(kind.steps.values())
        if steps:
            step, actor = lot.choice(steps), self._actor(lot, case)
            evidence = self._evidence(lot, case, step)
            self._do(case, lambda: take(step, case.pk, actor=actor, at=self.desk.at, evidence=evidence))

    def put_a_motion(self, seed: int) -> None:
        lot = random.Random(seed)
        case = self._case(lot)
        sort, actor = lot.choice(list(motions.SORTS.values())), self._actor(lot, case)
        until = self.desk.at + timedelta(days=lot.choice((1, 5, 60)))
        self._do(case, lambda: motions.raise_motion(sort, case, "需要", actor=actor, at=self.desk.at, until=until))

    def answer_a_motion(self, seed: int) -> None:
        lot = random.Random(seed)
        waiting = Motion.objects.filter(case__in=self.cases, settled=None).order_by("id").first()
        if waiting is not None:
            actor = self.actors[lot.choice(("town_centre.dispatcher", "housing.desk", "county_centre.dispatcher"))]
            grant = lot.random() < 0.8
            self._do(waiting.case, lambda: motions.settle(waiting, "答复", grant=grant, actor=actor, at=self.desk.at))

    def say_or_correct(self, seed: int) -> None:
        lot = random.Random(seed)
        case = self._case(lot)
        actor, at = self._actor(lot, case), self.desk.at
        place = self.desk.qingshi.place("compound", lot.randint(1, 6))
        grade = lot.choice((None, "simple", "major"))
        deeds: list[Callable[[], Any]] = [
            lambda: remarks.comment(case, "看过了", actor=actor, at=self.desk.at),
            lambda: remarks.add(case, "补充", actor=actor, at=self.desk.at),
            lambda: remarks.urge(case, "急", actor=actor, at=self.desk.at),
            lambda: remarks.correct(case, place=place, grade=grade, actor=actor, at=self.desk.at),
            lambda: remarks.shut(case, bool(seed % 2), actor=actor, at=self.desk.at),
            lambda: motions.resume(case, actor=actor, at=self.desk.at),
        ]
        assert at <= self.desk.at
        self._do(case, lot.choice(deeds))

    def the_asker_speaks(self, seed: int) -> None:
        lot = random.Random(seed)
        case = self._case(lot)
        actor = Actor.bearer(case.pk) if lot.random() < 0.7 else self._actor(lot, case)
        deeds: list[Callable[[], Any]] = [
            lambda: residents.rate(case, lot.randint(1, 5), "说说", actor=actor, at=self.desk.at),
            lambda: residents.reopen(case, "又坏了", actor=actor, at=self.desk.at),
            lambda: residents.reopen(case, "又坏了", actor=actor, at=self.desk.at),
            lambda: residents.withdraw(case, actor=actor, at=self.desk.at),
        ]
        self._do(case, lot.choice(deeds))

    def join_split_or_ask(self, seed: int) -> None:
        lot = random.Random(seed)
        case, main = self._case(lot), self._case(lot)
        actor = self._actor(lot, case)
        power = self.desk.qingshi.post("power.desk")
        deeds: list[Callable[[], Any]] = [lambda: families.join(case, main, actor=actor, at=self.desk.at)]
        if len(self.cases) < 8:
            deeds += [
                lambda: families.split(case, ["路灯", "井盖"], actor=actor, at=self.desk.at),
                lambda: families.ask_to_assist(case, power, "断电", actor=actor, at=self.desk.at),
            ]
        self._do(case, lot.choice(deeds))

    # ---- what must hold

    def every_law_holds(self) -> None:
        for case in Case.objects.filter(pk__in=self.touched):
            for law in LAWS:
                law(case)
        self.touched = set()


DEEDS: dict[Callable[[AnySequence, int], None], int] = {
    AnySequence.take_a_step: 60, AnySequence.report: 4, AnySequence.put_a_motion: 8, AnySequence.answer_a_motion: 8,
    AnySequence.say_or_correct: 10, AnySequence.the_asker_speaks: 8, AnySequence.join_split_or_ask: 4,
}  # fmt: skip
"""What is done, and how often of a hundred times."""


def walk(desk: Desk, seed: int, acts: int, hours: Sequence[float] = (0.2, 3, 30)) -> Counter[str]:
    """So many acts drawn by a seed, the laws looked at after each; what was done. A broken law tells the seed.

    `hours` are those between two acts.
    """
    lot, machine = random.Random(seed), AnySequence(desk, hours)
    try:
        for n in range(acts):
            [deed] = lot.choices(list(DEEDS), list(DEEDS.values()))
            deed_seed = lot.getrandbits(32)
            try:
                deed(machine, deed_seed)
                machine.every_law_holds()
            except Exception as broken:
                broken.add_note(f"walk {seed}, act {n}: {deed.__name__}({deed_seed})")
                raise
        return Counter(Act.objects.filter(case__in=machine.cases).values_list("verb", flat=True))
    finally:
        machine.end()


def test_no_sequence_of_acts_breaks_a_law(desk: Desk) -> None:
    done = sum((walk(desk, seed, 40) for seed in range(4)), Counter[str]())
    assert done.total() > 60  # much of what is tried is refused


JUMPS = (-9000, -30, -3, -0.2, 0.2, 3, 30, 9000)
"""Hours by which the machine's clock is set wrong and right again; the longest are a year."""


def test_no_sequence_under_a_clock_that_jumps_breaks_a_law(desk: Desk) -> None:
    done = sum((walk(desk, seed, 40, JUMPS) for seed in range(50, 54)), Counter[str]())
    assert done.total() > 40


# Trap: walks that are undone inside one transaction leave their rows lying in it, and each act counts all of them
# twice. In a database of its own a walk is a transaction by itself, and what it left is swept away.
@pytest.mark.long
@pytest.mark.usefixtures("own_database")
def test_no_long_sequence_under_a_clock_that_jumps_breaks_a_law(desk: Desk) -> None:
    done = sum((walk(desk, seed, 80, JUMPS) for seed in range(200, 230)), Counter[str]())
    assert done.total() > 500


@pytest.mark.long
@pytest.mark.usefixtures("own_database")
def test_no_long_sequence_of_acts_breaks_a_law(desk: Desk) -> None:
    done = sum((walk(desk, seed, 80) for seed in range(100, 140)), Counter[str]())
    assert (set(VERBS) - set(done), done.total() > 500) == (set(), True), done


VERBS = (
    "incident.assign", "incident.give_back", "incident.sign_for", "incident.assign_onward", "incident.report_handled",
    "incident.fail", "incident.verify", "assistance.give", "assistance.take_it", "case.joined", "case.split",
    "case.hold_settled", "case.extension_settled", "case.resumed", "case.reopened", "case.rated", "case.withdrawn",
    "case.corrected", "case.confidential", "case.sampled", "case.urged",
)  # fmt: skip
"""What the long walks get to."""
