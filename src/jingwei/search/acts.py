"""Making things findable, and forgetting them again."""

from collections.abc import Iterable

from jingwei.search.masking import masked, unnamed
from jingwei.search.models import Entry
from jingwei.search.terms import tsvector_of
from jingwei.strokes.stroke import Clause, Stroke

ENTRIES = Clause(
    "search",
    (
        """
insert into search_entry (subject_type, subject_id, terms)
select told.subject_type, told.subject_id, told.terms::tsvector
from jsonb_to_recordset(%s::jsonb) as told(subject_type text, subject_id bigint, terms text)
on conflict (subject_type, subject_id) do update set terms = excluded.terms
where search_entry.terms is distinct from excluded.terms
returning 1
""",
    ),
)
"""Entries that are put with the rows of an act; what is said of it is `as_entry`."""


def as_entry(subject_type: str, subject_id: int, words: str) -> dict[str, object]:
    """What is put of one thing that `words` find; numbers and names of persons are covered."""
    return {"subject_type": subject_type, "subject_id": subject_id, "terms": tsvector_of(unnamed(masked(words)))}


def put_entry(subject_type: str, subject_id: int, words: str) -> None:
    """Make one thing findable by `words` instead of those put before; numbers of persons are covered."""
    put_many(subject_type, [(subject_id, words)])


def put_many(subject_type: str, entries: Iterable[tuple[int, str]]) -> None:
    """As `put_entry` for many things of one type, in one statement; of one id the last words count."""
    stroke = Stroke()
    for subject_id, words in dict(entries).items():
        stroke.say(ENTRIES, as_entry(subject_type, subject_id, words))
    stroke.write()


def forget(subject_type: str, subject_id: int) -> None:
    """Nothing finds it any more."""
    Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).delete()
