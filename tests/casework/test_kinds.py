"""By-laws of kinds: one that could be left standing, or closed by the hand that did the work, is not let in."""

from collections.abc import Iterator

import pytest

from jingwei.casework.entering import enter
from jingwei.casework.kinds import KINDS, Clock, Ending, Fork, Kind, Opening, Sampling, Stage, Step
from jingwei.casework.proof import UnfitKind, faults
from jingwei.organisations.pack import Role


@pytest.fixture(autouse=True)
def only_for_this_test() -> Iterator[None]:
    """What a test declares is forgotten after it."""
    before = dict(KINDS)
    yield
    KINDS.clear()
    KINDS.update(before)


def test_every_kind_of_the_house_is_fit() -> None:
    assert {name: list(faults(kind)) for name, kind in KINDS.items()} == {name: [] for name in KINDS}


def test_a_dead_end_is_named() -> None:
    class Leaf(Kind, name="leaf"):
        title = "Leaf"
        found = Opening("Found", Role.DISPATCHER)
        swept = Stage("Swept", Role.DEPARTMENT)
        done = Ending("Done")
        sweep = Step("Sweep", found, to=swept, by=Role.DEPARTMENT)
        close = Step("Close", found, to=done, by=Role.INSPECTOR)

    assert list(faults(Leaf)) == [
        "Kind 'leaf': stage 'swept' has no way to an ending; a case could be left standing there."
    ]


def test_a_stage_that_cannot_be_reached_is_named() -> None:
    class Leaf(Kind, name="leaf"):
        title = "Leaf"
        found = Opening("Found", Role.DISPATCHER)
        lost = Stage("Lost", Role.DEPARTMENT)
        done = Ending("Done")
        close = Step("Close", found, lost, to=done, by=Role.INSPECTOR)

    assert list(faults(Leaf)) == ["Kind 'leaf': stage 'lost' cannot be reached; add a step to it, or drop it."]


def test_a_step_out_of_an_ending_is_named() -> None:
    class Leaf(Kind, name="leaf"):
        title = "Leaf"
        found = Opening("Found", Role.DISPATCHER)
        done = Ending("Done")
        close = Step("Close", found, to=done, by=Role.INSPECTOR)
        again = Step("Again", done, to=found, by=Role.DISPATCHER)

    assert list(faults(Leaf)) == ["Kind 'leaf': step 'again' leaves the ending 'done'; a case that ended is reopened."]


def test_a_closing_role_that_also_works_is_named() -> None:
    class Leaf(Kind, name="leaf"):
        title = "Leaf"
        found = Opening("Found", Role.DEPARTMENT)
        swept = Stage("Swept", Role.INSPECTOR)
        done = Ending("Done")
        sweep = Step("Sweep", found, to=swept, by=(Role.DEPARTMENT, Role.INSPECTOR))
        close = Step("Close", swept, to=done, by=Role.INSPECTOR)

    assert list(faults(Leaf)) == [
        "Kind 'leaf': 'inspector' takes 'sweep' and may then close by 'close' to 'done'; "
        "nobody closes her own work, so give the closing step to another role."
    ]


def test_a_closing_role_that_worked_long_before_is_named_too() -> None:
    class Leaf(Kind, name="leaf"):
        title = "Leaf"
        found = Opening("Found", Role.CALLER)
        swept = Stage("Swept", Role.DEPARTMENT)
        burnt = Stage("Burnt", Role.CALLER)
        done = Ending("Done")
        sweep = Step("Sweep", found, to=swept, by=Role.CALLER)
        burn = Step("Burn", swept, to=burnt, by=Role.DEPARTMENT)
        close = Step("Close", burnt, to=Fork(bool, yes=done, no=swept), by=Role.CALLER)

    assert list(faults(Leaf)) == [
        "Kind 'leaf': 'caller' takes 'sweep' and may then close by 'close' to 'done'; "
        "nobody closes her own work, so give the closing step to another role."
    ]


def test_two_openings_and_none_are_named() -> None:
    class Two(Kind, name="two"):
        title = "Two"
        here = Opening("Here", Role.DISPATCHER)
        there = Opening("There", Role.DISPATCHER)
        done = Ending("Done")
        close = Step("Close", here, there, to=done, by=Role.INSPECTOR)

    class Nowhere(Kind, name="nowhere"):
        title = "Nowhere"
        done = Ending("Done")

    assert list(faults(Two)) == ["Kind 'two': there must be one Opening, not 2 (here, there)."]
    assert list(faults(Nowhere)) == ["Kind 'nowhere': there must be one Opening, not 0 (none)."]


def test_a_step_by_nobody_from_nowhere_to_a_strange_stage_is_named() -> None:
    strange = Stage("Strange", Role.DEPARTMENT)
    strange.name = "strange"

    class Leaf(Kind, name="leaf"):
        title = "Leaf"
        found = Opening("Found", Role.DISPATCHER)
        done = Ending("Done")
        close = Step("Close", found, to=done, by=Role.INSPECTOR)
        vanish = Step("Vanish", found, to=done, by=())
        appear = Step("Appear", to=done, by=Role.DISPATCHER)
        wander = Step("Wander", found, to=strange, by=Role.DISPATCHER)

    assert list(faults(Leaf)) == [
        "Kind 'leaf': step 'vanish' can be taken by nobody; write by=Role.…",
        "Kind 'leaf': step 'appear' starts nowhere; name the stage it leaves.",
        "Kind 'leaf': step 'wander' speaks of 'strange', which is not a stage of this kind.",
    ]


def test_a_stage_owed_by_nobody_an_ending_with_a_clock_and_a_kind_without_title_are_named() -> None:
    class Leaf(Kind, name="leaf"):
        found = Opening("Found")
        done = Ending("Done")
        close = Step("Close", found, to=done, by=Role.INSPECTOR)
        keeping = Clock("Keeping", (found, done))

    assert list(faults(Leaf)) == [
        "Kind 'leaf': it has no title; write title = _(…).",
        "Kind 'leaf': stage 'found' is owed by nobody; write owed_by=Role.…",
        "Kind 'leaf': clock 'keeping' runs in an ending; an ended case owes nothing.",
    ]


def test_an_unfit_kind_is_not_let_in_and_says_all_that_is_wrong() -> None:
    class Leaf(Kind, name="leaf"):
        title = "Leaf"
        found = Opening("Found", Role.DISPATCHER)
        lost = Stage("Lost", Role.DEPARTMENT)

    with pytest.raises(UnfitKind) as refused:
        enter(Leaf)
    assert str(refused.value).splitlines() == [
        "Kind 'leaf': stage 'found' has no way to an ending; a case could be left standing there.",
        "Kind 'leaf': stage 'lost' cannot be reached; add a step to it, or drop it.",
        "Kind 'leaf': it has no Ending of its own.",
    ]
    assert Leaf.verbs == {}


def test_a_stored_name_belongs_to_one_kind() -> None:
    with pytest.raises(ValueError, match="Two kinds are named 'incident'; a stored name belongs to one kind"):

        class Another(Kind, name="incident"):
            title = "Another"


def test_a_lot_drawn_by_the_system_is_no_hand_that_works_and_closes() -> None:
    class Leaf(Kind, name="leaf"):
        title = "Leaf"
        found = Opening("Found", Role.CLERK)
        answered = Stage("Answered", Role.SYSTEM)
        checked = Stage("Checked", Role.INSPECTOR)
        done = Ending("Done")
        answer = Step("Answer", found, to=answered, by=Role.CLERK, works=True)
        draw = Step("Draw", answered, to=checked, by=Role.SYSTEM)
        let_pass = Step("Let pass", answered, to=done, by=Role.SYSTEM)
        close = Step("Close", checked, to=done, by=Role.INSPECTOR)
        lot = Sampling(answered, drawn=draw, passed=let_pass, rate="answered")

    assert list(faults(Leaf)) == []
