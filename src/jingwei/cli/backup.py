"""备份正在运行的县：数据库取同一时刻，连同该时刻的照片，写成一个文件；不必停机。
Back up a running county into one file: the database at one moment, and the photographs it names.

密钥默认不在其中：备份被盗也打不开姓名和电话。 · Keys stay out of it, so that a stolen backup opens no name.
示例 · example:  ./jingwei backup county-2026-03-01.tar"""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from jingwei.cli import house
from jingwei.cli.deploy import LAST_BACKUP
from jingwei.cli.refusal import PARTIAL, Refusal
from jingwei.cli.said import Steps

if TYPE_CHECKING:
    from jingwei.backups.manifest import Manifest


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="写成的文件 · the file to write")
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument(
        "--keys", metavar="FILE", type=Path, help="把密钥另写成一个文件 · write the keys into a file of their own"
    )
    keys.add_argument(
        "--with-keys", action="store_true", help="密钥也放在备份里，慎用 · put the keys into the backup; think twice"
    )
    house.data_argument(parser, "var/county")


def run(said: argparse.Namespace) -> int:
    import psycopg

    from jingwei.backups.refusals import BackupRefused

    folder = said.data or house.usual_folder()
    if not os.environ.get("DATABASE_URL") and not (folder / house.MARKER).exists():
        raise Refusal(
            f"{folder} 里没有县，请用 --data 指明。 · There is no county in {folder}; say with --data where it is."
        )
    folder = house.own(folder)
    steps = Steps()
    with house.database(folder):
        house.open_house()
        from jingwei.backups.taking import refuse_existing

        try:
            if said.keys:
                refuse_existing(said.keys)
            manifest, digest = _take(said.file, _keys() if said.with_keys else {}, steps)
            if said.keys:
                _keys_alone(said.keys, steps)
        except BackupRefused as no:
            raise Refusal(str(no)) from no
        except psycopg.Error as no:
            raise Refusal(f"数据库中断了备份，没有留下半份文件。 · The database broke the backup off.\n{no}") from no
    (folder / LAST_BACKUP).write_text(f"{manifest.taken_at.isoformat()}\n")
    return _tell(manifest, digest, said, steps)


def _keys() -> Mapping[str, bytes]:
    from django.conf import settings

    from jingwei.backups.keys import FOLDER, gathered

    return gathered(Path(settings.STATE) / FOLDER, Path(settings.FIELD_KEY_FILE), settings.SECRET_KEY)


def _keys_alone(to: Path, steps: Steps) -> None:
    from jingwei.backups import taking

    with steps.step(f"密钥 · keys: {to}"), taking.becoming(to) as file:
        taking.take_keys(file, _keys())


def _take(to: Path, keys: Mapping[str, bytes], steps: Steps) -> tuple["Manifest", str]:
    from django.db import connections

    from jingwei.backups import moments, programs, taking

    with house.as_owner():
        at = programs.parameters(connections["default"].settings_dict)
    with steps.step(f"备份 · backing up: {to}") as progress, taking.becoming(to) as file, moments.held(at) as moment:
        return taking.take(file, moment, at, keys, progress)


def _tell(manifest: "Manifest", digest: str, said: argparse.Namespace, steps: Steps) -> int:
    tell(manifest, steps)
    steps.say(f"  {said.file}  {said.file.stat().st_size / 1e6:.1f} MB  SHA256SUMS {digest}")
    if said.with_keys:
        steps.say(
            "  密钥在备份里：谁拿到它，谁就能读出姓名和电话。 · It holds the keys: whoever has it reads every name."
        )
    elif said.keys:
        steps.say(
            f"  密钥在 {said.keys}，请与备份分开保管。 · The keys are in {said.keys}; keep them apart from the backup."
        )
    else:
        steps.say(
            "  密钥不在备份里。没有密钥，姓名和电话再也读不出来；请另存一份：--keys FILE。\n"
            "  The keys are not in it. Without them no name and no telephone can be read again; "
            "keep a copy: --keys FILE."
        )
    missing = manifest.photographs.missing
    for name in missing[:10]:
        steps.say(f"  ✗ {name}")
    if missing:
        steps.say(
            f"有 {len(missing)} 个照片文件不在磁盘上。 · {len(missing)} files of photographs were not on the disk."
        )
    return PARTIAL if missing else 0


def tell(manifest: "Manifest", steps: Steps) -> None:
    """Say whose backup it is, of when, and how much it holds."""
    from zoneinfo import ZoneInfo

    names = "、".join(f"{county.name}（{county.code}）" for county in manifest.counties)
    at = manifest.taken_at.astimezone(ZoneInfo("Asia/Shanghai"))
    held, trail = manifest.photographs, manifest.trail
    steps.say(f"  {names}  {at:%F %H:%M:%S}")
    steps.say(
        f"  {sum(manifest.tables.values())} 行 · rows，{held.files} 个照片文件 · photograph files，"
        f"{trail.lines} 条留痕 · trail lines，封存至第 {trail.seal} 号 · sealed to no. {trail.seal} {trail.head[:16]}"
    )
