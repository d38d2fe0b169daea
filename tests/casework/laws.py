"""The laws of a case that hold after whatever was done to it: ledger, standings, owner, hands, trail, counters."""

from jingwei.casework.kinds import WAITING, Ending, kind_named
from jingwei.casework.ledger import reading_of, replayed
from jingwei.casework.models import Act, Case, Statement
from jingwei.trail.models import Line


def ledgers_replay(case: Case) -> None:
    runs = list(case.clocks.prefetch_related("entries"))
    for run in runs:
        assert replayed(run) == reading_of(run), (run.name, run.run)
    running = [run for run in runs if run.round == case.round and run.state == "running"]
    assert case.due_at == min((run.due_at for run in running if run.due_at and run.name != WAITING), default=None)
    assert not (case.held and running)
    assert all(run.state == "stopped" for run in runs if run.round < case.round or not case.is_open)
    names = [run.name for run in runs if run.state != "stopped"]
    assert len(names) == len(set(names))


def standings_are_one_line(case: Case) -> None:
    stood = list(case.standings.order_by("id"))
    assert [one.current for one in stood] == [False] * (len(stood) - 1) + [True]
    assert [one.until for one in stood[:-1]] == [one.since for one in stood[1:]]
    assert stood[-1].until is None
    now = stood[-1]
    assert (now.stage, now.owner_id, now.ground_path) == (case.stage, case.owner_id, case.ground_path)
    assert (now.tier, now.round) == (case.tier, case.round)


def somebody_owes_it_or_nothing_is_owed(case: Case) -> None:
    assert case.is_open == (not isinstance(case.at_stage, Ending)) == (case.owner_id is not None)
    assert case.is_open == (case.ended_at is None)
    if not case.is_open:
        assert not case.children.filter(is_open=True).exists()
        assert not case.motions.filter(settled=None).exists()
        assert not case.held
    assert case.hands.exists()


def nobody_closed_her_own_work(case: Case) -> None:
    for act in case.acts.exclude(step="").exclude(person=None):
        if isinstance(kind_named(case.kind).stages[act.to_stage], Ending):
            before = case.acts.filter(round=act.round, person_id=act.person_id, works=True)
            assert not before.exists(), act.title


def the_trail_and_the_timeline_agree(case: Case) -> None:
    acts = list(case.acts.order_by("id").values_list("verb", "id"))
    lines = list(Line.objects.filter(subject_type="case", subject_id=case.pk).order_by("id"))
    assert [(line.verb, line.facts["act"]) for line in lines] == acts
    assert sum(len(line.digests) for line in lines) == Statement.objects.filter(case=case).count()
    assert len(acts) == case.version


def counters_are_right(case: Case) -> None:
    steps = case.of_kind.steps
    this_round = Act.objects.filter(case=case, round=case.round).exclude(step="")
    counted = [steps[name].counts for name in this_round.values_list("step", flat=True)]
    assert (case.returned, case.redone) == (counted.count("returned"), counted.count("redone"))
    assert case.urged == case.acts.filter(verb="case.urged").count()
    assert case.extended == case.motions.filter(sort="extension", outcome="granted").count()
    assert case.supervised == case.motions.filter(round=case.round, sort="supervision").exists()
    rounds = list(case.rounds.order_by("number"))
    assert [one.number for one in rounds] == list(range(1, case.round + 1))
    assert [one.ending != "" for one in rounds] == [True] * (case.round - 1) + [not case.is_open]
    now = rounds[-1]
    assert (now.redone, now.rating, now.rating_told) == (case.redone, case.rating, case.rating_told)


LAWS = (
    ledgers_replay, standings_are_one_line, somebody_owes_it_or_nothing_is_owed, nobody_closed_her_own_work,
    the_trail_and_the_timeline_agree, counters_are_right,
)  # fmt: skip
