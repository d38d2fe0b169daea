"""By-laws of loading: tried first, never twice, each row by itself."""

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from jingwei.imports import (
    Field,
    Importer,
    Mapping,
    MapRefused,
    Passage,
    Record,
    RowRefused,
    importers,
    register,
)
from jingwei.imports.acts import Outcome, run
from jingwei.imports.models import Known, Run
from jingwei.imports.returning import write_refused
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLERK = Actor.machine("test of imports")
MAP = Mapping.parse(
    '[map]\nof = "leaves"\nsource = "热线"\n'
    '[columns.number]\nfrom = "工单号"\nrequired = true\n[columns.words]\nfrom = "问题"\n',
    "MAP.toml",
)

pytestmark = pytest.mark.django_db


class Leaves:
    """A room that takes in anything but trouble, and remembers what it was handed."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int | None]] = []

    def load(self, record: Record, passage: Passage) -> int:
        assert (passage.actor, passage.at) == (CLERK, AT)
        Run.objects.create(importer="leaf", source="", file=str(record.values["number"]), sha256="", at=AT)
        if record.values["words"] == "麻烦":
            raise RowRefused("Trouble is not taken.")
        self.seen.append((str(record.values["number"]), record.known))
        return record.number * 10


@pytest.fixture
def leaves() -> Iterator[Leaves]:
    room = Leaves()
    fields = (Field("number", "Number", required=True), Field("words", "Words"))
    register(Importer("leaves", "Leaves", fields, room.load, key="number"))
    yield room
    importers._registered.pop("leaves")


def load(tmp_path: Path, *lines: str, dry_run: bool = False) -> Outcome:
    file = tmp_path / "sheet.csv"
    file.write_text("\n".join(["工单号,问题", *lines]), encoding="utf-8")
    return run(file, as_="leaves", mapping=MAP, actor=CLERK, at=AT, dry_run=dry_run)


def counts(outcome: Outcome) -> tuple[int, int, int, int, list[int]]:
    numbers = [refused.number for refused in outcome.refused]
    return outcome.read, outcome.loaded, outcome.changed, outcome.unchanged, numbers


def test_rows_are_loaded_and_the_others_refused_by_number(leaves: Leaves, tmp_path: Path) -> None:
    outcome = load(tmp_path, "A1,漏水", "A2,麻烦", ",停水", "A1,又漏", "A3,停水,多")
    assert counts(outcome) == (5, 1, 0, 0, [3, 4, 5, 6])
    assert leaves.seen == [("A1", None)]
    assert list(Run.objects.filter(importer="leaf").values_list("file", flat=True)) == ["A1"]
    assert "2" in outcome.refused[2].reason  # the row in which the number stands already


def test_the_same_sheet_twice_changes_nothing(leaves: Leaves, tmp_path: Path) -> None:
    load(tmp_path, "A1,漏水", "A2,停水")
    assert counts(load(tmp_path, "A1,漏水", "A2,停水")) == (2, 0, 0, 2, [])
    assert len(leaves.seen) == 2


def test_a_row_that_has_changed_is_loaded_again_and_known(leaves: Leaves, tmp_path: Path) -> None:
    load(tmp_path, "A1,漏水", "A2,停水")
    assert counts(load(tmp_path, "A2,来水了", "A1,漏水")) == (2, 0, 1, 1, [])
    assert leaves.seen[2:] == [("A2", 30)]


def test_a_trial_tells_the_same_and_leaves_nothing(leaves: Leaves, tmp_path: Path) -> None:
    tried = load(tmp_path, "A1,漏水", "A2,麻烦", dry_run=True)
    assert (Known.objects.count(), Run.objects.count(), Line.objects.count()) == (0, 0, 0)
    assert counts(tried) == counts(load(tmp_path, "A1,漏水", "A2,麻烦"))


def test_a_run_is_in_the_trail_without_a_word_of_the_sheet(leaves: Leaves, tmp_path: Path) -> None:
    load(tmp_path, "A1,漏水")
    line = Line.objects.get()
    assert (line.verb, line.subject_type, line.facts["rows"]) == ("imports.sheet_loaded", "imports.run", 1)
    assert "漏水" not in str(line.facts)
    done = Run.objects.get(importer="leaves")
    assert (done.read, done.loaded, done.refused) == (1, 1, 0)


def test_many_rows_are_loaded_in_batches_and_progress_is_told(leaves: Leaves, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    file = tmp_path / "sheet.csv"
    file.write_text("工单号,问题\n" + "".join(f"A{at},漏水\n" for at in range(450)), encoding="utf-8")
    run(file, as_="leaves", mapping=MAP, actor=CLERK, at=AT, progress=lambda done, of: told.append((done, of)))
    assert told == [(200, 450), (400, 450), (450, 450)]


def test_a_map_for_something_else_is_refused_before_anything_is_read(leaves: Leaves, tmp_path: Path) -> None:
    other = Mapping.parse(MAP.text.replace("leaves", "roots"), "MAP.toml")
    with pytest.raises(MapRefused):
        run(tmp_path / "none.csv", as_="leaves", mapping=other, actor=CLERK, at=AT)


def test_refused_rows_go_back_as_a_sheet_in_which_no_word_is_a_formula(leaves: Leaves, tmp_path: Path) -> None:
    outcome = load(tmp_path, "=1+1,麻烦", "@SUM(A1),麻烦", ',"-2"')
    out = io.BytesIO()
    write_refused(outcome, out)
    page = openpyxl.load_workbook(out).active
    assert page is not None
    cells = [[(cell.value, cell.data_type) for cell in row[:2]] for row in page.iter_rows(min_row=2)]
    assert cells == [
        [("=1+1", "s"), ("麻烦", "s")],
        [("@SUM(A1)", "s"), ("麻烦", "s")],
        [(None, "n"), ("-2", "s")],
    ]
    assert page.cell(2, 4).value == "Trouble is not taken."


def test_rows_loaded_together_are_loaded_one_by_one_where_one_of_them_is_refused(tmp_path: Path) -> None:
    room, together = Leaves(), []

    def load_many(records: Sequence[Record], passage: Passage) -> list[int]:
        together.append(len(records))
        return [room.load(record, passage) for record in records]

    fields = (Field("number", "Number", required=True), Field("words", "Words"))
    register(Importer("leaves", "Leaves", fields, room.load, key="number", load_many=load_many))
    try:
        assert counts(load(tmp_path, "A1,漏水", "A2,停水")) == (2, 2, 0, 0, [])
        assert counts(load(tmp_path, "A3,漏水", "A4,麻烦", "A1,又漏")) == (3, 1, 1, 0, [3])
    finally:
        importers._registered.pop("leaves")
    assert together == [2, 3]
    files = Run.objects.filter(importer="leaf").order_by("id").values_list("file", flat=True)
    assert list(files) == ["A1", "A2", "A3", "A1"]
    assert dict(Known.objects.values_list("number", "subject")) == {"A1": 40, "A2": 30, "A3": 20}
