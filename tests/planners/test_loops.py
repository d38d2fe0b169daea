"""Loops laid out: whatever is declared is drawn once, downwards, beside one another, and inside its box."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.casework.kinds import KINDS
from jingwei.planners.loops import EDGE, WIDTH, Drawing, Exit, NoLoop, Stage, laid_out, wide, wrapped

WORDS = st.text("待受理分派处置督查反馈一二三，。（）《》 abcdefgh-W%", min_size=1, max_size=60)


@st.composite
def loops(draw: st.DrawFn) -> tuple[Stage, ...]:
    """Any stages with any ways between them, the first of which opens the loop."""
    names = [f"s{n}" for n in range(draw(st.integers(1, 9)))]
    way = st.builds(
        Exit, WORDS, st.lists(st.sampled_from(names), min_size=1, max_size=3).map(tuple), st.just("") | WORDS
    )
    stages = []
    for name in names:
        ending = draw(st.sampled_from(["", "", "met", "unmet"]))
        ways = () if ending else tuple(draw(st.lists(way, max_size=4)))
        stages.append(Stage(name, draw(WORDS), tuple(draw(st.lists(WORDS, max_size=2))), ways, ending))
    return tuple(stages)


def reached(stages: tuple[Stage, ...]) -> set[str]:
    known, found, todo = {one.name: one for one in stages}, set[str](), [stages[0].name]
    while todo:
        if (name := todo.pop()) not in found:
            found.add(name)
            todo += [to for way in known[name].exits for to in way.leads_to]
    return found


def verticals(drawing: Drawing) -> dict[tuple[float, str], tuple[float, float]]:
    """From where to where each lane is drawn, by its place and the stage it leads to."""
    drawn: dict[tuple[float, str], tuple[float, float]] = {}
    for line in drawing.lines:
        (_x, first), (lane, port), (_lane, entry), (_side, last) = line.points
        assert (first, entry) == (port, last)
        low, high = drawn.get((round(lane, 3), line.target), (entry, entry))
        drawn[round(lane, 3), line.target] = min(low, port, entry), max(high, port, entry)
    return drawn


@settings(max_examples=60, deadline=None)
@given(loops())
def test_every_stage_and_way_is_drawn_once_and_nothing_lies_on_anything_else(stages: tuple[Stage, ...]) -> None:
    drawing = laid_out(stages, stages[0].name)
    box = {one.stage.name: one for one in drawing.boxes}
    found = reached(stages)
    assert (set(box), {one.name for one in drawing.aside}) == (found, {one.name for one in stages} - found)
    assert [one.number for one in drawing.boxes] == list(range(1, len(box) + 1))
    ways = {(s.name, n, to) for s in stages if s.name in found for n, way in enumerate(s.exits) for to in way.leads_to}
    assert sorted((line.source, line.way, line.target) for line in drawing.lines) == sorted(ways)
    for above, below in zip(drawing.boxes, drawing.boxes[1:], strict=False):
        assert above.y + above.height < below.y
    for name in found - {stages[0].name}:
        assert any(box[line.source].y < box[name].y for line in drawing.lines if line.target == name)
    for (one, first), (other, second) in combinations(verticals(drawing).items(), 2):
        assert one[0] != other[0] or first[1] < second[0] or second[1] < first[0]
    for line in drawing.lines:
        assert line.back == (box[line.target].y <= box[line.source].y)
        for x, y in line.points:
            assert (0 <= x <= WIDTH, 0 < y < drawing.height) == (True, True)
            assert x <= box[line.source].x or x >= box[line.source].x + box[line.source].width


@settings(max_examples=40, deadline=None)
@given(loops())
def test_all_that_is_written_stands_inside_its_box_whole_and_in_order(stages: tuple[Stage, ...]) -> None:
    for box in laid_out(stages, stages[0].name).boxes:
        said = [box.stage.words, *box.stage.notes]
        said += [words for way in box.stage.exits for words in (way.words, way.note)]
        written = "".join(line.words for line in box.letterings)
        assert "".join(written.split()) == "".join("".join(said).split())
        bottoms = [box.y, *(line.y for line in box.letterings)]
        assert bottoms == sorted(bottoms)
        for line in box.letterings:
            assert line.x + wide(line.words, line.size) <= box.x + box.width
            assert (box.x + EDGE <= line.x, box.y <= line.y - line.size * 0.88, line.y < box.y + box.height) == (
                True,
            ) * 3


@given(WORDS, st.integers(30, 200))
def test_a_line_begins_with_no_closing_mark_where_there_is_room(words: str, width: int) -> None:
    lines = wrapped(words, width, 12.0)
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert all(wide(line, 12.0) <= width for line in lines)
    assert wrapped("待受理，再分派。", 40.0, 10.0) == ["待受", "理，再", "分派。"]


def test_a_loop_of_one_stage_twice_or_to_nowhere_is_refused() -> None:
    for stages in ((Stage("a", "甲"), Stage("a", "乙")), (Stage("a", "甲", exits=(Exit("去", ("b",)),)),)):
        with pytest.raises(NoLoop):
            laid_out(stages, "a")


def test_every_kind_of_the_house_is_wide_enough_to_read() -> None:
    for kind in KINDS.values():
        stages = tuple(
            Stage(
                stage.name, str(stage.title),
                exits=tuple(Exit(str(w.title), tuple(t.name for t in w.targets)) for w in kind.steps_from(stage)),
            )
            for stage in kind.stages.values()
        )  # fmt: skip
        drawing = laid_out(stages, kind.opening.name)
        assert min(box.width for box in drawing.boxes) >= 180
