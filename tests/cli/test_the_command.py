"""By-laws of ./jingwei: it makes its own environment, once, wherever it stands and however it was cut off."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAYS_WHERE = "import sys; print(sys.executable, *sys.argv[1:])"


def start(clone: Path, *words: str, path: str | None = None, cwd: str = "/") -> subprocess.CompletedProcess[str]:
    env = {"HOME": str(clone / "no home"), "PATH": path or os.environ["PATH"]}
    return subprocess.run([clone / "jingwei", *words], env=env, cwd=cwd, capture_output=True, text=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone that installs nothing and whose program says which Python runs it."""
    clone = tmp_path / "经纬 克隆"
    (clone / "src/jingwei").mkdir(parents=True)
    shutil.copy(ROOT / "jingwei", clone)
    (clone / "src/jingwei/__init__.py").touch()
    (clone / "src/jingwei/__main__.py").write_text(SAYS_WHERE)
    for lock in ("requirements.lock", "requirements-test.lock"):
        (clone / lock).write_text(f"# {lock}\n")
    return clone


def installed(clone: Path, lock: str = "requirements-test.lock") -> None:
    """As after a first start, without the time it takes."""
    (clone / ".venv/bin").mkdir(parents=True)
    (clone / ".venv/bin/python").symlink_to(sys.executable)
    shutil.copy(clone / lock, clone / ".venv/installed.lock")


def test_help_needs_nothing_installed(clone: Path) -> None:
    asked = start(clone, "demo", "--help")
    assert (asked.returncode, asked.stdout.split()[-2:]) == (0, ["demo", "--help"])
    assert not (clone / ".venv").exists()


def test_words_and_the_folder_one_stands_in_are_handed_on_as_they_are(clone: Path, tmp_path: Path) -> None:
    installed(clone)
    (clone / "src/jingwei/__main__.py").write_text("import os, sys; print([os.getcwd(), *sys.argv[1:]])")
    asked = start(clone, "import", "a b.csv", "表.xls", "*", cwd=str(tmp_path))
    assert asked.stdout == f"{[str(tmp_path), 'import', 'a b.csv', '表.xls', '*']}\n"


def test_a_second_start_installs_nothing_and_adds_little(clone: Path) -> None:
    installed(clone)
    started = time.monotonic()
    asked = start(clone, "demo")
    took = time.monotonic() - started
    assert (asked.stdout, asked.stderr) == (f"{clone}/.venv/bin/python demo\n", "")
    assert took < 1


def test_a_program_in_the_folder_one_stands_in_is_not_taken_for_ours(clone: Path, tmp_path: Path) -> None:
    installed(clone)
    (tmp_path / "jingwei.py").write_text("print('not ours')")
    assert start(clone, "demo", cwd=str(tmp_path)).stdout == f"{clone}/.venv/bin/python demo\n"


def test_without_python_it_says_what_to_install(clone: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "dirname", "cmp"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    (tools / "python3").write_text("#!/bin/sh\nexit 127\n")
    (tools / "python3").chmod(0o755)
    asked = start(clone, "demo", path=str(tools))
    assert asked.returncode == 1
    assert "apt-get install python3 python3-venv" in asked.stderr


@pytest.mark.long
def test_the_first_start_makes_the_environment_and_the_next_keeps_it(clone: Path) -> None:
    first = start(clone, "demo")
    assert (first.returncode, first.stdout) == (0, f"{clone}/.venv/bin/python demo\n"), first.stderr
    assert "requirements.lock" in first.stderr
    assert start(clone, "demo").stderr == ""
    assert "requirements-test.lock" in start(clone, "test").stderr
    assert start(clone, "demo").stderr == "", "the test lock holds all that the other does"
    (clone / "requirements-test.lock").write_text("# changed\n")
    assert start(clone, "test").returncode == 0
    assert (clone / ".venv/installed.lock").read_text() == "# changed\n"


@pytest.mark.long
@pytest.mark.parametrize("harm", ["cut off while installing", "python is gone", "only a folder"])
def test_a_broken_environment_is_made_anew(clone: Path, harm: str) -> None:
    installed(clone)
    if harm == "cut off while installing":
        (clone / ".venv/unfinished").touch()
        (clone / ".venv/installed.lock").unlink()
    elif harm == "python is gone":
        (clone / ".venv/bin/python").unlink()
        (clone / ".venv/bin/python").symlink_to("/nowhere/python3.11")
    else:
        shutil.rmtree(clone / ".venv/bin")
    asked = start(clone, "demo")
    assert (asked.returncode, asked.stdout) == (0, f"{clone}/.venv/bin/python demo\n"), asked.stderr
    assert (clone / ".venv/pyvenv.cfg").exists()
    assert not (clone / ".venv/unfinished").exists()


@pytest.mark.long
def test_two_starts_at_once_install_once(clone: Path) -> None:
    both = [
        subprocess.Popen([clone / "jingwei", "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    assert [out for out, _ in said] == [f"{clone}/.venv/bin/python demo\n"] * 2
    assert sum("Making the Python environment" in err for _, err in said) == 1


@pytest.mark.long
def test_a_start_that_cannot_install_says_so_and_the_next_mends_it(clone: Path) -> None:
    (clone / "requirements.lock").write_text(
        "gone @ file:///nowhere/gone-1-py3-none-any.whl --hash=sha256:" + "0" * 64 + "\n"
    )
    asked = start(clone, "demo")
    assert asked.returncode == 1
    assert asked.stdout == ""
    assert "run this again" in asked.stderr
    (clone / "requirements.lock").write_text("# mended\n")
    assert start(clone, "demo").returncode == 0
