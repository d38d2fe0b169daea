"""Making things findable, and forgetting them again."""

from collections.abc import Iterable

from django.db import connection

from jingwei.search.masking import masked
from jingwei.search.models import Entry
from jingwei.search.terms import tsvector_of

_PUT = """
insert into search_entry (subject_type, subject_id, terms)
select %s, told.id, told.terms::tsvector from unnest(%s::bigint[], %s::text[]) as told(id, terms)
on conflict (subject_type, subject_id) do update set terms = excluded.terms
where search_entry.terms is distinct from excluded.terms
"""


def put_entry(subject_type: str, subject_id: int, words: str) -> None:
    """Make one thing findable by `words` instead of those put before; numbers of persons are covered."""
    put_many(subject_type, [(subject_id, words)])


def put_many(subject_type: str, entries: Iterable[tuple[int, str]]) -> None:
    """As `put_entry` for many things of one type, in one statement; of one id the last words count."""
    last = dict(entries)
    if last:
        vectors = [tsvector_of(masked(words)) for words in last.values()]
        with connection.cursor() as cursor:
            cursor.execute(_PUT, [subject_type, list(last), vectors])


def forget(subject_type: str, subject_id: int) -> None:
    """Nothing finds it any more."""
    Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).delete()
