"""A pack with one slip: it is told where, or nothing changed, or what changed is named; never a traceback.

Over every pack there is: 40 of 280 slips in the usual run, drawn by its seed, and all of them under --long.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jingwei.policy import Book, load, prove
from jingwei.policy.changes import changes
from jingwei.policy.telling import Teller

from .conftest import PACKS, TODAY

ROOT = PACKS.parent
COUNTIES = sorted(
    pack.name
    for pack in PACKS.iterdir()
    if (pack / "pack.toml").exists() and "foundation = true" not in (pack / "pack.toml").read_text(encoding="utf-8")
)
WORD = re.compile(r"[A-Za-z0-9_]+")

Slip = Callable[[list[str], int, random.Random], None]
"""Spoils the line with that number, counted from 0, in place."""


def _gone(lines: list[str], n: int, chance: random.Random) -> None:
    del lines[n]


def _doubled(lines: list[str], n: int, chance: random.Random) -> None:
    lines.insert(n, lines[n])


def _misspelt(lines: list[str], n: int, chance: random.Random) -> None:
    if words := list(re.finditer(r"[a-z_]{3,}", lines[n])):
        place = chance.choice(words).start()
        lines[n] = lines[n][:place] + "q" + lines[n][place:]


def _absurd(lines: list[str], n: int, chance: random.Random) -> None:
    worse = chance.choice(["-1", "0", "99999", "99999999999999999999", "1e400", "nan", "3.7"])
    lines[n] = re.sub(r"\b\d+\b", worse, lines[n], count=1)


def _other_type(lines: list[str], n: int, chance: random.Random) -> None:
    key, sign, _value = lines[n].partition(" = ")
    if sign:
        lines[n] = key + sign + chance.choice(["true", "[]", "{}", '"many"', "7", "2026-02-30", "0202-01-01", "[[]]"])


def _bracket_lost(lines: list[str], n: int, chance: random.Random) -> None:
    if there := [place for place, sign in enumerate(lines[n]) if sign in '[]{}"']:
        place = chance.choice(there)
        lines[n] = lines[n][:place] + lines[n][place + 1 :]


def _full_width(lines: list[str], n: int, chance: random.Random) -> None:
    half, full = chance.choice(
        [('"', "“"), ("=", "＝"), (",", "，"), ("[", "［"), ("{", "｛"), (":", "："), (".", "。")]
    )
    lines[n] = lines[n].replace(half, full, 1)


def _table_renamed(lines: list[str], n: int, chance: random.Random) -> None:
    headings = [place for place, line in enumerate(lines) if line.startswith("[")]
    if headings:
        place = chance.choice(headings)
        lines[place] = re.sub(r"\w+", lambda found: found[0] + "s", lines[place], count=1)


SLIPS: tuple[Slip, ...] = (
    _gone, _doubled, _misspelt, _absurd, _other_type, _bracket_lost, _full_width, _table_renamed,
)  # fmt: skip


@dataclass
class Spoilt:
    """A file as it was and as it is after the slip."""

    file: Path
    before: bytes
    after: bytes

    @property
    def words(self) -> set[str]:
        """The words of the lines that the slip changed, and of the headings in whose tables they stand."""
        old, new = (text.decode("utf-8", "replace").splitlines() for text in (self.before, self.after))
        changed = (Counter(old) - Counter(new)) + (Counter(new) - Counter(old))
        return {word for line in changed for word in WORD.findall(line)} | set(_above(old, new))


def _above(old: list[str], new: list[str]) -> Iterator[str]:
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    for lines in (old, new):
        heading = next((line for line in reversed(lines[: first + 1]) if line.startswith("[")), "")
        yield from WORD.findall(heading)


def spoil(folder: Path, chance: random.Random) -> Spoilt:
    """One slip in one file of one pack, or the whole file in another encoding or with a mark at its beginning."""
    file = chance.choice(sorted(folder.glob("*/*.toml")))
    before = file.read_bytes()
    lines = before.decode("utf-8").split("\n")
    said = [n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")]
    slip = chance.choice([*SLIPS, None])
    if slip is not None:
        for n in chance.sample(said, len(said)):
            slip(lines, n, chance)
            if "\n".join(lines).encode() != before:
                break
        file.write_text("\n".join(lines), encoding="utf-8")
    elif chance.random() < 0.5:
        file.write_bytes(before.decode("utf-8").encode(chance.choice(["gb18030", "utf-16"])))
    else:
        file.write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))
    return Spoilt(file, before, file.read_bytes())


def verdict(shelf: Path, spoilt: Spoilt, sound: dict[str, Book], chance: random.Random) -> Iterator[str]:
    """What became of the pack with the slip and of a county that reads it: told, equal, or changed, or it fails."""
    own = spoilt.file.parent.name
    for pack in [own] if own in COUNTIES else [own, chance.choice(COUNTIES)]:
        faults = [fault for fault in prove(shelf / pack, today=TODAY) if not fault.warning]
        for fault in faults:
            lines = Path(shelf.parent, fault.file).read_bytes().decode("utf-8", "replace").splitlines()
            assert 1 <= fault.line <= max(len(lines), 1), fault
            assert (bool(fault.what), bool(fault.write), "\n" in str(fault)) == (True, True, False), fault
        if faults:
            about = [f for f in faults if f.file.endswith(f"{own}/{spoilt.file.name}")]
            assert about or spoilt.words & {word for f in faults for word in WORD.findall(f.what)}, faults
            yield "told"
        elif pack in sound:
            after = load(shelf / pack)
            yield "equal" if after == sound[pack] else _named(sound[pack], after, spoilt)


def _named(before: Book, after: Book, spoilt: Spoilt) -> str:
    different = changes(before, after)
    teller = Teller(before, after)
    for one in different:
        told = teller.told(one)
        assert told.where
        assert told.before != told.after or not told.before
    named = {word for one in different for step in one.path for word in WORD.findall(step)}
    assert named & spoilt.words, (spoilt.words, different)
    return "changed"


@pytest.fixture(scope="module")
def sound() -> dict[str, Book]:
    return {county: load(PACKS / county) for county in COUNTIES}


@pytest.fixture(scope="module")
def spoilable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(PACKS, tmp_path_factory.mktemp("shelf") / "packs"))


def tried(shelf: Path, sound: dict[str, Book], seeds: Iterable[int]) -> dict[str, int]:
    """Each seed's slip, made and mended again; how many counties were told, unharmed, or changed by name."""
    counted = {"told": 0, "equal": 0, "changed": 0}
    for seed in seeds:
        chance = random.Random(seed)
        spoilt = spoil(shelf, chance)
        try:
            for outcome in verdict(shelf, spoilt, sound, chance):
                counted[outcome] += 1
        except Exception as error:
            raise AssertionError(f"seed {seed}: {spoilt.file.parent.name}/{spoilt.file.name}") from error
        finally:
            spoilt.file.write_bytes(spoilt.before)
    return counted


def test_a_slip_is_told_or_harmless_or_named(
    spoilable: Path, sound: dict[str, Book], some: Callable[..., list[int]]
) -> None:
    counted = tried(spoilable, sound, some(range(280), 40))

    assert (counted["told"] > 0, counted["changed"] + counted["equal"] > 0) == (True, True), counted


def test_the_command_tells_of_several_packs_at_once_without_a_county(tmp_path: Path) -> None:
    shelf = Path(shutil.copytree(PACKS, tmp_path / "packs"))
    torn, marked = (Path(shutil.copytree(shelf / COUNTIES[0], shelf / name)) for name in ("torn", "marked"))
    (torn / "pack.toml").write_text('[pack]\nname = “撕坏”\nextends = "base"\n[county]\ncode = 7\n', encoding="utf-8")
    whole = (marked / "pack.toml").read_bytes()
    (marked / "pack.toml").write_bytes(b"\xef\xbb\xbf" + whole.replace(b"\n", b"\r\n"))

    said = subprocess.run(
        [sys.executable, "-m", "jingwei", "check", str(marked), str(torn)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    lines = said.stdout.splitlines()
    assert (said.returncode, said.stderr) == (1, "")
    assert lines[0].split("：")[0][2:] == str(marked)
    assert [line.split("：")[0] for line in lines if line.startswith("  ✗ packs/torn/pack.toml:")] == [
        "  ✗ packs/torn/pack.toml:2",
        "  ✗ packs/torn/pack.toml:5",
    ]
