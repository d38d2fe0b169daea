"""列出、添加、更换、停用个人信息字段的密钥；更换可随时中断，再运行一次即接着做。
List, add, rotate and retire the keys of personal fields; rotating goes on where it was broken off.

示例 · example:  ./jingwei keys          ./jingwei keys rotate          ./jingwei keys retire k1"""

import argparse
from collections import Counter
from pathlib import Path

from jingwei.cli import house
from jingwei.cli.refusal import Refusal
from jingwei.cli.said import Steps

DEEDS = {
    "list": "列出密钥，以及各锁着多少 · list the keys, and how much each holds",
    "add": "添加一把新密钥，此后的写入都用它 · add a fresh key; what is written from now on uses it",
    "rewrap": "把已有的内容换到最新的密钥上 · carry what is there over to the newest key",
    "rotate": "添加新密钥并换上去，中断后接着做 · add and rewrap; goes on where it broke off",
    "retire": "停用一把不再使用的密钥 · take out a key that nothing needs any more",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    what = "；".join(f"{name}: {words}" for name, words in DEEDS.items())
    parser.add_argument("deed", nargs="?", default="list", choices=tuple(DEEDS), metavar="DEED", help=what)
    parser.add_argument("name", nargs="?", default="", metavar="KEY", help="停用哪一把 · which key is retired")
    parser.add_argument(
        "--find", action="store_true", help="查找用的密钥，而不是加锁用的 · the keys that find, not those that lock"
    )
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    folder = house.own(said.data or house.usual_folder())
    steps = Steps()
    with house.database(folder):
        with steps.step("准备 · preparing"):
            house.open_house()
            house.make_tables()
        from jingwei.people.keyfile import InUse
        from jingwei.people.keys import BadKeyFile, Locked

        try:
            _do(said, steps)
        except (BadKeyFile, InUse, Locked) as no:
            raise Refusal(f"密钥没有更动。 · No key was changed: {no}") from no
    return 0


def _do(said: argparse.Namespace, steps: Steps) -> None:
    from jingwei.people import keyfile
    from jingwei.people.rotation import left

    if said.deed == "add" or (said.deed == "rotate" and not left()):
        name = keyfile.add(_file(), "find" if said.find else "lock")
        _note("add", name, 0)
        steps.say(f"已添加 {name}，此后的写入都用它。 · {name} is there; what is written from now on uses it.")
    elif said.deed == "rotate":
        steps.say("上次更换没有做完，接着做。 · The last rotation was broken off; going on with it.")
    if said.deed in ("rewrap", "rotate"):
        _rewrap(steps)
    if said.deed == "retire":
        _retire(said.name, steps)
    if said.deed != "add":
        _list(steps)


def _file() -> Path:
    from django.conf import settings

    return Path(settings.FIELD_KEY_FILE)


def _rewrap(steps: Steps) -> None:
    from jingwei.people.keys import keyring
    from jingwei.people.rotation import left, rewrap

    with steps.step("更换 · carrying over") as step:
        many = rewrap(lambda column, done, of: step(column, done, of))
    _note("rewrap", keyring().label, many)
    steps.say(f"已更换 {many} 项，还剩 {left()} 项。 · {many} carried over, {left()} left.")


def _retire(name: str, steps: Steps) -> None:
    from jingwei.people import keyfile
    from jingwei.people.rotation import names_held

    if name in names_held():
        raise Refusal(
            f"还有内容要用 {name} 才能打开，请先运行 ./jingwei keys rewrap。\n"
            f"Some fields still need {name}; run ./jingwei keys rewrap first."
        )
    aside = keyfile.retire(_file(), name)
    _note("retire", name, 0)
    steps.say(
        f"{name} 已停用，移到 {aside}。还要恢复此前的备份，就须留着它。\n"
        f"{name} is retired and lies in {aside}. Keep it as long as a backup from before may be restored."
    )


def _note(deed: str, name: str, values: int) -> None:
    from django.utils import timezone

    from jingwei.people.acts import note_keys

    note_keys(deed, name, values, at=timezone.now())


def _list(steps: Steps) -> None:
    from jingwei.people.keys import keyring
    from jingwei.people.rotation import held

    ring, values = keyring(), Counter[str]()
    for one in held():
        values[one.label] += one.values
    for label, many in sorted(values.items()):
        now = "，现用 · in use" if label == ring.label else ""
        steps.say(f"  {label:12} {many} 项 · values{now}")
    for name, _key in ring.keys:
        if not any(label.partition(".")[0] == name for label in values):
            steps.say(f"  {name:12} 0 项 · values{'，现用 · in use' if name == ring.keys[-1][0] else ''}")
    for name, _key in ring.finding:
        steps.say(f"  {name:12} 查找用 · finds")
