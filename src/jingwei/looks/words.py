"""The Chinese for every English sentence: gathered from one file a room, and counted for gaps."""

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polib

SOURCE = Path(__file__).resolve().parents[1]
LOCALE = SOURCE / "locale"
FRAGMENTS = LOCALE / "fragments"
CATALOGUE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.mo"
HEADER = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}
MADE_FROM = "X-Made-From"
"""In the catalogue's header, the digest of the fragments."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(
    r"[\u4e00-\u9fff] ?(?:[,:;!?()]|\.(?![A-Za-z0-9]))"  # a file's ending, as .xlsx, is no full stop
    r"|[,.:;!?()] ?[\u4e00-\u9fff]"
)


class TwoTranslations(ValueError):
    """One English sentence has one Chinese one; two rooms gave it different ones."""


class Key(NamedTuple):
    """What gettext looks a sentence up by."""

    context: str
    msgid: str


@dataclass(frozen=True)
class Fault:
    """Something a translation lacks, and in which room's fragment."""

    fragment: str
    msgid: str
    what: str

    def __str__(self) -> str:
        return f"{self.fragment}: {self.msgid!r}: {self.what}"


def fragments(folder: Path = FRAGMENTS) -> dict[str, list[polib.POEntry]]:
    """Each room's translations, by the file's name."""
    return {file.name: _entries(file) for file in sorted(folder.glob("*.po"))}


def _entries(file: Path) -> list[polib.POEntry]:
    return [e for e in polib.pofile(str(file), encoding="utf-8") if e.msgid and not e.obsolete]


def merged(rooms: Mapping[str, list[polib.POEntry]]) -> dict[Key, polib.POEntry]:
    """All rooms' translations in one; `TwoTranslations` names both files where they differ."""
    whole: dict[Key, polib.POEntry] = {}
    said_by: dict[Key, str] = {}
    for room, entries in rooms.items():
        for entry in entries:
            key = _key(entry)
            if key in whole and _chinese(whole[key]) != _chinese(entry):
                raise TwoTranslations(
                    f"{entry.msgid!r} is {_chinese(whole[key])[0]!r} in {said_by[key]}"
                    f" and {_chinese(entry)[0]!r} in {room}; keep one, or tell them apart with pgettext"
                )
            whole.setdefault(key, entry)
            said_by.setdefault(key, room)
    return whole


def compile_catalogue(folder: Path = FRAGMENTS, to: Path = CATALOGUE) -> bool:
    """Write the catalogue Django reads if it was not made from these very fragments; whether it was written.

    It names in its own header what it was made from. Times would lie: a copied release has them all alike, and one
    unpacked over another has fragments older than the catalogue they replace.
    """
    digest = _digest(folder)
    if to.exists() and f"{MADE_FROM}: {digest}".encode() in to.read_bytes():
        return False
    catalogue = polib.POFile()
    catalogue.metadata = HEADER | {MADE_FROM: digest}
    catalogue.extend(merged(fragments(folder)).values())
    to.parent.mkdir(parents=True, exist_ok=True)
    beside = to.with_name(f"{to.name}.{os.getpid()}")
    beside.write_bytes(catalogue.to_binary())
    beside.replace(to)
    return True


def _digest(folder: Path) -> str:
    """SHA-256 over the fragments, names and words."""
    whole = hashlib.sha256()
    for file in sorted(folder.glob("*.po")):
        whole.update(f"{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def missing_words(source: Path = SOURCE) -> list[Key]:
    """What the code and the templates say in English and no fragment says in Chinese."""
    from jingwei.looks.said import said_in  # babel is a tool of the workshop, not of a server

    known = merged(fragments())
    return sorted(key for key in said_in(source) if key not in known or not all(_chinese(known[key])))


def unused_words(source: Path = SOURCE) -> list[tuple[str, str]]:
    """(fragment, msgid) of translations that nothing says any more.

    A room without Django (worktime, planners) keeps its sentences as plain words until a door says them.
    """
    from jingwei.looks.said import literals_in, said_in

    said, plain = said_in(source), literals_in(source)
    unsaid = ((room, e) for room, es in fragments().items() for e in es if _key(e) not in said)
    return [(room, e.msgid) for room, e in unsaid if e.msgid not in plain]


def faults() -> Iterator[Fault]:
    """Translations that would read wrong: placeholders lost, half-width marks, Chinese for English."""
    for room, entries in fragments().items():
        for entry in entries:
            if HAN.search(entry.msgid):
                yield Fault(room, entry.msgid, "the msgid should be English")
            wanted = {frozenset(PLACEHOLDER.findall(m)) for m in (entry.msgid, entry.msgid_plural) if m}
            for chinese in _chinese(entry):
                yield from (Fault(room, entry.msgid, what) for what in _wrong(chinese, wanted))


def _wrong(chinese: str, wanted: set[frozenset[str]]) -> Iterator[str]:
    if frozenset(PLACEHOLDER.findall(chinese)) not in wanted:
        yield f"placeholders differ from the English in {chinese!r}"
    if found := HALF_WIDTH.search(PLACEHOLDER.sub("0", chinese)):
        yield f"half-width mark in {found[0]!r}; write ，。：；！？（）"


def _key(entry: polib.POEntry) -> Key:
    return Key(entry.msgctxt or "", entry.msgid)


def _chinese(entry: polib.POEntry) -> tuple[str, ...]:
    return tuple(entry.msgstr_plural.values()) if entry.msgid_plural else (entry.msgstr,)


def main() -> int:
    """Print what is missing (as entries to fill in), unused or wrong; end with 1 if anything is."""
    missing, unused, wrong = missing_words(), unused_words(), list(faults())
    for key in missing:
        entry = polib.POEntry(msgid=key.msgid, msgctxt=key.context or None)
        sys.stdout.write(f"{entry.__unicode__(wrapwidth=0)}\n")
    for room, msgid in unused:
        sys.stdout.write(f"# unused in {room}: {msgid!r}\n")
    for fault in wrong:
        sys.stdout.write(f"# {fault}\n")
    sys.stderr.write(f"# {len(missing)} missing, {len(unused)} unused, {len(wrong)} wrong\n")
    return 1 if missing or unused or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
