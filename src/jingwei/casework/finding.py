"""What is typed into the search: words, a number of a case, or a telephone number, found without opening any.

A confidential case is not found by a telephone number: whoever handles it could try out whose it is.
"""

from collections.abc import Sequence

from django.db.models import Q

from jingwei.casework.models import OPEN, Case
from jingwei.people.models import Person, marks_of
from jingwei.people.numbers import plain_telephone, reads_as_telephone
from jingwei.search.queries import everything_holding, holding, matching

MOST = 1000
"""Cases of one telephone number; an office's own number may have many."""


def found_by(words: str) -> Q:
    """The cases that hold the words, or that came in with this telephone number."""
    found = Q(pk__in=matching("case", words))
    came = came_from(words)
    return found | Q(pk__in=came) if came else found


def found_among(words: str, among: Sequence[int]) -> set[int]:
    """Which of the cases numbered `among` are found."""
    return holding("case", words, among) | (set(came_from(words)) & set(among))


def found_everywhere(words: str) -> list[int]:
    """The ids of all cases that are found; quick where these are few."""
    return [*everything_holding("case", words), *came_from(words)]


def came_from(words: str) -> list[int]:
    """The open-to-sight cases that came in with a telephone number, the newest first; none where it is no number."""
    plain = plain_telephone(words)
    if not reads_as_telephone(plain):
        return []
    askers = Person.objects.filter(purpose=Person.ASKER, telephone_mark__in=marks_of(plain))
    cases = Case.objects.filter(asker__in=askers, tier=OPEN)
    return list(cases.order_by("-pk").values_list("pk", flat=True)[:MOST])
