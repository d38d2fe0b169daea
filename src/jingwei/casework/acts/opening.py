"""Opening a case: it is owed by a post and its clock runs from the same moment."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from jingwei.casework.acts.deeds import Deed, Line, Said, done_already
from jingwei.casework.acts.held import NUMBERS, Held
from jingwei.casework.kinds import Kind, Record
from jingwei.casework.listed import refuse_unlisted_intake
from jingwei.casework.models import CONFIDENTIAL, OPEN, Case, Round
from jingwei.casework.owners import by_ground
from jingwei.casework.wording import clean
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.queries import NEAREST
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.policy.county import CountySection
from jingwei.policy.models import County
from jingwei.policy.notices import Event
from jingwei.policy.queries import edition_book
from jingwei.search.acts import ENTRIES, as_entry
from jingwei.search.masking import masked, unnamed
from jingwei.strokes.glance import Glance, Rows, Seen, Value
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

OPENED = verb("case.opened", _("open"), _("Opened"))

LONGEST_TITLE = 60


@dataclass(frozen=True)
class Intake:
    """What came in. `asker` is saved here; `confidential` keeps the case to those who must see it.

    `place` may be the place's id, where a door knows no more: it is then asked for together with all else.
    `received_at` is the moment it reached any door, and None only for an imported order that does not say.
    """

    place: Place | int
    title: str
    source: str
    words: str = ""
    grade: str = ""
    category: str = ""
    request_class: str = ""
    where: str = ""
    lon: float | None = None
    lat: float | None = None
    asker: Person | None = None
    asks_back: bool = False
    confidential: bool = False
    photographs: tuple[str, ...] = ()
    record: Record = field(default_factory=Record)
    with_code: bool = False
    parent: Case | None = None
    lead: Post | None = None
    opened_by: int | None = None
    """The organisation for which the system opens it; where a post does, it is the post's own."""
    due: datetime | None = None
    """By when it is owed, where whoever opens it says so; instead of the span of its kind."""


def case_code(case_id: int) -> str:
    """The code with which a resident looks her case up: ten characters in two groups, about 50 bits.

    It is derived from the installation's secret, so it can be shown again to the same repeated request,
    while the database keeps only its mark.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), f"case code {case_id}".encode(), hashlib.sha256).digest()
    text = base64.b32encode(digest).decode().translate(str.maketrans("01IOLU", "892345"))
    return f"{text[:5]}-{text[5:10]}"


def code_mark(code: str) -> str:
    """What the database keeps of a code; blanks, dashes and lower case do not matter."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(settings.SECRET_KEY.encode(), f"case code mark {plain}".encode(), hashlib.sha256).hexdigest()


def open_case(kind: type[Kind], intake: Intake, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Open a case of `kind` at `at`; the same `key` again gives the case that was opened before."""
    try:
        with _whole(intake):
            return _open(kind, intake, actor, at, key)
    except IntegrityError:
        if before := done_already(key):
            return before.case
        raise


def _whole(intake: Intake) -> AbstractContextManager[object]:
    """Both or neither: the asker and the case. A case by itself is one statement, which is whole by itself."""
    alone = intake.asker is None or not intake.asker._state.adding
    return nullcontext() if alone and not connection.in_atomic_block else transaction.atomic()


_ABOUT = Glance(
    f"""
    WITH here AS (
        SELECT g.path, p.county_id FROM places_place p
        JOIN places_place g ON g.id = CASE WHEN p.rank = 0 THEN p.id ELSE coalesce(p.grid_id, p.id) END
        WHERE p.id = %(place)s::bigint
    ), nearest AS (
        {NEAREST.format(above="starts_with((SELECT path FROM here), g.path)")}
    )
    """,
    numbers=NUMBERS,
    case_id=Value("to_jsonb(nextval('casework_case_id_seq'))"),
    county=Rows(County, "t.code = (SELECT county_id FROM here)"),
    place=Rows(Place, "t.id = %(place)s::bigint", without=("boundary",)),
    ground=Value("SELECT to_jsonb(path) FROM here"),
    opened_by=Value("SELECT to_jsonb(organisation_id) FROM organisations_post WHERE id = %(post)s::bigint"),
    owner=Rows(Post, "t.id = (SELECT id FROM nearest)"),
    organisation=Rows(Organisation, "t.id = (SELECT organisation_id FROM nearest)"),
)
"""All that opening asks: ids, the county, the ground, who opens it, and the post on whose desk it lands."""


def _open(kind: type[Kind], intake: Intake, actor: Actor, at: datetime, key: UUID | None) -> Case:
    opened = kind.opening
    place = intake.place if isinstance(intake.place, int) else intake.place.pk
    seen = _ABOUT(place=place, post=actor.post_id, role=by_ground(opened))
    refuse_unlisted_intake(
        edition_book(seen.one("county").edition_id),
        words=intake.words, where=intake.where, located=intake.lon is not None, photographs=intake.photographs,
    )  # fmt: skip
    case = _new(kind, intake, seen, at)
    if intake.asker is not None and intake.asker._state.adding:
        intake.asker.save()
    case.asker = intake.asker
    seen |= {"standings": [], "runs": [], "entries": [], "deadlines": []}
    deed = Deed(Held(case, seen, {}), actor, at)
    deed.stroke.new(case)
    deed.stroke.put(Round, case_id=case.pk, number=1, opened_at=at)
    facts = {"number": case.number, "kind": kind.name, "source": case.source, "category": case.category}
    line = Line(
        OPENED, public=True, to_stage=opened.name, facts=facts, said=(Said("matter", intake.words, public=True),),
        photographs=intake.photographs, photographs_public=True, key=key,
    )  # fmt: skip
    deed.write(line)
    case.opened_by_id = intake.opened_by or seen.one("opened_by")
    deed.touched([case.opened_by_id])
    deed.stand(None, opened, owner=_nearest(seen))
    if intake.due is not None:
        deed.ledger.set_due(intake.due, at)
    deed.stroke.say(ENTRIES, as_entry("case", case.pk, searchable(case, intake.words)))
    deed.tell(Event.ASSIGNED if case.parent_id else Event.RECEIVED)
    return deed.put_down()


def _nearest(seen: Seen) -> Post | None:
    post: Post | None = seen.one("owner")
    if post is not None:
        post.organisation = seen.one("organisation")
    return post


def _new(kind: type[Kind], intake: Intake, seen: Seen, at: datetime) -> Case:
    county: County = seen.one("county")
    pk: int = seen.one("case_id")
    return Case(
        pk=pk,
        county=county,
        edition_id=county.edition_id,
        kind=kind.name,
        number=number_of(county, pk, at),
        code_mark=code_mark(case_code(pk)) if intake.with_code else "",
        title=title_of(intake.title, known_of(intake.asker)),
        stage=kind.opening.name,
        grade=intake.grade,
        category=intake.category,
        request_class=intake.request_class,
        source=intake.source,
        tier=CONFIDENTIAL if intake.confidential else OPEN,
        record=msgspec.to_builtins(intake.record),
        place=seen.one("place") if isinstance(intake.place, int) else intake.place,
        ground_path=seen.one("ground"),
        where=unnamed(masked(clean(intake.where)), known_of(intake.asker))[:200],
        lon=intake.lon,
        lat=intake.lat,
        asks_back=intake.asks_back,
        lead=intake.lead,
        parent=intake.parent,
        received_at=at,
        recorded_at=at,
    )


def known_of(asker: Person | None) -> list[str]:
    """The name of who asked, which is covered wherever it stands in clear."""
    return [asker.name] if asker is not None and asker.name else []


def title_of(words: str, known: Iterable[str] = ()) -> str:
    """The one line by which a case is known in lists: whitespace folded, numbers and names covered, cut at 60 signs."""
    line = unnamed(masked(" ".join(clean(words).split())), known)
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"


def number_of(county: County, pk: int, at: datetime) -> str:
    """The number by which offices speak of a case: prefix, year, and six digits or more."""
    return f"{edition_book(county.edition_id)[CountySection].number_prefix}{localtime(at).year}{pk:06d}"


def searchable(case: Case, words: str) -> str:
    """What a case is found by: title, words, place, number; without the asker's name. The index covers numbers."""
    asker = case._state.fields_cache.get("asker")  # who is not at hand is not asked for: this is drawn for many at once
    said = unnamed(words, known_of(asker))
    return f"{case.title} {said} {case.where} {case.place} {case.number} {case.source_number}"


def as_record(case: Case) -> Any:
    """The typed record of a case."""
    return msgspec.convert(case.record, case.of_kind.record)
