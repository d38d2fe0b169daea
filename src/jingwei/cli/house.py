"""Opening the house: which folder it owns, its database, its tables, its files for the browser."""

import argparse
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jingwei.cli.refusal import Refusal

ROOT = Path(__file__).resolve().parents[3]
MARKER = "this-is-a-county-s-folder"
UNFINISHED = "restore-unfinished"
"""Stands in a folder into which a restoring broke off; nothing but another restoring may use it."""
TABLES_LOCK = 7_310_586_413
"""Of pg_advisory_lock: one process changes the tables at a time."""


def data_argument(parser: argparse.ArgumentParser, default: str) -> None:
    """Add `--data DIR`; `default` says in words which folder it is otherwise."""
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help=f"本县数据（数据库、文件、密钥）所在文件夹，默认 {default} · "
        f"folder that keeps this county's database, files and keys (default: {default})",
    )


def usual_folder() -> Path:
    """The folder the environment names, else var/county, else the one demonstration there is."""
    if said := os.environ.get("JINGWEI_STATE"):
        return Path(said)
    county = ROOT / "var" / "county"
    demos = sorted(path.parent for path in (ROOT / "var").glob(f"demo-*/{MARKER}"))
    return demos[0] if not county.exists() and len(demos) == 1 else county


def own(folder: Path) -> Path:
    """Make `folder` this county's; refuses one that holds something else. The settings follow it."""
    folder = folder.absolute()
    if (folder / UNFINISHED).exists():
        raise Refusal(
            f"恢复到 {folder} 的过程中断了。请再运行一次 restore，会从头做起。\n"
            f"Restoring into {folder} broke off. Run restore once more; it begins anew."
        )
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
            raise Refusal(
                f"{folder} 里有别的东西，请用 --data 另选一个空文件夹。\n"
                f"{folder} holds something else. Choose an empty folder with --data."
            )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).touch()
    except OSError as no:
        raise Refusal(
            f"不能使用 {folder}（{no.strerror}），请用 --data 另选一个。\n"
            f"{folder} cannot be used ({no.strerror}). Choose another with --data."
        ) from no
    os.environ["JINGWEI_STATE"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "jingwei.settings"
    return folder


def empty(folder: Path) -> None:
    """Throw away all a county's folder holds; refuses one that is not a county's, or is in use."""
    from jingwei.postgres import in_use

    if not folder.exists():
        return
    if os.environ.get("DATABASE_URL"):
        raise Refusal(
            "已设置 DATABASE_URL，--fresh 不会清空那个数据库。请取消该变量，或不用 --fresh。\n"
            "DATABASE_URL is set, and --fresh does not empty that database. Unset it, or leave out --fresh."
        )
    if any(folder.iterdir()) and not (folder / MARKER).exists():
        raise Refusal(f"{folder} 不是经纬建立的，不予清空。\n{folder} was not made by Jingwei and will not be emptied.")
    if in_use(folder):
        raise Refusal(f"{folder} 正在使用中，请先停止再清空。\n{folder} is in use. Stop what uses it, then empty it.")
    clear(folder)


def clear(folder: Path) -> None:
    """Throw away what is in `folder`, not the folder, which may be a mount."""
    # The two marks last, so that a cut-off can go on.
    for left in sorted(folder.iterdir(), key=lambda path: path.name in (MARKER, UNFINISHED)):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()


@contextmanager
def database(folder: Path, say: Callable[[str], None] = lambda words: None) -> Iterator[None]:
    """The database answers inside this block: the embedded one, or the one that DATABASE_URL names."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    from jingwei.postgres import BadFolder, Hold, WillNotStart

    hold = Hold(folder)
    try:
        hold.take(say)
    except (BadFolder, WillNotStart) as no:
        raise Refusal(f"数据库没有启动。 · The database did not start.\n{no}") from no
    try:
        yield
    finally:
        hold.let_go()


def open_house() -> None:
    """Make the rooms known to each other; slow, so done only where it is needed."""
    import django

    django.setup()


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside this block the database is signed in to as the owner of its tables."""
    from django.conf import settings
    from django.db import connections

    from jingwei.settings_from import database as entry

    ours = connections.settings["default"]
    before = dict(ours)
    connections["default"].close()
    owner = entry({**os.environ, "JINGWEI_AS_OWNER": "1"}, settings.STATE)
    ours.update({key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if key in owner})
    try:
        yield
    finally:
        connections["default"].close()
        ours.update(before)


def make_tables() -> None:
    """Bring the tables up to date, and give the server's role what it may have and no more."""
    from django.core.management import call_command
    from django.db import connections, transaction

    from jingwei.postgres.roles import grant

    server = connections["default"].settings_dict["USER"]
    with as_owner(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TABLES_LOCK])
        call_command("migrate", interactive=False, verbosity=0)
        if server != connections["default"].settings_dict["USER"]:
            with transaction.atomic():
                grant(cursor.execute, server)


def collect_static() -> bool:
    """Gather the files that browsers fetch; False where nothing has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".gathered-from"
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            found = os.stat(storage.path(name))
            seen.update(f"{storage.path(name)} {found.st_mtime_ns} {found.st_size}\n".encode())
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(seen.hexdigest())
    return True


def prepare() -> None:
    """All that must stand before the first request: tables, grants, files for the browser."""
    make_tables()
    collect_static()
