"""Letting kinds into the house: each is proved, and its steps are given their words in the trail."""

from jingwei.casework.kinds import KINDS, Kind
from jingwei.casework.proof import UnfitKind, prove
from jingwei.policy.sections import take_in
from jingwei.trail.verbs import verb


def enter(kind: type[Kind]) -> type[Kind]:
    """Prove a kind and register a verb for each of its steps; once entered, nothing more is done."""
    if not kind.verbs:
        prove(kind)
        take_in(kind.record)
        kind.verbs = {s.name: verb(f"{kind.name}.{s.name}", s.title, s.past) for s in kind.steps.values()}
    return kind


def enter_all() -> None:
    """Let every kind in that an affair has declared. Raises `UnfitKind` where one opens a kind that there is not."""
    for kind in KINDS.values():
        enter(kind)
        opened = {kind.assisted_by, kind.rectified_by, *(step.opens for step in kind.steps.values())} - {""}
        if unknown := sorted(opened - set(KINDS)):
            raise UnfitKind(f"Kind {kind.name!r} opens cases of a kind that there is not: {', '.join(unknown)}.")
