"""What comes in is measured against the county's information list, before it is stored."""

from collections.abc import Iterable

from jingwei.casework.personal import PHOTOGRAPHS, REPLIES, WHERE, WORDS
from jingwei.casework.refusals import Refused
from jingwei.people.lists import NotOnTheList, Personal, refuse_unlisted
from jingwei.policy.books import Book

BY_OFFICIALS = "person"
"""The kind of actor whose words are an official's."""


class Unlisted(Refused):
    """What is not on the county's information list is not stored."""


def refuse_unlisted_intake(book: Book, *, words: str, where: str, located: bool, photographs: Iterable[str]) -> None:
    """Raise Unlisted for what an intake holds and the county does not collect."""
    told = ((WORDS, bool(words.strip())), (WHERE, bool(where.strip()) or located), (PHOTOGRAPHS, any(photographs)))
    _refuse(book, [field for field, given in told if given])


def refuse_unlisted_words(book: Book, actor_kind: str, *, words: bool, photographs: Iterable[str]) -> None:
    """Raise Unlisted for words or photographs of an act that the county does not keep."""
    said = REPLIES if actor_kind == BY_OFFICIALS else WORDS
    told = ((said, words), (PHOTOGRAPHS, any(photographs)))
    _refuse(book, [field for field, given in told if given])


def _refuse(book: Book, fields: Iterable[Personal]) -> None:
    try:
        refuse_unlisted(book, *fields)
    except NotOnTheList as refused:
        raise Unlisted(refused.sentence) from None
