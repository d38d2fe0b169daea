"""新建一个县：只需要代码和名称，地方、机构、岗位、人员随后在网页上用花名册导入。已有的县，重新装入改过的政策包。
Begin a county with a code and a name; its places, organisations and people come in by rosters on the pages.
For a county that stands: take in its pack again after it was changed.

示例 · example:  ./jingwei county 331002 清泉县"""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from jingwei.cli import house
from jingwei.cli.refusal import Refusal
from jingwei.cli.said import Steps

if TYPE_CHECKING:
    from jingwei.policy import Book

OWN = "pack"
"""Folder of the county's own pack, inside the county's folder."""

PACK = """\
# {name}的政策包。这里没有写的，照用起步包（packs/start）和基础包（packs/base）；改法见 docs/how/change-a-pack.md。
# 改完运行 ./jingwei county，新的规定即时生效，已经立案的仍按原来的规定办。

[pack]
name = "{name}"
extends = "start"

[county]
code = "{code}"
name = "{name}"
number_prefix = "{letters}"   # 案卷编号开头的字母
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", metavar="CODE", nargs="?", help="六位县级代码（GB/T 2260） · the county's six digits")
    parser.add_argument("name", metavar="NAME", nargs="?", help="县名 · its name")
    parser.add_argument("--letters", metavar="AB", help="案卷编号开头的大写字母，默认 JW · letters of case numbers")
    parser.add_argument(
        "--pack", metavar="DIR", type=Path, help="已经写好的政策包 · a pack that is written already, instead"
    )
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    folder = house.own(said.data or house.usual_folder())
    pack = said.pack or _own_pack(said, folder)
    steps = Steps()
    with house.database(folder):
        with steps.step("准备 · preparing"):
            house.open_house()
            house.make_tables()
        with steps.step(f"装入 {pack} · taking in the pack"):
            book = take_in(pack)
        _tell_next(book, steps)
    return 0


def _own_pack(said: argparse.Namespace, folder: Path) -> Path:
    """The county's own pack: written from what was said, or the one that is there."""
    pack = folder / OWN
    if not said.code:
        if not pack.is_dir():
            raise Refusal(
                "请写明代码和县名，如：./jingwei county 331002 清泉县\n"
                "Say its code and its name: ./jingwei county 331002 NAME"
            )
        return pack
    letters = said.letters or "JW"
    if not re.fullmatch(r"\d{6}", said.code, re.ASCII) or not said.name or not re.fullmatch(r"[A-Z]{2,4}", letters):
        raise Refusal(
            "代码是六位数字，名称不能空，--letters 是二至四个大写字母。\n"
            "The code has six digits, the name is not empty, --letters has two to four capitals."
        )
    if pack.exists():
        raise Refusal(
            f"{pack} 已经有了。改其中的文件后运行 ./jingwei county（不写代码）。\n"
            f"{pack} is there already. Change its files, then run ./jingwei county without a code."
        )
    name = re.sub(r'["\\\n\r]', "", said.name).strip()[:60]
    pack.mkdir(parents=True)
    (pack / "pack.toml").write_text(PACK.format(code=said.code, name=name, letters=letters), encoding="utf-8")
    return pack


def take_in(pack: Path) -> "Book":
    """Let the county work by its pack: adopted, its place laid, its centre founded. Done again, only what is new."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from jingwei.duties.acts import lay_out
    from jingwei.organisations.acts import found_from_pack
    from jingwei.places.acts import lay_ground
    from jingwei.places.drawing import NoBuildings
    from jingwei.policy import PackFaults, load
    from jingwei.policy.acts import adopt
    from jingwei.policy.county import CountySection
    from jingwei.trail.actor import Actor

    actor, at = Actor.machine("command line"), timezone.now()
    try:
        with transaction.atomic():
            book = load(pack)
            adopt(book, book[CountySection].code, actor=actor, at=at)
            lay_ground(book, actor=actor, at=at, data_folder=Path(settings.ROOT) / "data")
            found_from_pack(book, actor=actor, at=at)
            lay_out(book[CountySection].code, at=at)
    except PackFaults as faults:
        raise Refusal("\n".join(str(fault) for fault in faults.faults)) from faults
    except NoBuildings as no:
        raise Refusal(str(no)) from no
    return book


def _tell_next(book: "Book", steps: Steps) -> None:
    """What to do now, where nobody can sign in yet."""
    from jingwei.organisations.models import Appointment
    from jingwei.policy.county import CountySection

    county = book[CountySection]
    steps.say(f"{county.name}（{county.code}）已就绪。 · {county.name} stands.")
    if Appointment.objects.filter(post__organisation__county_id=county.code).exists():
        return
    steps.say(
        "接着做 · next:\n"
        "  1  ./jingwei officer administrator 登录名 --name 姓名      开通系统管理员\n"
        "  2  ./jingwei serve  和  ./jingwei work                   运行网站和后台任务（两个窗口）\n"
        "  3  打开 http://127.0.0.1:8000/desk/ ，登录后点“花名册”    导入地方、机构和岗位、人员\n"
        "     docs/start/a-county-by-hand.md"
    )
