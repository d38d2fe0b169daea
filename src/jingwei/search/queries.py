"""Which things hold the words asked for; who may see them is asked elsewhere."""

from collections.abc import Sequence

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet, Value

from jingwei.search.masking import masked
from jingwei.search.models import Entry
from jingwei.search.terms import tsquery_of


class _Holds(Func):
    """Whether terms meet a question as `tsquery_of` wrote it; Django's own lookup would cut its words anew."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Among(Func):
    """Whether a number is one of a list, told as one array: thousands of them cost next to nothing to ask."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, number: F, these: Sequence[int]) -> None:
        super().__init__(number, Value(list(these), output_field=ArrayField(BigIntegerField())))


def matching(subject_type: str, words: str) -> "QuerySet[Entry, int]":
    """The ids of things of one type that hold all the words, as a subquery: `filter(pk__in=matching(…))`.

    Words that hold no term (blanks, marks) find nothing. A number of a person is covered as it was when it
    was put, so that typing it whole still finds it.
    """
    entries = Entry.objects.filter(subject_type=subject_type)
    asked = tsquery_of(masked(words))
    if not asked:
        return entries.none().values_list("subject_id", flat=True)
    found = entries.filter(_Holds(F("terms"), Value(asked)))
    return found.values_list("subject_id", flat=True)


def holding(subject_type: str, words: str, among: Sequence[int]) -> set[int]:
    """Which of the things numbered `among` hold all the words."""
    return set(matching(subject_type, words).filter(Among(F("subject_id"), among)))


def everything_holding(subject_type: str, words: str) -> list[int]:
    """The ids of all things that hold all the words; quick where these are few."""
    found = matching(subject_type, words).aggregate(ids=ArrayAgg("subject_id", default=Value([])))
    return list(found["ids"])
