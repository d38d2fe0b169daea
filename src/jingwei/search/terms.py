"""Cutting a text into the terms by which it is found again.

Chinese is written without blanks, so each run of characters is cut into overlapping pairs:
天桥区 is 天桥, 桥区.
A text has the phrase exactly when it has the pairs side by side. Other scripts are cut into words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

MOST_TERMS = 16_000
"""PostgreSQL remembers positions up to 16,383; of a longer text only the beginning is found."""

LONGEST_WORD = 64
"""Longer words are cut off here, in texts and in questions alike."""

_HIDDEN = {"Cc", "Cf", "Cs"}

_PLAIN = re.compile("[\t\n -~\u4e00-\u9fff，。、；：？！（）《》“”‘’【】…—·]*")
"""What nearly every text is written in: of it, letters and digits alone are runs, and nothing else reads otherwise."""
_PLAIN_RUN = re.compile("[\u4e00-\u9fff]+|[0-9a-z]+")


def terms(text: str) -> list[str]:
    """The terms in order: pairs of Chinese characters (one alone stays alone), words in lower case."""
    return [term for run in _runs(text) for term in _cut(run)]


def tsvector_of(text: str) -> str:
    """The text's terms with their positions, as PostgreSQL writes a tsvector.

    The last character of each Chinese run is added by itself, so that every character begins some term and
    one character can be asked for. Runs are a step apart, so that no phrase reaches over a comma.
    """
    places: dict[str, list[int]] = {}
    at = 0
    for run in _runs(text):
        cut = _cut(run)
        if is_han(run[0]) and len(run) > 1:
            cut.append(run[-1])
        for term in cut:
            at += 1
            if at > MOST_TERMS:
                return _written(places)
            places.setdefault(term, []).append(at)
        at += 1
    return _written(places)


def tsquery_of(words: str) -> str:
    """The question as PostgreSQL writes a tsquery, "" if it holds no term; all of its words must be there.

    Chinese must stand together as it was typed; another word may be typed in part, from its beginning.
    """
    return " & ".join(dict.fromkeys(_asked(run) for run in _runs(words[:400])))


def is_han(mark: str) -> bool:
    """Whether a mark is a Chinese character, 〇 and 々 included."""
    return (
        "\u4e00" <= mark <= "\u9fff"
        or "\u3400" <= mark <= "\u4dbf"
        or "\U00020000" <= mark <= "\U000323af"
        or "\uf900" <= mark <= "\ufaff"
        or mark in "〇々"
    )


def _runs(text: str) -> Iterable[str]:
    """Unbroken runs of Chinese or of other letters and digits, NFKC, lower case, without hidden marks."""
    return _PLAIN_RUN.findall(text.lower()) if _PLAIN.fullmatch(text) else _any_runs(text)


def _any_runs(text: str) -> Iterator[str]:
    shown = "".join(mark for mark in text if not _hidden(mark))
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", shown).lower())
    for script, marks in groupby(plain, key=_script):
        if script:
            yield "".join(marks)


@lru_cache(maxsize=1 << 14)
def _hidden(mark: str) -> bool:
    return unicodedata.category(mark) in _HIDDEN and not mark.isspace()


@lru_cache(maxsize=1 << 14)
def _script(mark: str) -> str:
    if is_han(mark):
        return "han"
    return "word" if unicodedata.category(mark)[0] in "LNM" else ""


def _cut(run: str) -> list[str]:
    if not is_han(run[0]):
        return [run[:LONGEST_WORD]]
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _asked(run: str) -> str:
    if is_han(run[0]) and len(run) > 1:
        return "(" + " <-> ".join(_quoted(term) for term in _cut(run)) + ")"
    return f"{_quoted(_cut(run)[0])}:*"


def _written(places: dict[str, list[int]]) -> str:
    return " ".join(f"{_quoted(term)}:{','.join(map(str, at))}" for term, at in places.items())


def _quoted(term: str) -> str:
    """As tsvector and tsquery want it. No term has a quote or a backslash; this holds if one ever had."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
