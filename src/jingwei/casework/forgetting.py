"""How what cases hold of persons is erased, when they ended long enough ago or when somebody asked for it.

What stays is that there was a case: number, sort, ground, moments, who did what. Its title came from the words, so it
is written anew from sort and place, and the search index follows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import override

from jingwei.casework.acts.opening import searchable
from jingwei.casework.models import Attachment, Case, Statement
from jingwei.casework.personal import PHOTOGRAPHS, REPLIES, WHERE, WORDS
from jingwei.files.forgetting import forget_unused
from jingwei.people.erasing import Gone, Scope, eraser
from jingwei.people.forgetting import past_of
from jingwei.people.models import Person
from jingwei.policy.queries import edition_book
from jingwei.search.acts import put_many

HERS = Q(name__in=("matter", "addition", "reopening", "withdrawal", "rating")) | Q(act__actor_kind="bearer")
"""Statements that a resident made; the others are officials'."""


def past(scope: Scope) -> QuerySet[Case]:
    """The cases of a scope: ended at or before its moment, or those it names. An open case is not past."""
    cases = Case.objects.filter(county_id=scope.county_code, is_open=False)
    if scope.before is None:
        return cases.filter(pk__in=scope.cases)
    return cases.annotate(over=Coalesce("ended_at", "recorded_at")).filter(over__lte=scope.before)


@past_of(Person.ASKER)
def askers_past(scope: Scope) -> Iterable[int]:
    """Residents none of whose cases is open, and whose last one ended at or before the scope's moment."""
    hers = Case.objects.filter(asker=OuterRef("pk"))
    not_over = hers.annotate(over=Coalesce("ended_at", "recorded_at")).filter(
        Q(is_open=True) | Q(over__gt=scope.before)
    )
    persons = Person.objects.filter(Exists(hers), ~Exists(not_over), county_id=scope.county_code, purpose=Person.ASKER)
    return persons.values_list("pk", flat=True)


@eraser(WORDS)
def erase_words(scope: Scope) -> Sequence[Gone]:
    """What residents wrote or said, and the titles made from it."""
    gone = _erase_statements(scope, Q(HERS))
    cases = Case.objects.filter(pk__in=[one.subject[1] for one in gone]).select_related("place")
    for case in cases:
        case.title = plain_title(case)
        case.save(update_fields=["title"])
    put_many("case", [(case.pk, searchable(case, "")) for case in cases])
    return gone


@eraser(REPLIES)
def erase_replies(scope: Scope) -> Sequence[Gone]:
    """What officials wrote: replies, opinions, remarks, what they were told on the telephone."""
    return _erase_statements(scope, ~Q(HERS))


@eraser(WHERE)
def erase_where(scope: Scope) -> Sequence[Gone]:
    """The address as it was written and the point on the map; the grid stays, for the figures."""
    held = ~Q(where="") | Q(lon__isnull=False) | Q(lat__isnull=False)
    cases = list(past(scope).filter(held).select_related("place").order_by("pk")[: scope.limit])
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(where="", lon=None, lat=None)
    for case in cases:
        case.where = ""
    words = _matters(cases)
    put_many("case", [(case.pk, searchable(case, words.get(case.pk, ""))) for case in cases])
    return [Gone(("case", case.pk), 1, case.ground_path) for case in cases]


@eraser(PHOTOGRAPHS)
def erase_photographs(scope: Scope) -> Sequence[Gone]:
    """Photographs, with their files where nothing else shows them."""
    held = Exists(Attachment.objects.filter(case=OuterRef("pk")))
    cases = list(past(scope).filter(held).order_by("pk").values_list("pk", "ground_path")[: scope.limit])
    shown = Attachment.objects.filter(case__in=[pk for pk, _path in cases])
    pieces, digests = Counter(shown.values_list("case_id", flat=True)), set(shown.values_list("blob_id", flat=True))
    shown.delete()
    forget_unused(digests)
    return [Gone(("case", pk), pieces[pk], path) for pk, path in cases]


def plain_title(case: Case) -> str:
    """A title without a word of the resident's: the sort and the place, in the language of the offices."""
    with override(settings.LANGUAGE_CODE):
        sorts = case.of_kind.words(edition_book(case.edition_id)).get("category", {})
        said = {"sort": sorts.get(case.category) or str(case.of_kind.title), "place": str(case.place)}
        return (_("%(sort)s · %(place)s (words erased)") % said)[:120]


def _erase_statements(scope: Scope, which: Q) -> Sequence[Gone]:
    """Empty the statements of up to as many cases as the scope takes at once."""
    held = Statement.objects.filter(which, erased_at=None)
    found = past(scope).filter(Exists(held.filter(case=OuterRef("pk")))).order_by("pk")
    cases = dict(found.values_list("pk", "ground_path")[: scope.limit])
    ids = list(held.filter(case__in=list(cases)).values_list("pk", F("case_id")))
    Statement.objects.filter(pk__in=[pk for pk, _case in ids]).update(words="", erased_at=scope.at)
    pieces = Counter(case for _pk, case in ids)
    return [Gone(("case", pk), pieces[pk], path) for pk, path in cases.items()]


def _matters(cases: Sequence[Case]) -> dict[int, str]:
    """The words that the cases were opened with, where they still stand."""
    said = Statement.objects.filter(case__in=cases, name="matter", erased_at=None)
    return dict(said.values_list("case_id", "words"))
