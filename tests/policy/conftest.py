"""The packs as they are shipped, and copies of them that a test may spoil."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

import jingwei.affairs.incidents.pack  # noqa: F401 (its tables belong to a pack)
from jingwei.policy import Book, Fault, load, prove

PACKS = Path(__file__).parents[2] / "packs"
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Faults are compared as English says them."""
    with override("en"):
        yield


@pytest.fixture(scope="session")
def weishui() -> Book:
    """The pack of Weishui as it is shipped."""
    return load(PACKS / "weishui")


class Shelf:
    """A copy of the packs, to be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def spoil(self, file: str, old: str, new: str) -> int:
        """Replace the first `old` in `file` (`weishui/pack.toml`) by `new`; the line it stood on."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def add(self, file: str, text: str) -> None:
        """Write a new file."""
        (self.folder / file).write_text(text, encoding="utf-8")

    def faults(self, pack: str = "weishui") -> list[Fault]:
        """What `prove` finds."""
        return prove(self.folder / pack, today=TODAY)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """The shipped packs in a folder of this test's own."""
    return Shelf(Path(shutil.copytree(PACKS, tmp_path / "packs")))
