"""A loop in its place becomes SVG: real text, a title and a description, readable without colour and on paper.

Colours stand in attributes, as paper needs them; a page's style sheet sets its own over them.
"""

import math
from collections.abc import Iterator
from html import escape
from itertools import pairwise

from jingwei.planners.loops import BADGE, CORNER, PAD, TITLE, Box, Drawing, Lettering, Line

INK, QUIET, BRAND, BACK, LINE, PALE, DONE = "#15202b", "#465464", "#0b5c8a", "#9a5b00", "#8fa3b3", "#f3f7fa", "#e8f4ec"
TALLEST = 830.0
"""Units of height that a column of a page of A4 holds."""
FONT = "Noto Sans CJK SC"
MANNERS = {
    "title": (INK, "bold"), "note": (QUIET, "normal"), "way": (INK, "normal"), "small": (QUIET, "normal"),
}  # fmt: skip


def svg_of(drawing: Drawing, name: str, title: str, told: str) -> str:
    """The drawing; `name` keeps its ids apart from those of others on the page, `told` says in words what is drawn."""
    width, height = _n(drawing.width), _n(drawing.height)
    inside = [*_lines(drawing), *(piece for box in drawing.boxes for piece in _box(box)), *_marks(drawing)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="loop" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="loop-{name}-t loop-{name}-d" font-family="{FONT}">'
        f'<title id="loop-{name}-t">{escape(title)}</title><desc id="loop-{name}-d">{escape(told)}</desc>'
        f"{''.join(inside)}</svg>"
    )


def columns_of(drawing: Drawing) -> tuple[tuple[str, float], ...]:
    """The drawing for paper, cut between boxes into columns of about one height, none taller than a page."""
    many = math.ceil(drawing.height / TALLEST)
    cuts, wanted = [0.0], drawing.height / many
    for above, below in pairwise(drawing.boxes):
        cut = (above.y + above.height + below.y) / 2
        if below.y + below.height - cuts[-1] > TALLEST or (len(cuts) < many and cut >= wanted * len(cuts)):
            cuts.append(cut)
    return tuple((_piece(drawing, top, end), end - top) for top, end in pairwise([*cuts, drawing.height]))


def _piece(drawing: Drawing, top: float, end: float) -> str:
    boxes = [box for box in drawing.boxes if top <= box.y < end]
    inside = [*_lines(drawing), *(piece for box in boxes for piece in _box(box)), *_marks(drawing, top, end)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {_n(top)} {_n(drawing.width)} {_n(end - top)}" '
        f'font-family="{FONT}">{"".join(inside)}</svg>'
    )


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _box(box: Box) -> Iterator[str]:
    fill = {"met": DONE, "unmet": "#f1f1f1"}.get(box.stage.ending, "#ffffff")
    manner = {"met": " loop__box--met", "unmet": " loop__box--unmet"}.get(box.stage.ending, "")
    edge = BRAND if box.number == 1 else LINE
    yield (
        f'<rect class="loop__box{manner}" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" '
        f'height="{_n(box.height)}" rx="{8 if box.stage.ending else 5}" fill="{fill}" stroke="{edge}" '
        f'stroke-width="{2 if box.number == 1 or box.stage.ending else 1.2}"/>'
    )
    if box.stage.exits:
        right = _n(box.x + box.width)
        yield f'<path class="loop__rule" d="M{_n(box.x)} {_n(box.rule)}H{right}" stroke="{LINE}" stroke-width="0.8"/>'
    yield from _badge(box.number, box.x + PAD + BADGE * 0.5, box.y + PAD + TITLE * 0.5, filled=True)
    yield from map(_text, box.letterings)


def _text(line: Lettering) -> str:
    fill, weight = MANNERS[line.manner]
    return (
        f'<text class="loop__{line.manner}" x="{_n(line.x)}" y="{_n(line.y)}" font-size="{_n(line.size)}" '
        f'font-weight="{weight}" fill="{fill}">{escape(line.words)}</text>'
    )


def _badge(number: int, x: float, y: float, *, filled: bool) -> Iterator[str]:
    fill, ink = (BRAND, "#ffffff") if filled else ("#ffffff", BRAND)
    manner = "loop__badge" if filled else "loop__to"
    radius = BADGE * 0.5 - (0.5 if filled else 1.6)
    yield (
        f'<circle class="{manner}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{BRAND}" '
        f'stroke-width="1"/><text class="{manner}-n" x="{_n(x)}" y="{_n(y + 3.9)}" font-size="10.5" '
        f'font-weight="bold" text-anchor="middle" fill="{ink}">{number}</text>'
    )


def _marks(drawing: Drawing, top: float = 0.0, end: float = math.inf) -> Iterator[str]:
    for mark in drawing.marks:
        if top <= mark.y < end:
            yield from _badge(mark.number, mark.x, mark.y, filled=False)


def _lines(drawing: Drawing) -> Iterator[str]:
    """Every way, each drawn as far as the next that joins it, so that dashes of one lane do not fill each other up."""
    lanes: dict[tuple[str, bool, bool], list[Line]] = {}
    for line in drawing.lines:
        lanes.setdefault((line.target, line.back, _down(line) > 0), []).append(line)
    for joined in lanes.values():
        near = sorted(joined, key=lambda line: abs(line.points[1][1] - line.points[2][1]))
        for line, nearer in zip(near, [None, *near], strict=False):
            manner, ink = ("loop__back", BACK) if line.back else ("loop__on", BRAND)
            dashes = ' stroke-dasharray="4 2.5"' if line.back else ""
            path = _path(line, None if nearer is None else nearer.points[1][1])
            yield f'<path class="{manner}" d="{path}" fill="none" stroke="{ink}" stroke-width="1.4"{dashes}/>'
        yield f'<path class="{manner}-tip" d="{_tip(near[0])}" fill="{ink}"/>'


def _down(line: Line) -> int:
    return 1 if line.points[2][1] > line.points[1][1] else -1


def _path(line: Line, joins: float | None) -> str:
    """From the port round a corner into the lane, and to the arrow, or to the height at which it joins another."""
    (side, port), (lane, _port), (_lane, entry), _end = line.points
    down, corner = _down(line), min(CORNER, abs(entry - port) / 2, abs(lane - side))
    out = corner if lane > side else -corner
    begun = f"M{_n(side)} {_n(port)}H{_n(lane - out)}Q{_n(lane)} {_n(port)} {_n(lane)} {_n(port + down * corner)}"
    if joins is not None:
        return f"{begun}V{_n(joins + down * corner)}"
    tip = 4.0 if lane > side else -4.0
    return f"{begun}V{_n(entry - down * corner)}Q{_n(lane)} {_n(entry)} {_n(lane - out)} {_n(entry)}H{_n(side + tip)}"


def _tip(line: Line) -> str:
    side, entry = line.points[-1]
    away = 6.0 if line.points[1][0] > side else -6.0
    return f"M{_n(side)} {_n(entry)}l{_n(away)} -3.4v6.8z"
