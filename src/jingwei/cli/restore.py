"""从备份恢复一个县：先逐项核对摘要，再恢复到空文件夹，最后证明与备份一致。
Restore a county from a backup: every digest is checked first, then it is unpacked into an empty folder and proven.

示例 · example:  ./jingwei restore county-2026-03-01.tar --keys county.keys --into var/rehearsal"""

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from jingwei.cli import house
from jingwei.cli.backup import tell
from jingwei.cli.refusal import Refusal
from jingwei.cli.said import Steps

if TYPE_CHECKING:
    from jingwei.backups.manifest import Manifest


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="备份文件 · the backup")
    parser.add_argument(
        "--into",
        metavar="DIR",
        type=Path,
        help="恢复到哪个空文件夹，默认 var/county · the empty folder to restore into (default: var/county)",
    )
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument(
        "--keys",
        metavar="PATH",
        type=Path,
        help="密钥：backup --keys 写出的文件，或 keys 文件夹 · the keys: what backup --keys wrote, or a folder keys",
    )
    keys.add_argument(
        "--without-keys",
        action="store_true",
        help="没有密钥也恢复，只供核对 · restore all the same, to look at: nobody can work there without the keys",
    )
    parser.add_argument("--dry-run", action="store_true", help="只核对备份，不恢复 · prove the backup, restore nothing")


def run(said: argparse.Namespace) -> int:
    import psycopg

    from jingwei.backups import chest, manifest
    from jingwei.backups.refusals import BackupRefused

    if not said.file.is_file():
        raise Refusal(f"找不到文件 {said.file}。 · There is no file {said.file}.")
    steps = Steps()
    with said.file.open("rb") as file:
        try:
            with steps.step(f"核对 · proving {said.file.name}") as progress:
                size = said.file.stat().st_size
                digest = chest.prove(file, lambda done: progress("", done, size))
                found = manifest.understood(chest.read(file, manifest.NAME))
            tell(found, steps)
            steps.say(f"  SHA256SUMS {digest}")
            if said.dry_run:
                return 0
            return _restore(file, found, said, steps)
        except BackupRefused as no:
            raise Refusal(str(no)) from no
        except psycopg.Error as no:
            raise Refusal(f"数据库中断了恢复。 · The database broke the restoring off.\n{no}") from no


def _restore(file: BinaryIO, manifest: "Manifest", said: argparse.Namespace, steps: Steps) -> int:
    from jingwei.backups import keys

    brought = _keys(file, manifest, said)
    folder = (said.into or Path(os.environ.get("JINGWEI_STATE") or house.ROOT / "var" / "county")).absolute()
    with _an_empty_folder(folder):
        keys.laid_out(brought, folder)
        with house.database(folder):
            house.open_house()
            _bring(file, manifest, steps)
            if not said.without_keys:
                _refuse_wrong_keys()
            broken = _prove(steps)
        if said.without_keys:
            # Keys that were made on the way would stand where the county's own belong.
            shutil.rmtree(folder / keys.FOLDER, ignore_errors=True)
    if said.without_keys:
        steps.say(
            f"  没有密钥，谁也不能在这里办公：姓名读不出，查询码失效。找到后放进 {folder / keys.FOLDER} 再启动。\n"
            "  Without the keys nobody can work here: no name or telephone can be read, no case code leads anywhere. "
            f"If you find them, put them into {folder / keys.FOLDER} before starting it."
        )
    steps.say(f"已恢复到 {folder}，有 {broken} 处留痕不能自证。" if broken else f"已恢复到 {folder}，与备份一致。")
    steps.say(
        f"Restored into {folder}; in {broken} places the trail does not prove itself, as when it was backed up."
        if broken
        else f"Restored into {folder}, and it equals the backup."
    )
    return 1 if broken else 0


def _keys(file: BinaryIO, manifest: "Manifest", said: argparse.Namespace) -> list[tuple[str, bytes]]:
    """The keys to lay out; none where the environment names them, or none were wanted."""
    from jingwei.backups import keys

    if manifest.keys:
        return list(keys.keys_in(file))
    if said.keys:
        return list(keys.brought(said.keys))
    if said.without_keys or (os.environ.get("JINGWEI_FIELD_KEY") and os.environ.get("JINGWEI_SECRET")):
        return []
    raise Refusal(
        "密钥不在这份备份里。请用 --keys 给出密钥；实在没有，用 --without-keys 恢复来核对，但谁也不能在那里办公。\n"
        "The keys are not in this backup. Give them with --keys. If there are none, --without-keys restores it to be "
        "looked at, and nobody can work in it."
    )


@contextmanager
def _an_empty_folder(folder: Path) -> Iterator[None]:
    """Make `folder` ours while the block fills it; if that fails, leave it as it was found."""
    from jingwei.postgres import in_use

    there = folder.exists()
    unfinished = folder / house.UNFINISHED
    if there and unfinished.exists() and not in_use(folder):
        house.clear(folder)
    if (there and not folder.is_dir()) or (there and any(folder.iterdir())):
        raise Refusal(
            f"{folder} 不是空的，不能恢复到这里。请用 --into 另选一个空文件夹。\n"
            f"{folder} is not empty, so nothing is restored into it. Choose an empty folder with --into."
        )
    house.own(folder)
    unfinished.touch()
    try:
        yield
        os.sync()
        unfinished.unlink()
    except BaseException:
        house.clear(folder)
        if not there:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _bring(file: BinaryIO, manifest: "Manifest", steps: Steps) -> None:
    from django.db import connections

    from jingwei.backups import bringing, programs

    bringing.refuse_unknown(manifest)
    with house.as_owner():
        at = programs.parameters(connections["default"].settings_dict)
    bringing.refuse_filled(at)
    with steps.step("恢复数据库和照片 · database and photographs") as progress:
        bringing.bring(file, at, progress, progress)
    with steps.step("比对 · comparing rows and heads"):
        bringing.refuse_difference(at, manifest)
    with steps.step("数据表更新到本版本 · tables of this version"):
        house.make_tables()


def _refuse_wrong_keys() -> None:
    from jingwei.backups.bringing import refuse_wrong_keys

    refuse_wrong_keys()


def _prove(steps: Steps) -> int:
    """Prove the trail, and say what waits to be sent; in how many places the trail is broken."""
    from jingwei.outbox.models import Message
    from jingwei.trail.proof import verify

    with steps.step("留痕自证 · proving the trail"):
        broken = list(verify())
    for fault in broken:
        steps.say(f"  ✗ {fault}")
    if waiting := Message.objects.count():
        steps.say(
            f"  发件箱有 {waiting} 条待发；只是演练，请勿设置 JINGWEI_MAIL 和 JINGWEI_WEBHOOK。\n"
            f"  {waiting} messages wait to be sent; in a rehearsal, set neither JINGWEI_MAIL nor JINGWEI_WEBHOOK."
        )
    return len(broken)
