"""导入全国统一的区划代码表（省、市、县、乡镇街道、村居五张表），再次导入只更新有变化的。
Load the nation's register of divisions (five tables, provinces to communities); loaded again, only changes are written.

示例 · example:  ./jingwei divisions divisions/"""

import argparse
from pathlib import Path

from jingwei.cli import house
from jingwei.cli.refusal import PARTIAL, Refusal
from jingwei.cli.said import Steps


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        type=Path,
        help="放有 provinces、cities、areas、streets、villages 五张 .csv(.gz) 的文件夹 · folder with the five tables",
    )
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    if not said.folder.is_dir():
        raise Refusal(f"找不到文件夹 {said.folder}。 · There is no folder {said.folder}.")
    folder = house.own(said.data or house.usual_folder())
    steps = Steps()
    with house.database(folder):
        with steps.step("准备 · preparing"):
            house.open_house()
            house.make_tables()
        return _load(said.folder, steps)


def _load(folder: Path, steps: Steps) -> int:
    from django.utils import timezone

    from jingwei.places.acts.divisions import NoTables, load_divisions
    from jingwei.trail.actor import Actor

    with steps.step("导入区划代码 · loading the divisions") as progress:
        try:
            outcome = load_divisions(folder, actor=Actor.machine("divisions"), at=timezone.now(), progress=progress)
        except NoTables as missing:
            raise Refusal(f"{folder} 里缺少 {missing}。 · {missing} is missing in {folder}.") from None
    for table, many in outcome.read.items():
        steps.say(f"{table}: {many}")
    steps.say(f"新增或更新 {outcome.written} · new or changed {outcome.written}")
    for line in outcome.told:
        steps.say(f"退回 · left out: {line}")
    return PARTIAL if outcome.left_out else 0
