"""Which things hold the words asked for; who may see them is asked elsewhere."""

from django.contrib.postgres.search import SearchQueryField
from django.db.models import QuerySet, Value
from django.db.models.functions import Cast

from jingwei.search.masking import masked
from jingwei.search.models import Entry
from jingwei.search.terms import tsquery_of


def matching(subject_type: str, words: str) -> "QuerySet[Entry, int]":
    """The ids of things of one type that hold all the words, as a subquery: `filter(pk__in=matching(…))`.

    Words that hold no term (blanks, marks) find nothing. A number of a person is covered as it was when it
    was put, so that typing it whole still finds it.
    """
    entries = Entry.objects.filter(subject_type=subject_type)
    asked = tsquery_of(masked(words))
    if not asked:
        return entries.none().values_list("subject_id", flat=True)
    found = entries.filter(terms=Cast(Value(asked), SearchQueryField()))
    return found.values_list("subject_id", flat=True)
