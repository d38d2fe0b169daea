"""Words as they are kept: what cannot be seen, or turns the direction of writing, is left out."""

import unicodedata

_MARKS_OF_EMOJI = "\u200d"


def clean(words: str) -> str:
    """`words` without control characters and marks that turn the direction of writing; line ends as `\\n`.

    Trap: U+202E lets a name read backwards, U+0000 breaks the database.
    """
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in plain if c in "\n\t" or c in _MARKS_OF_EMOJI or not _hidden(c)).strip()


def _hidden(mark: str) -> bool:
    return unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Zl", "Zp")
