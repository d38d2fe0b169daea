"""What is kept of somebody, put together for herself: to be read, and as data to take along (PIPL 45)."""

import json
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jingwei.affairs.privacy.acts import cases_of, numbers_of, persons_of
from jingwei.affairs.privacy.models import Wish
from jingwei.casework.forgetting import HERS
from jingwei.casework.models import Attachment, Case, Statement
from jingwei.files.queries import open_for_reading
from jingwei.files.refusals import FileRefused
from jingwei.people.erasing import KEPT_BY_NUMBER
from jingwei.people.lists import REGISTERED
from jingwei.people.models import Person, Tombstone, Unmasking


def extract_of(wish: Wish, at: datetime) -> dict[str, Any]:
    """All that is kept of her: contact, matters with her words and our answers, what went, and to whom it was shown.

    Read afresh each time; numbers stand in clear, since it is hers. Words of others are not in it.
    """
    persons = persons_of(wish)
    cases = cases_of(wish, persons)
    numbers = numbers_of(wish, persons)
    return {
        "county": str(wish.case.county),
        "request": wish.case.number,
        "made_at": _moment(at),
        "contact": [
            {"name": person.name, "telephone": person.telephone}
            for person in persons
            if person.name_locked or person.telephone_locked
        ],
        "matters": [_matter(case) for case in cases],
        "places_taken": [line for kept in KEPT_BY_NUMBER for line in kept(wish.case.county_id, numbers)],
        "erased": _erased(persons, cases),
        "shown_to": _shown(persons),
    }


def packed(wish: Wish, at: datetime) -> IO[bytes]:
    """The extract as a file to take along: data.json, and her photographs beside it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    cases = cases_of(wish, persons_of(wish))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(extract_of(wish, at), ensure_ascii=False, indent=1))
        for shown in _photographs(cases):
            try:
                with open_for_reading(shown.blob, "full") as picture:
                    archive.writestr(f"{shown.case.number}-{shown.blob_id[:12]}.jpg", picture.read())
            except (FileRefused, OSError):
                continue
    file.seek(0)
    return file


def _matter(case: Case) -> dict[str, Any]:
    said = Statement.objects.filter(case=case, erased_at=None).select_related("act").order_by("pk")
    hers = said.filter(HERS)
    answers = said.filter(public=True).exclude(pk__in=hers.values("pk"))
    return {
        "number": case.number,
        "sort": str(case.of_kind.title),
        "received_at": _moment(case.received_at),
        "ended_at": _moment(case.ended_at),
        "stands_at": str(case.at_stage.public or case.at_stage.title),
        "place": str(case.place),
        "where": case.where,
        "point": [case.lon, case.lat] if case.lon is not None and case.lat is not None else None,
        "confidential": bool(case.tier),
        "rating": case.rating,
        "your_words": [_said(one) for one in hers],
        "our_answers": [_said(one) for one in answers],
        "photographs": [shown.blob_id[:12] for shown in _photographs([case])],
    }


def _said(one: Statement) -> dict[str, str]:
    return {"at": _moment(one.act.at), "words": one.words}


def _photographs(cases: Sequence[Case]) -> Iterable[Attachment]:
    return Attachment.objects.filter(case__in=cases, public=True).select_related("blob", "case").order_by("pk")


def _erased(persons: Sequence[Person], cases: Sequence[Case]) -> list[dict[str, str]]:
    """The tombstones: what was kept once, when it went, and why."""
    why = {
        Tombstone.TERM: _("its term was over"),
        Tombstone.UNLISTED: _("no longer collected"),
        Tombstone.WISH: _("you asked for it"),
    }
    of_persons = Tombstone.objects.filter(subject_type="person", subject_id__in=[p.pk for p in persons])
    of_cases = Tombstone.objects.filter(subject_type="case", subject_id__in=[c.pk for c in cases])
    return [
        {"what": str(REGISTERED[one.field].title), "at": _moment(one.at), "why": str(why.get(one.why, one.why))}
        for one in (of_persons | of_cases).order_by("pk")
        if one.field in REGISTERED
    ]


def _shown(persons: Sequence[Person]) -> list[dict[str, str]]:
    """To which posts her name or number was shown uncovered; posts, not persons."""
    shown = Unmasking.objects.filter(person__in=persons).order_by("pk")
    return [{"at": _moment(one.at), "post": one.by_title, "for": one.about} for one in shown]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
