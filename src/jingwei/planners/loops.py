"""Draws a loop on paper: stages in one column, each with its ways out, and lines beside the column to where they lead.

One column, since a telephone and the margin of a page have no room for two. Lines that lead on run at the right,
those that lead back at the left; all that lead to one stage share a lane and an arrow. Lengths are units of the
drawing, about a point each. No database, no clock, no chance: the same loop is always drawn the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

WIDTH = 300.0
PAD, GAP, LANE, EDGE, CORNER = 9.0, 15.0, 7.0, 9.0, 4.0
"""Inside a box, between boxes, between lanes, from box to first lane, and the radius of a line's corners."""
GUTTER = 72.0
"""The room for lanes on a side at most; where there are many, they lie closer."""
BADGE = 17.0
"""Across the round mark with a stage's number."""
TITLE, BODY, SMALL = 14.0, 12.5, 11.0
"""Sizes of letters."""
LEADING = 1.38
"""From one line to the next, as a multiple of the size."""


class NoLoop(ValueError):
    """A loop has stages of different names, one of which opens it, and its ways lead to stages it has."""

    twice: ClassVar[str] = "The stage %(name)s is there twice: give every stage its own name"
    nowhere: ClassVar[str] = "There is no stage %(name)s: name one of the loop"

    def __init__(self, sentence: str, name: str) -> None:
        self.sentence, self.facts = sentence, {"name": name}
        super().__init__(sentence % self.facts)


@dataclass(frozen=True)
class Exit:
    """A way out of a stage: what it is called, a remark in small letters, and the stages it may lead to."""

    words: str
    leads_to: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Stage:
    """A stage: its name in the loop, what it is called, who owes it and how long, its ways out.

    ending: "" for none, "met" where what was asked for was done, "unmet" where it was not.
    """

    name: str
    words: str
    notes: tuple[str, ...] = ()
    exits: tuple[Exit, ...] = ()
    ending: str = ""


@dataclass(frozen=True)
class Lettering:
    """A line of text: its left end, its baseline, its size, its manner (`title`, `note`, `way`, `small`)."""

    words: str
    x: float
    y: float
    size: float
    manner: str


@dataclass(frozen=True)
class Box:
    """A stage in its place; `number` counts from 1 downwards. `rule`: the height of the line below its head."""

    stage: Stage
    number: int
    x: float
    y: float
    width: float
    height: float
    rule: float
    letterings: tuple[Lettering, ...]

    @property
    def entry(self) -> float:
        """The height at which arrows come in."""
        return self.y + PAD + TITLE * 0.5


@dataclass(frozen=True)
class Mark:
    """The number of a stage that a way leads to, at the way's end."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """A way from one stage to another, as corners from the port to the arrow. `back`: it leads up, or to itself."""

    source: str
    way: int
    target: str
    back: bool
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Drawing:
    """A loop in its place."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    aside: tuple[Stage, ...] = ()
    """Stages to which no way leads."""


def laid_out(stages: Sequence[Stage], opening: str) -> Drawing:
    """The loop that begins at `opening`. Raises NoLoop."""
    known = _known(stages, opening)
    order = _order(known, opening)
    rank = {name: n for n, name in enumerate(order)}
    lanes = {back: _lanes(known, order, rank, back) for back in (True, False)}
    away = {back: _distances(lanes[back]) for back in lanes}
    left, right = (max(away[back].values(), default=0.0) + EDGE for back in (True, False))
    boxes: list[Box] = []
    ports: dict[tuple[str, int], float] = {}
    y = 1.0
    for number, name in enumerate(order, 1):
        box, heights = _box(known[name], number, left, y, WIDTH - left - right)
        boxes.append(box)
        ports |= {(name, n): height for n, height in enumerate(heights)}
        y += box.height + GAP
    place = {box.stage.name: box for box in boxes}
    lines = tuple(_lines(rank, place, ports, away))
    marks = tuple(_marks(place, rank, ports))
    aside = tuple(one for one in stages if one.name not in rank)
    return Drawing(WIDTH, y - GAP + 1.0, tuple(boxes), lines, marks, aside)


def _known(stages: Sequence[Stage], opening: str) -> dict[str, Stage]:
    known: dict[str, Stage] = {}
    for one in stages:
        if one.name in known:
            raise NoLoop(NoLoop.twice, one.name)
        known[one.name] = one
    for name in [opening, *(to for one in stages for way in one.exits for to in way.leads_to)]:
        if name not in known:
            raise NoLoop(NoLoop.nowhere, name)
    return known


def _order(known: Mapping[str, Stage], opening: str) -> list[str]:
    """From top to bottom: as declared, endings last, and each below some stage that leads to it."""
    declared = list(known)
    placed, open_to = [opening], _targets(known[opening])
    while waiting := [name for name in declared if name in open_to and name not in placed]:
        chosen = min(waiting, key=lambda name: (bool(known[name].ending), declared.index(name)))
        placed.append(chosen)
        open_to |= _targets(known[chosen])
    return placed


def _targets(stage: Stage) -> set[str]:
    return {to for way in stage.exits for to in way.leads_to}


def _lanes(known: Mapping[str, Stage], order: Sequence[str], rank: Mapping[str, int], back: bool) -> dict[str, int]:
    """The lane of each stage that ways lead to on this side, the nearest the box being 0.

    Lanes of stages whose lines would lie beside one another differ; short lines lie near the boxes.
    """
    reach: dict[str, tuple[int, int]] = {}
    for name in order:
        for to in _targets(known[name]):
            if (rank[to] <= rank[name]) == back:
                first, last = reach.get(to, (rank[to], rank[to]))
                reach[to] = min(first, rank[name]), max(last, rank[name])
    lanes: dict[str, int] = {}
    for name in sorted(reach, key=lambda name: (reach[name][1] - reach[name][0], rank[name])):
        first, last = reach[name]
        taken = {lanes[o] for o in lanes if reach[o][0] <= last and first <= reach[o][1]}
        lanes[name] = next(n for n in range(len(reach)) if n not in taken)
    return lanes


def _distances(lanes: Mapping[str, int]) -> dict[str, float]:
    """How far from the boxes the lane of each stage lies."""
    between = min(LANE, (GUTTER - 2 * EDGE) / max([*lanes.values(), 1]))
    return {name: EDGE + lane * between for name, lane in lanes.items()}


@dataclass
class _Column:
    """Text set from top to bottom of a box."""

    x: float
    y: float
    width: float
    set: list[Lettering] = field(default_factory=list)

    def write(self, words: str, size: float, manner: str, indent: float = 0.0, short: float = 0.0) -> None:
        for line in wrapped(words, self.width - indent - short, size):
            self.set.append(Lettering(line, self.x + indent, self.y + size * 0.88, size, manner))
            self.y += size * LEADING


def _box(stage: Stage, number: int, x: float, y: float, width: float) -> tuple[Box, list[float]]:
    """A box at its place, and the heights at which its ways leave."""
    column = _Column(x + PAD, y + PAD - 2.0, width - 2 * PAD)
    column.write(stage.words, TITLE, "title", indent=BADGE + 5.0)
    for note in stage.notes:
        column.write(note, SMALL, "note", indent=BADGE + 5.0)
    rule, heights = column.y + 2.0, []
    column.y += 6.0 if stage.exits else 0.0
    for way in stage.exits:
        heights.append(column.y + BODY * 0.5)
        column.write(way.words, BODY, "way", short=len(way.leads_to) * (BADGE - 1.0) + 4.0)
        if way.note:
            column.write(way.note, SMALL, "small", short=0.0)
        column.y += 3.0
    bottom = column.y + PAD - (6.0 if stage.exits else 4.0)
    return Box(stage, number, x, y, width, bottom - y, rule, tuple(column.set)), heights


def _lines(
    rank: Mapping[str, int], place: Mapping[str, Box], ports: Mapping[tuple[str, int], float],
    away: Mapping[bool, Mapping[str, float]],
) -> Iterable[Line]:  # fmt: skip
    for name, box in place.items():
        for n, way in enumerate(box.stage.exits):
            for to in dict.fromkeys(way.leads_to):
                back = rank[to] <= rank[name]
                side = box.x if back else box.x + box.width
                lane = side - away[back][to] if back else side + away[back][to]
                port, entry = ports[name, n], place[to].entry
                yield Line(name, n, to, back, ((side, port), (lane, port), (lane, entry), (side, entry)))


def _marks(place: Mapping[str, Box], rank: Mapping[str, int], ports: Mapping[tuple[str, int], float]) -> Iterable[Mark]:
    for name, box in place.items():
        for n, way in enumerate(box.stage.exits):
            right = box.x + box.width - PAD - BADGE * 0.5 + 2.0
            for m, to in enumerate(reversed(dict.fromkeys(way.leads_to))):
                yield Mark(rank[to] + 1, right - m * (BADGE - 1.0), ports[name, n])


def wide(words: str, size: float) -> float:
    """How much room `words` take at most, in any of the fonts that a reader may have."""
    return size * sum(_breadth(c) for c in words)


def _breadth(character: str) -> float:
    if ord(character) >= 0x1100:
        return 1.02
    if character in "MWmw@%—…":
        return 0.98
    if character in " ilj.,:;'|!()[]":
        return 0.4
    return 0.78 if character.isupper() else 0.64


def wrapped(words: str, width: float, size: float) -> list[str]:
    """`words` in lines no wider than `width`: broken between words, and within one where it must be.

    A line never begins with a closing mark, nor ends with an opening one.
    """
    lines, line = [], ""
    for piece in _pieces(words):
        if line and wide(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        while wide(piece.rstrip(), size) > width and len(piece) > 1:
            cut = max(1, max((n for n in range(1, len(piece)) if wide(piece[:n], size) <= width), default=1))
            lines.append(piece[:cut])
            piece = piece[cut:]
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


CLOSING, OPENING = "，。、；：！？）》」』”’】,.;:!?)]%", "（《「『“‘【(["


def _pieces(words: str) -> list[str]:
    """What may stand on a line of its own: a word with the blank after it, a character with the marks beside it."""
    pieces: list[str] = []
    for c in words:
        joins = bool(pieces) and (
            c in CLOSING or c == " " or pieces[-1][-1] in OPENING
            or (ord(c) < 0x1100 and ord(pieces[-1][-1]) < 0x1100 and pieces[-1][-1] != " ")
        )  # fmt: skip
        if joins:
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces
