"""By-laws of the embedded database: it serves while held, survives any death, stops with its last holder."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jingwei.postgres import BadFolder, Folder, WillNotStart, held, socket_folder

SRC = Path(__file__).parents[2] / "src"
HOLDER = """
import sys, time
from pathlib import Path
from jingwei.postgres import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def sign_in(state: Path, user: str = "jingwei_server") -> psycopg.Connection:
    return psycopg.connect(host=str(socket_folder(state)), user=user, dbname="jingwei", autocommit=True)


def postmaster(state: Path) -> int:
    return int((state / "postgres/data/postmaster.pid").read_text().splitlines()[0])


def keeper_of(state: Path) -> int:
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"jingwei.postgres.keeper" in words and os.fsencode(state) in words:
            return int(entry.parent.name)
    return 0


def until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def answers(state: Path) -> bool:
    try:
        sign_in(state).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def holder(state: Path, **account: object) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the database until its input ends."""
    command = [sys.executable, "-c", HOLDER, str(state)]
    env = os.environ | {"PYTHONPATH": str(SRC)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env, **account
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """A folder in which there is no cluster yet."""
    yield tmp_path
    until(lambda: not keeper_of(tmp_path))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cluster that was never used, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    with held(folder):
        pass
    return folder


@pytest.fixture
def state(empty: Path, made: Path) -> Path:
    """A folder with a cluster that nobody holds."""
    subprocess.run(["cp", "-a", made / "postgres", empty], check=True)
    return empty


def test_the_server_runs_while_it_is_held_and_stops_with_the_last_holder(empty: Path) -> None:
    with held(empty):
        with sign_in(empty) as connection:
            asked = connection.execute("SELECT current_user, current_database()")
            assert asked.fetchone() == ("jingwei_server", "jingwei")
        pid = postmaster(empty)
    assert not Path(f"/proc/{pid}").exists()
    assert not (empty / "postgres/data/postmaster.pid").exists()


def test_the_server_s_role_owns_nothing_and_makes_nothing(state: Path) -> None:
    with held(state), sign_in(state) as connection:
        asked = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert asked.fetchone() == (False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine ()")


def test_nobody_on_the_network_is_listened_to(state: Path) -> None:
    with held(state), sign_in(state, "jingwei_owner") as connection:
        shown = [
            connection.execute(f"SHOW {name}").fetchone()
            for name in ("listen_addresses", "data_checksums", "synchronous_commit", "server_encoding")
        ]
        assert shown == [("",), ("on",), ("on",), ("UTF8",)]
        assert (state / "postgres/socket").stat().st_mode & 0o777 == 0o700


def test_two_processes_share_one_server_and_the_second_keeps_it(state: Path) -> None:
    with held(state):
        first = postmaster(state)
        with holder(state) as other:
            assert postmaster(state) == first
    with holder(state) as other:
        with held(state):
            pid = postmaster(state)
        assert postmaster(state) == pid
        assert answers(state)
        assert other.poll() is None


def test_what_was_acknowledged_is_there_after_the_server_is_killed(state: Path) -> None:
    with held(state):
        with sign_in(state, "jingwei_owner") as connection:
            connection.execute("CREATE TABLE line (n int)")
        acknowledged: list[int] = []

        def write() -> None:
            n = 0
            with sign_in(state, "jingwei_owner") as connection:
                while True:
                    n += 1
                    try:
                        connection.execute("INSERT INTO line VALUES (%s)", [n])
                    except psycopg.OperationalError:
                        return
                    acknowledged.append(n)

        writer = threading.Thread(target=write)
        writer.start()
        until(lambda: len(acknowledged) > 50)
        os.kill(killed := postmaster(state), signal.SIGKILL)
        writer.join(20)
        until(lambda: answers(state))
        with sign_in(state, "jingwei_owner") as connection:
            kept = {n for (n,) in connection.execute("SELECT n FROM line").fetchall()}
        assert set(acknowledged) - kept == set()
        assert postmaster(state) != killed


def test_a_killed_keeper_is_replaced_and_no_session_notices(state: Path) -> None:
    with held(state):
        connection = sign_in(state)
        pid, keeper = postmaster(state), keeper_of(state)
        os.kill(keeper, signal.SIGKILL)
        until(lambda: keeper_of(state) not in (0, keeper))
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postmaster(state) == pid
        connection.close()
    assert not answers(state)


def test_server_and_keeper_killed_together_come_back(state: Path) -> None:
    with held(state):
        killed, keeper = postmaster(state), keeper_of(state)
        os.kill(keeper, signal.SIGKILL)
        os.kill(killed, signal.SIGKILL)
        until(lambda: (state / "postgres/data/postmaster.pid").exists() and postmaster(state) != killed)
        until(lambda: answers(state))


def test_a_killed_holder_leaves_nothing_running(state: Path) -> None:
    with holder(state) as process:
        pid = postmaster(state)
        process.kill()
        process.wait()
    until(lambda: not keeper_of(state))
    assert not Path(f"/proc/{pid}").exists()


def test_all_killed_at_once_starts_again_from_what_they_left(state: Path) -> None:
    with holder(state) as process:
        for pid in (keeper_of(state), postmaster(state), process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()
    with held(state):
        assert answers(state)


def test_a_stale_pid_that_now_belongs_to_another_process_is_passed_over(state: Path) -> None:
    with held(state):
        note = (state / "postgres/data/postmaster.pid").read_text().splitlines()
        owner = (state / "postgres/data").stat().st_uid
    account = {"user": owner} if os.getuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **account) as stranger:
        for place in ("data/postmaster.pid", "socket/.s.PGSQL.5432.lock"):
            (state / "postgres" / place).write_text("\n".join([str(stranger.pid), *note[1:]]) + "\n")
            os.chown(state / "postgres" / place, owner, -1)
        (state / "postgres/socket/.s.PGSQL.5432").touch()
        with held(state):
            assert answers(state)
        assert stranger.poll() is None
        stranger.kill()


def test_a_cluster_half_made_is_made_anew(empty: Path) -> None:
    left = empty / "postgres" / "data.new-1"
    left.mkdir(parents=True)
    (left / "PG_VERSION").write_text("18\n")
    with held(empty):
        assert answers(empty)
    assert not left.exists()


def test_a_long_path_with_chinese_and_spaces_has_a_short_socket(tmp_path: Path) -> None:
    state = tmp_path / "未央 区" / ("很长的文件夹名" * 6)
    with held(state) as socket:
        assert len(os.fsencode(socket)) < 60
        assert socket.stat().st_mode & 0o777 == 0o700
        assert answers(state)
    until(lambda: not keeper_of(state))
    socket.rmdir()


def test_data_that_postgresql_refuses_is_refused_with_its_reason(empty: Path) -> None:
    (empty / "postgres" / "data").mkdir(parents=True)
    (empty / "postgres" / "data").chmod(0o700)
    with pytest.raises(WillNotStart, match=r"postgresql\.conf|PG_VERSION|not.*(valid|found)"), held(empty):
        pass


@pytest.mark.skipif(os.getuid() != 0, reason="only root can keep folders that PostgreSQL's user may not enter")
def test_root_keeps_its_data_below_a_folder_that_nobody_else_may_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with held(closed / "state"):
        assert answers(closed / "state")
        assert Path(f"/proc/{postmaster(closed / 'state')}").stat().st_uid != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    until(lambda: not keeper_of(closed / "state"))


def another_user_s_python() -> str | None:
    """An interpreter of our version that user `nobody` can run, with what is installed for us in its path."""
    for candidate in (sys.executable, f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        try:
            asked = subprocess.run(
                [candidate, "-c", "import psycopg"], user=65534, group=65534, env=path_for_others(), cwd="/",
                capture_output=True,
            )  # fmt: skip
        except OSError:
            continue
        if asked.returncode == 0:
            return candidate
    return None


def path_for_others() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join([str(SRC), *(p for p in sys.path if "site-packages" in p)])}


@pytest.mark.skipif(os.getuid() != 0, reason="the tests already run as an ordinary user")
def test_an_ordinary_user_runs_the_server_himself(tmp_path: Path) -> None:
    python = another_user_s_python()
    if python is None:
        pytest.skip("no Python that an ordinary user can run here")
    state = Path("/tmp") / f"jingwei-ordinary-{os.getpid()}"
    state.mkdir()
    os.chown(state, 65534, 65534)
    with subprocess.Popen(
        [python, "-c", HOLDER, str(state)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, user=65534, group=65534, extra_groups=[],
        env=path_for_others(), cwd="/",
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        assert Path(f"/proc/{postmaster(state)}").stat().st_uid == 65534
        assert answers(state)
        process.communicate()
    until(lambda: not keeper_of(state))
    subprocess.run(["rm", "-rf", str(state)], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a folder of another user")
def test_another_user_s_folder_is_refused_with_the_next_move(tmp_path: Path) -> None:
    python = another_user_s_python()
    if python is None:
        pytest.skip("no Python that an ordinary user can run here")
    Folder(tmp_path).make()
    asked = subprocess.run(
        [python, "-c", HOLDER, str(tmp_path)], user=65534, group=65534, extra_groups=[],
        env=path_for_others(), cwd="/", capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert BadFolder.__name__ in asked.stderr
    assert "choose another folder with --data" in asked.stderr


def _stands_in(cwd: Path, folder: Path) -> bool:
    try:
        return cwd.resolve(strict=True) == folder.resolve()
    except OSError:
        return False


def _parent_of(pid: str) -> str:
    """The number of the process that started this one; nothing of one that ended since it was found."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    except OSError:
        return ""


def _servers_in(data: Path) -> list[str]:
    """The processes standing in a data folder that no other one there has started."""
    inside = [one.parent.name for one in Path("/proc").glob("[0-9]*/cwd") if _stands_in(one, data)]
    parents = {pid: _parent_of(pid) for pid in inside}
    return [pid for pid, parent in parents.items() if parent and parent not in parents]


def several_at_once(state: Path, many: int) -> list[str]:
    """So many processes take hold of one folder at one moment, then let go together; what each said."""
    env = os.environ | {"PYTHONPATH": str(SRC)}
    command = [sys.executable, "-c", HOLDER, str(state)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    processes = [subprocess.Popen(command, env=env, text=True, **pipes) for _n in range(many)]
    said = [process.stdout.readline() for process in processes if process.stdout]
    assert len(_servers_in(state / "postgres/data")) == 1
    return [first + process.communicate()[0] for first, process in zip(said, processes, strict=True)]


def test_eight_processes_at_one_moment_make_one_cluster_and_one_server(empty: Path) -> None:
    assert several_at_once(empty, 8) == ["held\n"] * 8
    until(lambda: not keeper_of(empty))
    assert not (empty / "postgres/data/postmaster.pid").exists()


@pytest.mark.long
def test_two_processes_at_one_moment_twenty_times_over(empty: Path) -> None:
    for _time in range(20):
        assert several_at_once(empty, 2) == ["held\n"] * 2


@contextmanager
def small_disk(at: Path, room: str) -> Iterator[Path]:
    """A disk of its own with so much room, where this user may mount one."""
    at.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "jingwei", at], capture_output=True).returncode:
        pytest.skip("Only who may mount a disk can fill one without harm to the others on this machine.")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", at], check=True)


def test_a_disk_too_small_for_a_cluster_is_said_so_and_nothing_of_it_is_left(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "24m") as disk:
        with pytest.raises(WillNotStart, match=r"The disk is full\. Make room, start again\."), held(disk / "state"):
            pass
        until(lambda: not keeper_of(disk / "state"))
        assert list((disk / "state" / "postgres").glob("data*")) == []
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        with held(disk / "state"):
            assert answers(disk / "state")
        until(lambda: not keeper_of(disk / "state"))


def test_a_disk_that_cannot_be_written_to_is_refused_with_the_next_move(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "1m") as disk:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with pytest.raises(BadFolder, match="choose another folder with --data"), held(disk / "state"):
            pass
