"""By-laws of ./jingwei demo: it says when it is ready, mends what dies, and leaves nothing running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from jingwei.cli import ports

SRC = Path(__file__).parents[2] / "src"


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A demonstration that has said it is ready, and its address."""
    port = ports.next_free("127.0.0.1", 18000 + os.getpid() % 1000)
    command = [
        sys.executable,
        "-P",
        "-m",
        "jingwei",
        "demo",
        "--no-browser",
        "--data",
        folder,
        "--port",
        str(port),
    ]
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(SRC)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd="/") as process:
        try:
            assert process.stdout
            assert next((line for line in process.stdout if line.startswith("ready ")), "never ready") == (
                f"ready http://127.0.0.1:{port}/\n"
            )
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def running(folder: Path, word: str = "") -> list[int]:
    """Processes that were given this folder or stand in it, with `word` in their command, oldest first."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            stands = os.readlink(entry / "cwd")
        except OSError:
            continue
        if (str(folder) in command or str(folder) in stands) and word in command:
            found.append(int(entry.name))
    return sorted(found)


def until(true: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.1)


def healthy(address: str) -> bool:
    try:
        with urlopen(f"{address}/-/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.long
def test_it_gets_ready_mends_what_dies_and_stops_whole(tmp_path: Path) -> None:
    folder = tmp_path / "示范 县"
    with demonstration(folder) as (process, address):
        assert healthy(address)

        os.kill(running(folder, " serve ")[0], signal.SIGKILL)
        until(lambda: healthy(address))
        worker = running(folder, " work ")
        os.kill(worker[0], signal.SIGKILL)
        until(lambda: running(folder, " work ") not in ([], worker))
        os.kill(int((folder / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        until(lambda: healthy(address))

        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=30)
        assert process.returncode == 0
        assert said.splitlines()[-1] == "已全部停止。 · All stopped."
        assert running(folder) == []


@pytest.mark.long
def test_killed_outright_it_takes_all_it_started_with_it(tmp_path: Path) -> None:
    with demonstration(tmp_path / "county") as (process, _address):
        process.kill()
        process.wait()
        until(lambda: running(tmp_path / "county") == [])
