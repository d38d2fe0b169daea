"""导入一张表格（CSV、XLS、XLSX），按对照文件读取；同一文件导入两次，不会重复。
Bring in a sheet (CSV, XLS, XLSX), read as a map file says; the same file twice changes nothing.

示例 · example:  ./jingwei import orders.csv --as orders --map packs/weishui/orders.map.toml --dry-run"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from jingwei.cli import house
from jingwei.cli.refusal import Refusal
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
    parser.add_argument("--dry-run", action="store_true", help="只试算，不写入 · try it, write nothing")
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    for file in (said.file, said.map_):
        if not file.is_file():
            raise Refusal(f"找不到文件 {file}。 · There is no file {file}.")
    folder = house.own(said.data or house.usual_folder())
    steps = Steps()
    with house.database(folder):
        with steps.step("准备 · preparing"):
            house.open_house()
            house.make_tables()
        outcome = _import(said, steps)
    _tell(outcome, steps, tried=said.dry_run)
    return 1 if outcome.refused else 0


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
                dry_run=said.dry_run,
                progress=lambda done, of: progress("", done, of),
            )
        except (MapRefused, NoSuchImporter, SheetRefused) as no:
            raise Refusal(str(no)) from no


def _tell(outcome: "Outcome", steps: Steps, *, tried: bool) -> None:
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
