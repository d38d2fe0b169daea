"""检查设置、数据表、留痕和政策包，逐条说明问题；有问题时退出码为 1。
Look for faults in settings, tables, the trail and the packs, and say each; ends with 1 if there is one."""

import argparse
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, cast

from jingwei.cli import deploy, house, lint
from jingwei.cli.said import Steps

CHECKS = (
    ("设置 · settings", "jingwei.cli.check:settings_faults"),
    ("数据表 · tables", "jingwei.cli.check:table_faults"),
    ("密钥 · keys", "jingwei.cli.check:key_faults"),
    ("留痕 · trail", "jingwei.trail.proof:verify"),
    ("发件箱 · outbox", "jingwei.cli.check:outbox_faults"),
    ("个人信息 · personal data", "jingwei.people.rotation:faults"),
    ("政策包 · packs", "jingwei.cli.check:pack_faults"),
)
"""Each yields what is wrong; `str()` of it is the sentence. A warning has `warning = True`."""


def arguments(parser: argparse.ArgumentParser) -> None:
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
    from django.utils import timezone

    from jingwei import policy

    for folder in sorted(path.parent for path in (house.ROOT / "packs").glob("*/pack.toml")):
        yield from policy.prove(folder, today=timezone.localdate())
