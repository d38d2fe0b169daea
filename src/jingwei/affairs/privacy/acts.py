"""Opening a request about one's own data, and carrying out what was granted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from jingwei.affairs.privacy.kinds import OwnData
from jingwei.affairs.privacy.models import Sort, Wish
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence
from jingwei.casework.personal import PHOTOGRAPHS, WHERE, WORDS
from jingwei.people.acts import correct
from jingwei.people.erasing import BY_NUMBER, Scope, erase_now
from jingwei.people.lists import NAME, REGISTERED, TELEPHONE
from jingwei.people.models import Person, marks_of
from jingwei.people.numbers import only_digits
from jingwei.places.queries import standing
from jingwei.trail.actor import Actor

SYSTEM = Actor.machine("own data")
EVERYTHING = 100_000
"""More cases than anybody has."""


@transaction.atomic
def ask(
    county_code: str,
    sort: Sort,
    *,
    source: str,
    about: Case | None,
    asker: Person | None,
    actor: Actor,
    at: datetime,
    key: UUID,
    name: str = "",
    telephone: str = "",
) -> Case:
    """Open a request: about the case whose code was shown, or about all that came in with the asker's number."""
    with override(settings.LANGUAGE_CODE):
        intake = Intake(
            place=standing(county_code, "county").get(),
            title=str(sort.label),
            words=_how_known(about, source),
            source=source,
            category=sort.value,
            asker=asker,
            asks_back=asker is not None,
            confidential=True,
            record=OwnData.record(),
            with_code=True,
        )
    case = open_case(OwnData, intake, actor=actor, at=at, key=key)
    Wish.objects.get_or_create(case=case, defaults={"sort": sort, "about": about, "name": name, "telephone": telephone})
    return case


def _how_known(about: Case | None, source: str) -> str:
    """What whoever recognises her has to go by, for the page of the case."""
    if about is None:
        return _("About all matters that came in with the number below; ring it back before anything else.")
    if source == "door":
        return _("About %(number)s, whose code was shown at the residents' door.") % {"number": about.number}
    return _("About %(number)s, taken down at the counter; look at a document, copy nothing.") % {
        "number": about.number
    }


def persons_of(wish: Wish) -> list[Person]:
    """The persons on file that the request is about, as far as they are proven to be the one who asks."""
    if wish.about is not None:
        return [wish.about.asker] if wish.about.asker else []
    asker = wish.case.asker
    if asker is None or not asker.telephone:
        return [asker] if asker else []
    hers = Person.objects.filter(county_id=wish.case.county_id, purpose=Person.ASKER)
    return list(hers.filter(telephone_mark__in=marks_of(asker.telephone)).order_by("pk"))


def numbers_of(wish: Wish, persons: Sequence[Person]) -> frozenset[str]:
    """The numbers, in digits, that were rung back: hers. By a case's code alone nothing but that case is hers."""
    if wish.about is not None:
        return frozenset()
    return frozenset(only_digits(person.telephone) for person in persons if person.telephone)


def cases_of(wish: Wish, persons: Sequence[Person]) -> list[Case]:
    """The cases that the request is about, this one apart."""
    if wish.about is not None:
        return [wish.about]
    return list(Case.objects.filter(asker__in=persons).exclude(pk=wish.case_id).order_by("pk"))


def carry_out_granted(at: datetime) -> int:
    """Carry out every request that was granted; how many. Each by itself, whole or not at all."""
    waiting = Case.objects.filter(kind=OwnData.name, stage=OwnData.granted.name, is_open=True)
    return sum(_carry_out(pk, at) for pk in waiting.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _carry_out(case_id: int, at: datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",)).select_related("asker").get(pk=case_id)
    if case.stage != OwnData.granted.name:
        return False
    wish = Wish.objects.select_related("about__asker", "case__asker").get(case=case)
    deeds = {Sort.CORRECT: _correct, Sort.ERASE: _erase, Sort.SEE: _lay_open, Sort.TAKE_ALONG: _lay_open}
    with override(settings.LANGUAGE_CODE):
        told = deeds[Sort(wish.sort)](wish, at)
    Wish.objects.filter(pk=wish.pk).update(name="", telephone="", done_at=at)
    take(OwnData.carry_out, case, actor=SYSTEM, at=at, evidence=Evidence(words={"reply": told}))
    return True


def _lay_open(_wish: Wish, _at: datetime) -> str:
    return _(
        "What is kept of you lies ready behind the code of this request, for thirty days. It is put together afresh "
        "each time you open it; no copy is kept. Without a telephone it is printed for you at the counter."
    )


def _correct(wish: Wish, at: datetime) -> str:
    persons = [person for person in persons_of(wish) if not person.erased_at]
    for person in persons:
        correct(person, actor=SYSTEM, at=at, name=wish.name or None, telephone=wish.telephone or None)
    if not persons:
        return _("Neither a name nor a number of yours is kept, so there was nothing to correct.")
    return _("Corrected. Whoever handles your matters sees the new one from now on.")


def _erase(wish: Wish, at: datetime) -> str:
    """Contact goes at once, since its ground was consent; the rest of what has ended; the law keeps what follows."""
    persons = persons_of(wish)
    cases = cases_of(wish, persons)
    ids = tuple(person.pk for person in persons)
    ended = tuple(case.pk for case in cases if not case.is_open)
    numbers = tuple(numbers_of(wish, persons))
    scope = Scope(wish.case.county_id, at, cases=ended, persons=ids, numbers=numbers, limit=EVERYTHING)
    gone = erase_now([*BY_NUMBER, NAME.key, TELEPHONE.key, WORDS.key, WHERE.key, PHOTOGRAPHS.key], scope, actor=SYSTEM)
    Case.objects.filter(asker__in=ids).update(asks_back=False)
    waiting = [case.number for case in cases if case.is_open]
    return "\n".join(filter(None, (_went(gone), _stays(waiting))))


def _went(gone: dict[str, int]) -> str:
    told = [
        ngettext("%(field)s (%(n)d matter)", "%(field)s (%(n)d matters)", many)
        % {"field": REGISTERED[key].title, "n": many}
        for key, many in gone.items()
        if many
    ]
    if not told:
        return _("Nothing of yours was left to erase.")
    return _("Erased: %(what)s.") % {"what": _(", ").join(told)}


def _stays(waiting: Sequence[str]) -> str:
    law = _(
        "What the law asks to be kept stays: that there was a matter, its number, sort, community and days, and what "
        "the offices did. Nobody can tell from it who asked."
    )
    if not waiting:
        return law
    said = _(
        "Still being handled: %(numbers)s. Its words and photographs are needed until it has ended, and go after "
        "their term; withdraw it and ask again, and they go at once."
    )
    return f"{said % {'numbers': _(', ').join(waiting)}}\n{law}"
