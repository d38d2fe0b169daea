"""By-laws of a case on its way: who may, what comes back, what waits, and what the resident says."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from jingwei.affairs.incidents.kinds import Assistance, Incident
from jingwei.affairs.problems.kinds import Measure, Problem
from jingwei.casework.acts.families import ask_to_assist, join, split
from jingwei.casework.acts.motions import EXTENSION, HOLD, SUPERVISION, raise_motion, resume, settle
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.remarks import comment, correct, shut, urge
from jingwei.casework.acts.residents import rate, reopen, reopens_until, withdraw
from jingwei.casework.acts.steps import drawn_lot, take
from jingwei.casework.ledger import calendar_of, reading_of, replayed
from jingwei.casework.models import Act, Case, Round
from jingwei.casework.needs import Evidence, Wanting
from jingwei.casework.pack import CaseworkSection
from jingwei.casework.refusals import (
    ChildrenOpen,
    HasEnded,
    NotFromHere,
    NotOne,
    NotYours,
    OnHold,
    OwnWork,
    Refused,
    TooLate,
)
from jingwei.people.models import Person
from jingwei.policy.queries import edition_book
from jingwei.trail.actor import Actor

from .conftest import CHOSEN, ENOUGH, HOUR, Desk


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def asked_back(desk: Desk) -> Case:
    """A case whose asker can be rung up, at the desk of the caller."""
    asker = Person.named(desk.qingshi.county_code, "庄样本", "13900000000", purpose=Person.ASKER, ground="asked")
    case = desk.report(asker=asker, asks_back=True, with_code=True)
    return desk.closed(case)


# ---- the same request twice


def test_the_same_key_twice_is_one_case_and_one_step(desk: Desk) -> None:
    key, other = uuid.uuid4(), uuid.uuid4()
    case = desk.report(key=key)
    assert desk.report(key=key) == case
    desk.take(Incident.accept, case, "town_centre.dispatcher", key=other)
    acts = Act.objects.filter(case=case).count()
    assert desk.take(Incident.accept, case, "town_centre.dispatcher", key=other).stage == "accepted"
    assert Act.objects.filter(case=case).count() == acts


def test_a_step_taken_by_somebody_quicker_says_who_it_was(desk: Desk) -> None:
    case = desk.report()
    desk.take(Incident.accept, case, "town_centre.dispatcher")
    with pytest.raises(NotFromHere) as quicker:
        desk.take(Incident.accept, case, "county_centre.dispatcher")
    who = desk.qingshi.post("town_centre.dispatcher").full_title
    assert quicker.value.sentence.endswith(f"({who}).")


# ---- returns and arbitration (Qingshi arbitrates after one return)


def test_a_case_returned_too_often_is_the_arbiter_s_and_what_she_assigns_stays(desk: Desk) -> None:
    case = desk.assign(desk.report())
    case = desk.take(Incident.give_back, case, "housing.desk")
    assert (case.stage, case.returned, case.lead, case.owner and case.owner.key) == ("accepted", 1, None, "dispatcher")
    assert case.owner == desk.qingshi.post("county_centre.dispatcher")
    with pytest.raises(NotYours) as refused:
        desk.assign(case, "urban_management.desk")
    assert refused.value.sentence == "Returned too often: the arbiter decides now who handles it."
    case = desk.assign(case, "housing.desk", by="county_centre.dispatcher")
    assert case.arbitrated
    with pytest.raises(NotYours) as refused:
        desk.take(Incident.give_back, case, "housing.desk")
    assert refused.value.sentence == (
        "The arbiter has decided; this cannot be returned. Handle it, or ask for an extension."
    )


def test_a_return_needs_its_reason_and_its_words(desk: Desk) -> None:
    case = desk.assign(desk.report())
    with pytest.raises(Wanting) as wanting:
        desk.take(Incident.give_back, case, "housing.desk", choices={})
    assert wanting.value.field == "return_reason"
    with pytest.raises(Wanting) as wanting:
        desk.take(Incident.give_back, case, "housing.desk", words={})
    assert wanting.value.field == "words"


def test_a_case_is_handled_by_its_lead_and_by_no_other_unit(desk: Desk) -> None:
    case = desk.assign(desk.report())
    with pytest.raises(NotYours) as refused:
        desk.take(Incident.sign_for, case, "urban_management.desk")
    assert refused.value.sentence == f"This is for another post: {desk.qingshi.post('housing.desk').full_title}."
    with pytest.raises(Wanting) as wanting:
        desk.assign(desk.report(), "town_centre.inspector")
    assert wanting.value.field == "handler"


def test_inside_a_unit_the_section_owes_it_and_the_unit_still_leads(desk: Desk) -> None:
    case = desk.assign(desk.report())
    section = desk.qingshi.post("housing.section")
    case = desk.take(Incident.assign_onward, case, "housing.desk", posts={"section": section.pk})
    assert (case.stage, case.owner, case.lead) == ("handling", section, desk.qingshi.post("housing.desk"))
    case = desk.take(Incident.report_handled, case, "housing.section")
    case = desk.take(Incident.fail, case, "town_centre.inspector")
    assert (case.stage, case.owner, case.redone) == ("handling", section, 1)  # done again by the same desk


def test_a_grave_case_waits_for_a_signature(desk: Desk) -> None:
    case = desk.handled(desk.report(grade="major"))
    assert (case.stage, case.owner) == ("to_sign", desk.qingshi.post("housing.signer"))
    assert desk.take(Incident.sign_off, case, "housing.signer").stage == "verifying"


# ---- nobody closes her own work


def test_whoever_worked_does_not_verify_whatever_post_she_sits_at(desk: Desk) -> None:
    case = desk.handled(desk.report())
    worker, inspector = desk.by("housing.desk"), desk.qingshi.post("town_centre.inspector")
    same_person = Actor.of_person(worker.person_id, inspector.pk, inspector.full_title)  # type: ignore[arg-type]
    with pytest.raises(OwnWork) as refused:
        desk.take(Incident.verify, case, same_person)
    assert refused.value.sentence == "You worked on this case yourself; somebody else verifies and closes it."
    assert desk.take(Incident.verify, case, "town_centre.inspector").stage == "closed"


def test_whoever_verified_does_not_ask_the_resident(desk: Desk) -> None:
    case = asked_back(desk)
    assert case.stage == "calling_back"
    inspector, caller = desk.by("town_centre.inspector"), desk.qingshi.post("town_centre.caller")
    same_person = Actor.of_person(inspector.person_id, caller.pk, caller.full_title)  # type: ignore[arg-type]
    with pytest.raises(OwnWork) as refused:
        desk.take(Incident.call_back, case, same_person)
    assert refused.value.sentence == "You verified this case yourself; a third person asks the resident."


# ---- refusal, the simple procedure


def test_a_refusal_names_the_lawful_route_and_does_not_count_as_met(desk: Desk) -> None:
    with pytest.raises(Wanting) as wanting:
        desk.take(Incident.refuse, desk.report(), "town_centre.dispatcher", choices={})
    assert wanting.value.field == "route"
    case = desk.take(Incident.refuse, desk.report(), "town_centre.dispatcher")
    assert (case.stage, case.is_open, case.met, case.owner) == ("refused", False, False, None)
    assert Act.objects.get(case=case, step="refuse").facts["route"] == "petition"


def test_the_simple_procedure_is_sampled_by_the_stored_seed_and_never_closed_by_the_worker(desk: Desk) -> None:
    sampling = edition_book(desk.report().edition_id)[CaseworkSection].sampling
    drawn = {}
    for _n in range(24):
        case = desk.report()
        desk.take(Incident.handle_on_the_spot, case, "community_1.grid_worker_1")
        lot = drawn_lot(sampling.seed, case.pk, 1)
        assert fresh(case).stage == ("verifying" if lot < sampling.on_the_spot else "closed")
        facts = Act.objects.get(case=case, verb="case.sampled").facts
        assert (facts["seed"], facts["drawn"], float(facts["lot"])) == (7, lot < 0.1, round(lot, 6))
        assert Act.objects.get(case=case, step__in=["draw", "let_pass"]).actor_kind == "machine"
        drawn[case.pk] = lot < sampling.on_the_spot
    assert {pk: drawn_lot(7, pk, 1) < 0.1 for pk in drawn} == drawn


# ---- extension, hold, supervision


def test_an_extension_is_granted_once_within_its_limit_and_never_by_who_asked(desk: Desk) -> None:
    case = desk.assign(desk.report())
    due = fresh(case).clocks.get(name="handling").due_at
    assert due is not None
    limit = calendar_of(case.edition_id).due(due, edition_book(case.edition_id)[CaseworkSection].extension.span)
    with pytest.raises(Wanting) as wanting:
        raise_motion(EXTENSION, case, "管线要挖", actor=desk.by("housing.desk"), at=desk.at, until=limit + HOUR)
    assert wanting.value.sentence == f"At most 10 working days: until {limit:%Y-%m-%d %H:%M}."
    raise_motion(EXTENSION, case, "管线要挖", actor=desk.by("housing.desk"), at=desk.at, until=limit)
    motion = fresh(case).motions.get()
    with pytest.raises(NotYours):
        settle(motion, "同意", grant=True, actor=desk.by("housing.desk"), at=desk.later())
    settle(motion, "同意", grant=True, actor=desk.by("town_centre.dispatcher"), at=desk.later())
    case = fresh(case)
    assert (case.extended, case.clocks.get(name="handling").due_at) == (1, limit)
    desk.take(Incident.sign_for, case, "housing.desk")
    assert fresh(case).due_at == limit
    with pytest.raises(TooLate) as late:
        raise_motion(EXTENSION, case, "还不够", actor=desk.by("housing.desk"), at=desk.at, until=limit + HOUR)
    assert late.value.sentence == "Granted 1 times already; the rules allow no more."


def test_a_clock_that_begins_while_the_case_is_on_hold_stands_still_until_it_is_taken_up(desk: Desk) -> None:
    """The last of its measures ends, and the system moves a problem on that waits for something else."""
    intake = Intake(place=desk.qingshi.place("grid", 1), title="楼道堆物", source="opinions")
    problem = open_case(Problem, intake, actor=desk.by("town_centre.inspector"), at=desk.at)
    owner = desk.qingshi.post("housing.desk").pk
    desk.take(
        Problem.add_measure, problem, "town_centre.inspector",
        words={"measure": "清理楼道"}, posts={"measure_owner": owner}, until=desk.at.date() + timedelta(days=3),
    )  # fmt: skip
    Case.objects.filter(pk=problem.pk).update(held=True)
    measure = problem.children.get()
    desk.take(Measure.tell, measure, "housing.desk")
    desk.take(Measure.accept_measure, measure, "town_centre.inspector")
    moved = fresh(problem)
    run = moved.clocks.get(name="sign_off")
    assert (moved.stage, moved.due_at, run.state, run.due_at) == ("to_sign_off", None, "paused", None)
    case = resume(moved, actor=desk.by("town_centre.dispatcher"), at=desk.later())
    assert case.due_at == case.clocks.get(name="sign_off").due_at is not None


def test_a_hold_gives_back_exactly_the_working_time_that_was_left(desk: Desk) -> None:
    case = desk.assign(desk.report())
    desk.take(Incident.sign_for, case, "housing.desk")
    calendar = calendar_of(case.edition_id)
    until = desk.at + timedelta(days=60)
    raise_motion(HOLD, case, "等天暖", actor=desk.by("housing.desk"), at=desk.later(), until=until)
    settle(fresh(case).motions.get(), "同意", grant=True, actor=desk.by("town_centre.dispatcher"), at=desk.later())
    before, held_at = fresh(case).clocks.get(name="handling"), desk.at
    case = fresh(case)
    assert (case.held, case.due_at, before.state, before.due_at) == (True, None, "paused", None)
    with pytest.raises(OnHold) as hold:
        desk.take(Incident.report_handled, case, "housing.desk")
    assert hold.value.sentence == "The case is on hold. Take it up again first."
    left = calendar.working_time(before.since, calendar.due(before.since, case_span(case))) - calendar.working_time(
        before.since, held_at
    )
    assert before.left_ms == left / timedelta(milliseconds=1)
    taken_up = desk.later(24 * 40 + 3)
    case = resume(case, actor=desk.by("housing.desk"), at=taken_up)
    assert case.due_at is not None
    assert calendar.working_time(taken_up, case.due_at) == left
    run = case.clocks.get(name="handling")
    assert replayed(run) == reading_of(run)


def case_span(case: Case) -> Any:
    return edition_book(case.edition_id)[CaseworkSection].span("incident", "handling", case.grade)


def test_supervision_is_answered_by_the_post_that_owes_the_case_and_counts_in_the_round(desk: Desk) -> None:
    case = desk.assign(desk.report())
    raise_motion(SUPERVISION, case, "请说明进展", actor=desk.by("county_centre.inspector"), at=desk.at)
    motion = fresh(case).motions.get()
    assert (motion.to, fresh(case).supervised, case.rounds.get().supervised) == (case.owner, True, True)
    with pytest.raises(Wanting):
        settle(motion, " ", actor=desk.by("housing.desk"), at=desk.later())
    settle(motion, "今天去修", actor=desk.by("housing.desk"), at=desk.later())
    motion.refresh_from_db()
    assert motion.outcome == "answered"


def test_a_motion_nobody_answered_lapses_with_the_case(desk: Desk) -> None:
    case = desk.assign(desk.report(with_code=True))
    raise_motion(SUPERVISION, case, "请说明进展", actor=desk.by("county_centre.inspector"), at=desk.at)
    withdraw(case, "修好了", actor=Actor.bearer(case.pk), at=desk.later())
    assert case.motions.get().outcome == "lapsed"


# ---- correction


def test_another_grade_starts_the_running_clocks_anew_from_when_they_began(desk: Desk) -> None:
    case = desk.assign(desk.report(grade="simple"))
    begun = case.clocks.get(name="handling").since
    assert begun is not None
    case = correct(case, grade="major", actor=desk.by("town_centre.dispatcher"), at=desk.later(30))
    first, second = case.clocks.filter(name="handling").order_by("run")
    assert (first.state, second.state, second.since) == ("stopped", "running", begun)
    assert second.due_at == calendar_of(case.edition_id).due(begun, case_span(case))


# ---- families


def test_a_parent_does_not_end_over_an_open_child(desk: Desk) -> None:
    case = desk.assign(desk.report(), assisting=(desk.qingshi.post("power.desk").pk,))
    child = case.children.get()
    assert (child.kind, child.owner) == ("assistance", desk.qingshi.post("power.desk"))
    desk.take(Incident.sign_for, case, "housing.desk")
    desk.take(Incident.report_handled, case, "housing.desk")
    with pytest.raises(ChildrenOpen) as still:
        desk.take(Incident.verify, case, "town_centre.inspector")
    assert still.value.sentence == (
        f"Cases that hang on this one are still open: {child.number}. Close or withdraw them first."
    )
    desk.lend(child, "power")
    with pytest.raises(NotYours):
        desk.take(Assistance.take_it, child, "power.desk")
    assert desk.take(Assistance.take_it, child, "housing.desk").is_open is False
    assert desk.take(Incident.verify, case, "town_centre.inspector").is_open is False


def test_a_duplicate_joins_the_case_that_goes_on_and_asks_nothing_more(desk: Desk) -> None:
    main, other = desk.report(), desk.report()
    dispatcher = desk.by("town_centre.dispatcher")
    with pytest.raises(NotOne):
        join(main, main, actor=dispatcher, at=desk.at)
    joined = join(other, main, actor=dispatcher, at=desk.later())
    assert (joined.stage, joined.is_open, joined.main, joined.met) == ("joined", False, main, False)
    with pytest.raises(HasEnded):
        join(other, main, actor=dispatcher, at=desk.later())


def test_a_matter_with_several_parts_ends_when_its_parts_have_ended(desk: Desk) -> None:
    case = desk.report()
    parts = split(case, ["路灯", "井盖"], actor=desk.by("town_centre.dispatcher"), at=desk.later())
    assert [(part.parent, part.title, part.stage) for part in parts] == [
        (case, "路灯", "reported"),
        (case, "井盖", "reported"),
    ]
    with pytest.raises(ChildrenOpen):
        desk.take(Incident.refuse, case, "town_centre.dispatcher")


def test_a_child_is_withdrawn_by_the_unit_that_asked_for_it(desk: Desk) -> None:
    case = desk.assign(desk.report())
    child = ask_to_assist(case, desk.qingshi.post("power.desk"), "断电", actor=desk.by("housing.desk"), at=desk.later())
    with pytest.raises(NotYours):
        withdraw(child, actor=desk.by("power.desk"), at=desk.at)
    assert withdraw(child, actor=desk.by("housing.desk"), at=desk.later()).stage == "withdrawn"


# ---- the resident


def test_only_the_asker_rates_and_what_she_said_on_the_telephone_is_kept_apart(desk: Desk) -> None:
    case = asked_back(desk)
    case = desk.take(Incident.call_back, case, "town_centre.caller", rating=4)
    assert (fresh(case).rating, fresh(case).rating_told, case.rounds.get().rating_told) == (4, True, True)
    for path in ("town_centre.caller", "town_centre.dispatcher", "housing.desk"):
        with pytest.raises(NotYours):
            rate(case, 5, actor=desk.by(path), at=desk.at)
    with pytest.raises(NotYours):
        rate(case, 5, actor=Actor.bearer(desk.report().pk), at=desk.at)
    with pytest.raises(Wanting):
        rate(case, 6, actor=Actor.bearer(case.pk), at=desk.at)
    rate(case, 2, "还是不亮", actor=Actor.bearer(case.pk), at=desk.later())
    assert (fresh(case).rating, fresh(case).rating_told, case.rounds.get().rating_told) == (2, False, False)
    with pytest.raises(Refused, match="You have rated this already"):
        rate(case, 5, actor=Actor.bearer(case.pk), at=desk.later())


def test_a_case_is_rated_when_it_has_been_handled(desk: Desk) -> None:
    case = desk.report(with_code=True)
    bearer = Actor.bearer(case.pk)
    with pytest.raises(Refused, match="It can be rated when it has been handled"):
        rate(case, 5, actor=bearer, at=desk.at)
    desk.take(Incident.refuse, case, "town_centre.dispatcher")
    with pytest.raises(Refused, match="It can be rated when it has been handled"):
        rate(case, 5, actor=bearer, at=desk.at)


def test_a_case_comes_back_within_the_pack_s_span_as_its_next_round(desk: Desk) -> None:
    case = desk.closed(desk.report(with_code=True))
    rate(case, 1, actor=Actor.bearer(case.pk), at=desk.later())
    until = reopens_until(fresh(case))
    assert until is not None
    assert case.ended_at is not None
    assert until - case.ended_at == timedelta(days=30)
    with pytest.raises(TooLate) as late:
        reopen(case, "又不亮了", actor=Actor.bearer(case.pk), at=until + timedelta(seconds=1))
    assert late.value.sentence == f"It could be reopened until {until:%Y-%m-%d}. Report it anew, please."
    again = reopen(case, "又不亮了", actor=Actor.bearer(case.pk), at=until)
    assert (again.round, again.stage, again.is_open, again.rating) == (2, "reported", True, None)
    assert list(Round.objects.filter(case=case).order_by("number").values_list("number", "ending", "rating")) == [
        (1, "closed", 1),
        (2, "", None),
    ]
    worker = desk.by("housing.desk")  # who worked in the first round is free in the second
    assert not Act.objects.filter(case=case, round=2, person_id=worker.person_id).exists()


def test_what_is_confidential_is_closed_to_leaders_and_open_to_the_hands_on_it(desk: Desk) -> None:
    from jingwei.casework.sight import cases_seen_from

    case = desk.assign(desk.report(confidential=True))
    seen = {
        path: cases_seen_from(desk.qingshi.post(path)).filter(pk=case.pk).exists()
        for path in ("county_leadership.leader_1", "town_centre.dispatcher", "county_centre.inspector", "housing.desk",
                     "housing.signer", "community_1.grid_worker_1", "urban_management.desk", "county_centre.auditor")
    }  # fmt: skip
    assert seen == {
        "county_leadership.leader_1": False, "town_centre.dispatcher": True, "county_centre.inspector": True,
        "housing.desk": True, "housing.signer": True, "community_1.grid_worker_1": False,
        "urban_management.desk": False, "county_centre.auditor": False,
    }  # fmt: skip
    shut(case, False, actor=desk.by("town_centre.dispatcher"), at=desk.later())
    assert cases_seen_from(desk.qingshi.post("county_leadership.leader_1")).filter(pk=case.pk).exists()
    with pytest.raises(NotYours):
        shut(case, True, actor=desk.by("housing.desk"), at=desk.later())


def test_the_clerk_of_the_unit_that_leads_does_not_lift_what_was_asked_for_against_it(desk: Desk) -> None:
    case = desk.assign(desk.report(confidential=True), to="community_1.clerk")
    with pytest.raises(NotYours):
        shut(case, False, actor=desk.by("community_1.clerk"), at=desk.later())
    assert Case.objects.get(pk=case.pk).tier


def test_a_clerk_takes_back_a_confidentiality_marked_by_mistake(desk: Desk) -> None:
    case = desk.report(confidential=True)
    shut(case, False, actor=desk.by("town_centre.clerk"), at=desk.later())
    assert not Case.objects.get(pk=case.pk).tier


def test_an_ended_case_is_urged_by_nobody_and_an_urging_is_counted(desk: Desk) -> None:
    case = desk.report(with_code=True)
    urge(case, "急", actor=Actor.bearer(case.pk), at=desk.later())
    urge(case, actor=desk.by("county_leadership.leader_1"), at=desk.later())
    assert fresh(case).urged == 2
    with pytest.raises(NotYours):
        urge(case, actor=desk.by("urban_management.desk"), at=desk.later())
    desk.take(Incident.refuse, case, "town_centre.dispatcher")
    with pytest.raises(HasEnded):
        urge(case, actor=Actor.bearer(case.pk), at=desk.later())


def test_a_refused_act_leaves_nothing_behind(desk: Desk) -> None:
    case = desk.assign(desk.report())
    version, acts = fresh(case).version, Act.objects.count()
    wrong = Evidence(words=ENOUGH, choices=CHOSEN, posts={"section": desk.qingshi.post("power.section").pk})
    with pytest.raises(Wanting):
        take(Incident.assign_onward, case, actor=desk.by("housing.desk"), at=desk.at, evidence=wrong)
    with pytest.raises(NotYours):
        comment(case, "路过", actor=desk.by("power.desk"), at=desk.at)
    assert (fresh(case).version, fresh(case).owner, Act.objects.count()) == (version, case.owner, acts)
