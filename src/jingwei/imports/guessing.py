"""What is said once of a whole file, such as in which coordinates a map is drawn: guessed, with the reason in words."""

from pathlib import Path

from jingwei.imports import recognising
from jingwei.imports.importers import Record
from jingwei.imports.pack import RosterWords
from jingwei.imports.recognising import Recognised
from jingwei.imports.rosters import Guessed, Seen

LOOKED_AT = 400
"""Rows, from the top, by which a guess is made."""


def guessed(path: Path, found: Recognised, words: RosterWords, *, county: str, name: str) -> dict[str, Guessed]:
    """For each thing that is said of a whole file its likely value, and a sentence why; none where a roster asks for
    none, or where not one column was found."""
    if found.roster.guess is None or found.missing:
        return {}
    rows = recognising.sample(path, found, words, most=LOOKED_AT)
    records = [Record(number, "roster", values) for number, values, why in rows if not why]
    above = " ".join(str(c) for n, cells in found.page.rows if n < found.top for c in cells if c) if found.page else ""
    told = f"{name} {found.sheet} {above}"
    about = found.page.about if found.page else ""
    return found.roster.guess(Seen(records, about, told, frozenset(found.columns), found.header, county))


def values_of(whole: dict[str, Guessed]) -> dict[str, str]:
    """The values alone."""
    return {name: value for name, (value, _why) in whole.items()}
