"""A kind of case that could be left standing, or closed by the hand that did the work, is refused at start."""

from collections.abc import Callable, Iterator

from jingwei.casework.kinds import Ending, Kind, Opening, Stage, Step, Vocabulary
from jingwei.organisations.pack import Role


class UnfitKind(Exception):
    """A kind must have one opening, reach every stage, end from every stage, closed by another role than works."""


def prove(kind: type[Kind]) -> None:
    """Raise `UnfitKind` with one sentence for each thing wrong with the kind; else return."""
    if wrong := list(faults(kind)):
        raise UnfitKind("\n".join(wrong))


def faults(kind: type[Kind]) -> Iterator[str]:
    """What is wrong with a kind, a sentence each, naming the kind and the stage or step."""
    at = f"Kind {kind.name!r}"
    openings = [s.name for s in kind.stages.values() if isinstance(s, Opening)]
    if len(openings) != 1:
        yield f"{at}: there must be one Opening, not {len(openings)} ({', '.join(openings) or 'none'})."
        return
    if not kind.title:
        yield f"{at}: it has no title; write title = _(…)."
    known = set(kind.stages.values())
    for step in kind.steps.values():
        yield from _step_faults(at, step, known)
    yield from _graph_faults(at, kind)
    yield from _closing_faults(at, kind)
    for stage in kind.stages.values():
        for said, known_words in ((stage.six, Vocabulary.SIX), (stage.seven, Vocabulary.SEVEN)):
            if said and said not in known_words:
                yield f"{at}: stage {stage.name!r} is placed at {said!r}; the words are: {', '.join(known_words)}."
    for clock in kind.clocks.values():
        if any(isinstance(s, Ending) for s in clock.during):
            yield f"{at}: clock {clock.name!r} runs in an ending; an ended case owes nothing."


def _step_faults(at: str, step: Step, known: set[Stage]) -> Iterator[str]:
    if not step.sources:
        yield f"{at}: step {step.name!r} starts nowhere; name the stage it leaves."
    if not step.by:
        yield f"{at}: step {step.name!r} can be taken by nobody; write by=Role.…"
    for source in step.sources:
        if isinstance(source, Ending):
            yield f"{at}: step {step.name!r} leaves the ending {source.name!r}; a case that ended is reopened."
    for stage in {*step.sources, *step.targets} - known:
        yield f"{at}: step {step.name!r} speaks of {stage.name!r}, which is not a stage of this kind."


def _graph_faults(at: str, kind: type[Kind]) -> Iterator[str]:
    own = {s for s in kind.stages.values() if s not in (Kind.withdrawn, Kind.joined)}
    reached, ending = reachable(kind), able_to_end(kind)
    for stage in sorted(own, key=lambda s: s.name):
        if stage not in reached:
            yield f"{at}: stage {stage.name!r} cannot be reached; add a step to it, or drop it."
        elif stage not in ending:
            yield f"{at}: stage {stage.name!r} has no way to an ending; a case could be left standing there."
    if not any(isinstance(s, Ending) for s in own):
        yield f"{at}: it has no Ending of its own."
    for stage in own:
        if not isinstance(stage, Ending) and stage.owed_by is None:
            yield f"{at}: stage {stage.name!r} is owed by nobody; write owed_by=Role.…"


def _any(step: Step) -> bool:
    return True


def reachable(kind: type[Kind], possible: Callable[[Step], bool] = _any) -> set[Stage]:
    """The stages that a case can come to by the steps that are `possible`."""
    reached: set[Stage] = set()
    todo: list[Stage] = [kind.opening]
    while todo:
        stage = todo.pop()
        if stage not in reached:
            reached.add(stage)
            todo += [t for s in kind.steps_from(stage) if possible(s) for t in s.targets]
    return reached


def able_to_end(kind: type[Kind], possible: Callable[[Step], bool] = _any) -> set[Stage]:
    """The stages from which the `possible` steps lead to an ending."""
    able: set[Stage] = {s for s in kind.stages.values() if isinstance(s, Ending)}
    steps = [s for s in kind.steps.values() if possible(s)]
    while more := {src for s in steps if set(s.targets) & able for src in s.sources if src not in able}:
        able |= more
    return able


def _closing_faults(at: str, kind: type[Kind]) -> Iterator[str]:
    """A path on which the closing role also did work. The system closes by drawing lots, so it is nobody's role."""
    if any(set(step.targets) - set(kind.stages.values()) for step in kind.steps.values()):
        return
    for closing in kind.steps.values():
        ends = [t.name for t in closing.targets if isinstance(t, Ending)]
        if not ends:
            continue
        for worked in _work_before(kind, closing):
            for role in (set(worked.by) & set(closing.by)) - {Role.SYSTEM}:
                yield (
                    f"{at}: {role.value!r} takes {worked.name!r} and may then close by {closing.name!r} to "
                    f"{ends[0]!r}; nobody closes her own work, so give the closing step to another role."
                )


def _work_before(kind: type[Kind], closing: Step) -> list[Step]:
    """The working steps that can lie on a path from the opening to a closing step."""
    before: set[Stage] = set(closing.sources)
    while more := {
        src for s in kind.steps.values() if set(s.targets) & before for src in s.sources if src not in before
    }:
        before |= more
    reached = reachable(kind)
    return [
        s
        for s in kind.steps.values()
        if s is not closing and kind.is_work(s) and set(s.targets) & before and set(s.sources) & reached
    ]
