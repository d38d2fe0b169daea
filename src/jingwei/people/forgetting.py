"""How names and telephone numbers are erased: of residents when their matters have ended, of officials when they left.

When somebody's matters have ended, or when she left, upper rooms know; they say so by `past_of`.
"""

from collections.abc import Callable, Iterable, Sequence

from jingwei.people.erasing import Gone, Scope, eraser
from jingwei.people.lists import NAME, STAFF_NAME, STAFF_TELEPHONE, TELEPHONE, Personal
from jingwei.people.models import Person

Tells = Callable[[Scope], Iterable[int]]
PAST: dict[str, Tells] = {}
"""By purpose: the ids of persons of a scope whose term is over, as the room that knows tells them."""


def past_of(purpose: str) -> Callable[[Tells], Tells]:
    """Register who of a purpose is past: `past_of(Person.ASKER)` over a function from a scope to ids."""

    def registered(tells: Tells) -> Tells:
        PAST[purpose] = tells
        return tells

    return registered


def _erases(field: Personal, purpose: str, column: str) -> None:
    @eraser(field)
    def erase(scope: Scope) -> Sequence[Gone]:
        kept = Person.objects.filter(county_id=scope.county_code, purpose=purpose, **{f"{column}__isnull": False})
        ids = list(kept.filter(pk__in=_past(scope, purpose)).values_list("pk", flat=True)[: scope.limit])
        gone = {column: None} | ({"telephone_mark": ""} if column == "telephone_locked" else {})
        Person.objects.filter(pk__in=ids).update(**gone)
        Person.objects.filter(pk__in=ids, name_locked=None, telephone_locked=None).update(erased_at=scope.at)
        return [Gone(("person", pk)) for pk in ids]


def _past(scope: Scope, purpose: str) -> Iterable[int]:
    if scope.before is None:
        return scope.persons
    return PAST[purpose](scope)


_erases(NAME, Person.ASKER, "name_locked")
_erases(TELEPHONE, Person.ASKER, "telephone_locked")
_erases(STAFF_NAME, Person.OFFICIAL, "name_locked")
_erases(STAFF_TELEPHONE, Person.OFFICIAL, "telephone_locked")
