"""How a kind of case goes: its loop as a drawing, and the same as tables."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jingwei.casework.kinds import KINDS, Ending, Kind, Stage, Step, Waiting
from jingwei.planners import loops
from jingwei.policy.books import Book
from jingwei.rulebook.drawing import columns_of, svg_of
from jingwei.rulebook.parts import BESIDE, Loop, Part, Section, Table, Words
from jingwei.rulebook.wording import in_short, listed, role_title, roles_told, terms, titled


def loop_of(kind: type[Kind], book: Book) -> Section:
    """All that the rule book says of a kind."""
    drawing = drawn(kind, book)
    numbers = {box.stage.name: box.number for box in drawing.boxes}
    return Section(str(kind.title), tuple(_parts(kind, book, drawing, numbers)), kind.name)


def drawn(kind: type[Kind], book: Book) -> loops.Drawing:
    """The loop of a kind, laid out."""
    return loops.laid_out([_stage(kind, stage, book) for stage in kind.stages.values()], kind.opening.name)


def _stage(kind: type[Kind], stage: Stage, book: Book) -> loops.Stage:
    ending = ("met" if stage.met else "unmet") if isinstance(stage, Ending) else ""
    owner = [role_title(book, stage.owed_by)] if stage.owed_by else []
    clocks = [titled(name, time) for name, time in _clocks(kind, stage, book)]
    ways = tuple(_way(book, stage, step) for step in kind.steps_from(stage))
    return loops.Stage(stage.name, str(stage.title), (*owner, *clocks), ways, ending)


def _way(book: Book, stage: Stage, step: Step) -> loops.Exit:
    notes = []
    takers = roles_told(book, step.by)
    if stage.owed_by is None or takers != role_title(book, stage.owed_by):
        notes.append(_("by %(roles)s") % {"roles": takers})
    if step.opens:
        notes.append(_("opens: %(kind)s") % {"kind": KINDS[step.opens].title})
    return loops.Exit(str(step.title), tuple(dict.fromkeys(to.name for to in step.targets)), _("; ").join(notes))


def _clocks(kind: type[Kind], stage: Stage, book: Book) -> Iterator[tuple[str, str]]:
    for clock in kind.clocks.values():
        if stage in clock.during and (told := in_short(book, kind, clock.name)):
            yield str(clock.title), told


def _parts(kind: type[Kind], book: Book, drawing: loops.Drawing, numbers: dict[str, int]) -> Iterator[Part]:
    yield Words(_begins_and_ends(kind, book))
    title = _("How it goes: %(kind)s") % {"kind": kind.title}
    stages = len(drawing.boxes)
    told = ngettext(
        "The loop in %(n)d stage, from the top down; the table below says the same.",
        "The loop in %(n)d stages, from the top down; the table below says the same.",
        stages,
    ) % {"n": stages}
    yield Loop(title, svg_of(drawing, kind.name, title, told), told, columns_of(drawing))
    yield Table(
        _("%(kind)s: stages and steps") % {"kind": kind.title},
        (_("Stage"), _("Owed by"), _("Within"), _("Ways out")),
        tuple(_row(kind, kind.stages[box.stage.name], book, numbers) for box in drawing.boxes),
    )
    if rows := tuple(_terms(kind, book)):
        yield Table(_("%(kind)s: times") % {"kind": kind.title}, (_("Time"), _("Runs while"), _("How long")), rows)
    for told_beside in BESIDE.get(kind.name, ()):
        yield from told_beside(book)
    aside = [str(kind.stages[stage.name].title) for stage in drawing.aside]
    if aside:
        yield Words(_("It may also end without a step of its own: %(endings)s.") % {"endings": listed(aside)})


def _begins_and_ends(kind: type[Kind], book: Book) -> str:
    ends = [stage.title for stage in kind.stages.values() if isinstance(stage, Ending) and _reached(kind, stage)]
    said = {"first": kind.opening.title, "ends": listed(ends), "openers": roles_told(book, kind.opened_by)}
    opened = [one.title for one in KINDS.values() if any(step.opens == kind.name for step in one.steps.values())]
    helped = [one.title for one in KINDS.values() if one.assisted_by == kind.name]
    words = _("It begins at «%(first)s» and ends at: %(ends)s.") % said
    if kind.opened_by:
        words += _(" At the desk it is opened by: %(openers)s.") % said
    if opened or helped:
        words += _(" It belongs to a case of another kind: %(kinds)s.") % {"kinds": listed([*opened, *helped])}
    return words


def _reached(kind: type[Kind], stage: Stage) -> bool:
    return any(stage in step.targets for step in kind.steps.values())


def _row(kind: type[Kind], stage: Stage, book: Book, numbers: dict[str, int]) -> tuple[str, ...]:
    name = f"{numbers[stage.name]} {stage.title}"
    if stage.public and str(stage.public) != str(stage.title):
        name += "\n" + _("The resident reads: %(words)s") % {"words": stage.public}
    owed = role_title(book, stage.owed_by) if stage.owed_by else "—"
    within = "\n".join(titled(clock, time) for clock, time in _clocks(kind, stage, book)) or "—"
    ways = "\n".join(_way_told(book, step, numbers) for step in kind.steps_from(stage)) or "—"
    return name, owed, within, ways


def _way_told(book: Book, step: Step, numbers: dict[str, int]) -> str:
    to = _(" or ").join(dict.fromkeys(f"{numbers[one.name]} {one.title}" for one in step.targets))
    return _("%(step)s (%(roles)s) → %(to)s") % {"step": step.title, "roles": roles_told(book, step.by), "to": to}


def _terms(kind: type[Kind], book: Book) -> Iterator[tuple[str, ...]]:
    for clock in kind.clocks.values():
        told = terms(book, kind, clock.name)
        long = "\n".join(titled(name, span) for name, span in told)
        if isinstance(clock, Waiting):
            long += "\n" + _("It only passes; nobody is late.")
        if told:
            yield str(clock.title), listed(stage.title for stage in clock.during), long
