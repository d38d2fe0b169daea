"""What comes in is measured against the county's information list, before it is stored."""

from collections.abc import Iterable

from jingwei.casework.personal import PHOTOGRAPHS, REPLIES, WHERE, WORDS
from jingwei.people.lists import refuse_unlisted
from jingwei.policy.books import Book

BY_OFFICIALS = "person"
"""The kind of actor whose words are an official's."""


def refuse_unlisted_intake(book: Book, *, words: str, where: str, located: bool, photographs: Iterable[str]) -> None:
    """Raise NotOnTheList for what an intake holds and the county does not collect."""
    given = ((WORDS, bool(words.strip())), (WHERE, bool(where.strip()) or located), (PHOTOGRAPHS, any(photographs)))
    refuse_unlisted(book, *(field for field, told in given if told))


def refuse_unlisted_words(book: Book, actor_kind: str, *, words: bool, photographs: Iterable[str]) -> None:
    """Raise NotOnTheList for words or photographs of an act that the county does not keep."""
    said = REPLIES if actor_kind == BY_OFFICIALS else WORDS
    given = ((said, words), (PHOTOGRAPHS, any(photographs)))
    refuse_unlisted(book, *(field for field, told in given if told))
