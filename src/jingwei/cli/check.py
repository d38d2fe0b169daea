"""检查设置、数据表、留痕和政策包，逐条说明问题；有问题时退出码为 1。
Look for faults in settings, tables, the trail and the packs, and say each; ends with 1 if there is one.

写明 PACK，则只检查这个政策包，不需要数据库。 · With a PACK it looks at that pack alone, and needs no database.

示例 · example:  ./jingwei check weishui  ·  ./jingwei check ~/our-county"""

import argparse
import os
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from jingwei.cli import deploy, house, lint
from jingwei.cli.refusal import Refusal
from jingwei.cli.said import Steps

CHECKS = (
    ("设置 · settings", "jingwei.cli.check:settings_faults"),
    ("数据表 · tables", "jingwei.cli.check:table_faults"),
    ("密钥 · keys", "jingwei.cli.check:key_faults"),
    ("留痕 · trail", "jingwei.trail.proof:verify"),
    ("发件箱 · outbox", "jingwei.cli.check:outbox_faults"),
    ("个人信息 · personal data", "jingwei.people.rotation:faults"),
    ("政策包 · packs", "jingwei.cli.check:pack_faults"),
    ("现行政策版本 · editions in force", "jingwei.cli.check:edition_faults"),
)
"""Each yields what is wrong; `str()` of it is the sentence. A warning has `warning = True`."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "packs",
        metavar="PACK",
        nargs="*",
        help="只检查这些政策包：packs/ 下的名称，或文件夹 · only these packs: names in packs/, or folders",
    )
    house.data_argument(parser, "var/county")
    parser.add_argument(
        "--lint", action="store_true", help="只检查代码 · look at the code only (ruff, mypy, import-linter)"
    )
    parser.add_argument(
        "--deploy", action="store_true", help="另查上线前须办好的事 · also what must stand before it goes live"
    )


def run(said: argparse.Namespace) -> int:
    if said.lint:
        return lint.run()
    if said.packs:
        return _packs_alone([_folder(pack) for pack in said.packs])
    folder = house.own(said.data or house.usual_folder())
    steps, wrong = Steps(), 0
    with house.database(folder):
        house.open_house()
        for words, where in (*CHECKS, *(deploy.CHECKS if said.deploy else ())):
            found: list[Any] = []
            with steps.step(words) as progress:
                for fault in _named(where):
                    found.append(fault)
                    progress("", len(found))
                faults = sum(not _is_warning(fault) for fault in found)
                progress.found(faults, len(found) - faults)
            for fault in found:
                steps.say(f"  {'!' if _is_warning(fault) else '✗'} {fault}")
            wrong += faults
    return 1 if wrong else 0


def _folder(said: str) -> Path:
    """The folder of a pack that is named, or pointed to."""
    for folder in (house.ROOT / "packs" / said, Path(said)):
        if folder.is_dir():
            return folder
    there = ", ".join(sorted(path.parent.name for path in (house.ROOT / "packs").glob("*/pack.toml")))
    raise Refusal(
        f"packs/ 中没有 {said}，也没有这个文件夹；现有：{there}。\n"
        f"There is no {said} in packs/, and no such folder; there are: {there}."
    )


def _packs_alone(folders: list[Path]) -> int:
    """What is wrong in these packs; no county has to stand, and nothing is written."""
    with TemporaryDirectory() as nowhere:
        os.environ["JINGWEI_STATE"] = nowhere
        os.environ["DJANGO_SETTINGS_MODULE"] = "jingwei.settings"
        house.open_house()
        steps, worst = Steps(), 0
        for folder in folders:
            found = list(_faults_of(folder))
            faults = [fault for fault in found if not _is_warning(fault)]
            worst = max(worst, int(bool(faults)))
            told = f"{len(faults)} 处错误，{len(found) - len(faults)} 处提醒" if found else "没有错误"
            mark = "✗" if faults else "!" if found else "✓"
            steps.say(f"{mark} {folder}：{told} · {len(faults)} faults, {len(found) - len(faults)} warnings")
            for fault in found:
                steps.say(f"  {'!' if _is_warning(fault) else '✗'} {fault}")
    return worst


def _is_warning(fault: object) -> bool:
    return bool(getattr(fault, "warning", False))


def _named(where: str) -> Iterable[Any]:
    module, _, name = where.partition(":")
    return cast(Iterable[Any], getattr(import_module(module), name)())


def settings_faults() -> Iterator[str]:
    """What Django itself finds."""
    from django.core import checks

    yield from map(str, checks.run_checks(databases=["default"]))


def table_faults() -> Iterator[str]:
    """Tables that are behind the code, and rows of code that have no migration."""
    from django.core.management import CommandError, call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"{migration}：尚未执行，运行 ./jingwei serve 即可。 · not applied; ./jingwei serve does it."
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except (SystemExit, CommandError):
        yield "模型与迁移不一致，请运行 makemigrations。 · Models have changed; run makemigrations."


def key_faults() -> Iterator[str]:
    """Whether the keys open what is locked in the database: after restoring or moving, others may lie there."""
    from jingwei.backups.bringing import refuse_wrong_keys
    from jingwei.backups.refusals import BackupRefused

    try:
        refuse_wrong_keys()
    except BackupRefused as no:
        yield str(no)


def outbox_faults() -> Iterator[str]:
    """Messages that were given up, and tasks whose last round failed."""
    from jingwei.outbox import queries

    for heap in queries.stuck():
        yield f"{heap.topic}：{heap.count} 条未能送出 · given up since {heap.since:%F %H:%M} ({heap.fault})"
    for task, fault in queries.failed_rounds():
        yield f"{task}：上次运行失败 · its last round failed ({fault})"


def pack_faults() -> Iterator[Any]:
    """What is wrong in any pack: file, line, what, and what to write."""
    for folder in sorted(path.parent for path in (house.ROOT / "packs").glob("*/pack.toml")):
        yield from _faults_of(folder)


def edition_faults() -> Iterator[str]:
    """What the edition by which a county works lacks, since it was taken in before a room asked for it."""
    from django.utils.translation import gettext as _

    from jingwei.policy.models import County
    from jingwei.policy.proving import prove_edition
    from jingwei.policy.queries import edition_book

    for county in County.objects.exclude(edition=None).order_by("code"):
        for wrong in prove_edition(edition_book(county.edition_id)):
            if not wrong.warning:
                yield _(
                    "%(county)s, edition %(edition)s, %(where)s: %(what)s Write: %(write)s. Take the pack in anew."
                ) % {
                    "county": county, "edition": county.edition_id[:8], "where": ".".join(map(str, wrong.path)),
                    "what": wrong.what, "write": wrong.write,
                }  # fmt: skip


def _faults_of(folder: Path) -> Iterator[Any]:
    from django.utils import timezone

    from jingwei import policy

    yield from policy.prove(folder, today=timezone.localdate())
