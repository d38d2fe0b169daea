"""Which things hold the words asked for; who may see them is asked elsewhere."""

from django.db.models import BooleanField, F, Func, QuerySet, Value

from jingwei.search.masking import masked
from jingwei.search.models import Entry
from jingwei.search.terms import tsquery_of


class _Holds(Func):
    """Whether terms meet a question as `tsquery_of` wrote it; Django's own lookup would cut its words anew."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


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
