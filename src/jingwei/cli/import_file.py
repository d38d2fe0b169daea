"""导入一张表格（CSV、XLS、XLSX），按对照文件读取；同一文件导入两次，不会重复。
Bring in a sheet (CSV, XLS, XLSX), read as a map file says; the same file twice changes nothing.

示例 · example:  ./jingwei import orders.csv --as orders --map data/jinan12345_water_orders.map.toml --dry-run"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from jingwei.cli import house
from jingwei.cli.refusal import PARTIAL, Refusal
from jingwei.cli.said import Steps

if TYPE_CHECKING:
    from jingwei.imports.acts import Outcome


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="表格文件 · the sheet")
    parser.add_argument(
        "--as",
        dest="as_",
        metavar="KIND",
        required=True,
        help="导入为何种内容 · what it holds, such as orders",
    )
    parser.add_argument(
        "--map",
        dest="map_",
        metavar="MAP.toml",
        type=Path,
        required=True,
        help="对照文件 · what each column means",
    )
    parser.add_argument(
        "--county",
        metavar="CODE",
        default="",
        help="导入到哪个县；只有一个县时不必写 · which county (default: the only one)",
    )
    parser.add_argument(
        "--refused",
        metavar="OUT.xlsx",
        type=Path,
        help="把退回的行连同理由写成一张表，改好再导入 · write refused rows, each with its reason, to be corrected",
    )
    parser.add_argument("--dry-run", action="store_true", help="只试算，不写入 · try it, write nothing")
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    for file in (said.file, said.map_):
        if not file.is_file():
            raise Refusal(f"找不到文件 {file}。 · There is no file {file}.")
    if said.refused and said.refused.suffix != ".xlsx":
        raise Refusal("--refused 写出的是 .xlsx 表格。 · --refused writes a sheet; end its name in .xlsx.")
    folder = house.own(said.data or house.usual_folder())
    steps = Steps()
    with house.database(folder):
        with steps.step("准备 · preparing"):
            house.open_house()
            house.make_tables()
        outcome = _import(said, steps)
        if said.refused and outcome.refused:
            _give_back(outcome, said.refused)
        return _tell(outcome, steps, tried=said.dry_run)


def _import(said: argparse.Namespace, steps: Steps) -> "Outcome":
    from django.utils import timezone

    from jingwei.imports import Mapping, MapRefused, NoSuchImporter, SheetRefused, acts
    from jingwei.trail.actor import Actor

    with steps.step(f"导入 {said.file.name} · importing") as progress:
        try:
            return acts.run(
                said.file,
                as_=said.as_,
                mapping=Mapping.load(said.map_),
                actor=Actor.machine("import"),
                at=timezone.now(),
                county=said.county,
                dry_run=said.dry_run,
                progress=lambda done, of: progress("", done, of),
            )
        except (MapRefused, NoSuchImporter, SheetRefused) as no:
            raise Refusal(str(no)) from no


def _give_back(outcome: "Outcome", to: Path) -> None:
    from jingwei.imports.returning import write_refused

    try:
        with to.open("wb") as out:
            write_refused(outcome, out)
    except OSError as no:
        raise Refusal(
            f"写不了 {to}（{no.strerror}）；表格已经导入，退回的行见下次试算。\n"
            f"{to} cannot be written ({no.strerror}). The sheet was imported; see its refused rows by --dry-run."
        ) from no


def _tell(outcome: "Outcome", steps: Steps, *, tried: bool) -> int:
    """Say what became of the rows; gives the exit code."""
    for refused in outcome.refused:
        steps.say(f"  {refused.number:>6}  {refused.reason}")
    for note in outcome.notes:
        steps.say(f"  {note}")
    steps.say(
        f"读取 {outcome.read}，新增 {outcome.loaded}，更新 {outcome.changed}，未变 {outcome.unchanged}，"
        f"退回 {len(outcome.refused)}" + ("（试算，未写入）" if tried else "")
    )
    steps.say(
        f"read {outcome.read}, loaded {outcome.loaded}, changed {outcome.changed}, "
        f"unchanged {outcome.unchanged}, refused {len(outcome.refused)}"
        + (" (tried only, nothing written)" if tried else "")
    )
    _tell_figures(outcome, steps)
    return PARTIAL if outcome.refused else 0


def _tell_figures(outcome: "Outcome", steps: Steps) -> None:
    """What the rows of this source have come to, by our own clocks."""
    from django.utils.translation import override

    for title, count in outcome.figures:
        with override("zh-hans"):
            chinese = str(title)
        with override("en"):
            steps.say(f"  {count:>6}  {chinese} · {title}")
