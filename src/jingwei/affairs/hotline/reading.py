"""Reads one order of a hotline as a case of ours: where it stands, who owes it, what stays unknown.

The units of the source are no organisations of the county, so the name of the unit is kept as it came
(`reported_unit`), and the lead is the county's own handler for the order's sort: `sort` of the map names one of the
pack's categories; without it the order goes to the office that takes what no category claims.

The due time is what the source says, extension or not: whether an extension it mentions has moved that time is not
said, so it is kept as a fact and changes no clock.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from django.utils.translation import gettext as _

from jingwei.affairs.hotline.ground import county_desk, county_of, drawn, town
from jingwei.affairs.incidents.handlers import handler_of
from jingwei.affairs.incidents.kinds import Incident, IncidentRecord
from jingwei.affairs.incidents.pack import IncidentsSection, RequestClass, Source
from jingwei.casework.acts.past import Past
from jingwei.casework.kinds import Stage
from jingwei.imports import Passage, Record, RowRefused
from jingwei.imports.mapping import Value
from jingwei.organisations.models import Post
from jingwei.places.models import Place
from jingwei.places.queries import ground_of
from jingwei.policy.queries import edition_book

Values: TypeAlias = Mapping[str, Value]
"""The fields of a row; None or absent: not told."""

STANDS: dict[str, Stage] = {
    "created": Incident.reported,
    "handling": Incident.handling,
    "finished": Incident.verifying,
    "closed": Incident.closed,
}
CLASSES = {
    "咨询": RequestClass.ENQUIRY,
    "求助": RequestClass.HELP,
    "投诉": RequestClass.COMPLAINT,
    "举报": RequestClass.REPORT,
    "建议": RequestClass.SUGGESTION,
}
KEPT = (
    "channel", "reply_wanted", "supervised_at", "extended_until", "redo_dispatched_at", "redo_called_back_at",
    "redo_result", "returned",
)  # fmt: skip
"""Fields that move nothing of ours and are kept with the act as they came."""


def past_of(record: Record, passage: Passage) -> Past:
    """The case that a row tells of. Raises RowRefused where nobody in the county could handle it."""
    value = record.values
    number, sort = _text(value, "source_number"), _sort(_text(value, "sort"), passage)
    seed = value.get("draw_seed")
    place = town(passage) if seed is None else drawn(int(float(str(seed))), number, passage)
    stage = _stage(value)
    replied, unit = _moment(value, "replied_at"), _text(value, "unit")
    came_from = " ".join(filter(None, (_text(value, "district"), _text(value, "street"))))
    words = _text(value, "words")
    return Past(
        source_system=record.source,
        source_number=number,
        place=place,
        title=words or _title(sort, number, passage),
        source=Source.HOTLINE.value,
        stage=stage,
        lead=None if stage is Incident.reported else _lead(sort, place, passage),
        desk=county_desk(passage) if stage is Incident.reported else None,
        due_at=_moment(value, "due_at"),
        received_at=_moment(value, "dispatched_at"),
        answered_at=replied,
        answered=replied is not None or stage in (Incident.verifying, Incident.closed),
        ended_at=_moment(value, "closed_at"),
        extended=value.get("extended") is True or value.get("extended_until") is not None,
        supervised=value.get("supervised") is True,
        redone=value.get("redone") is True,
        words=words,
        category=sort,
        grade=_grade(sort, passage),
        request_class=_class(_text(value, "class")),
        confidential=value.get("confidential") is True,
        where=came_from if seed is None else "",
        found_by=" ".join((unit, came_from, *_path(value))),
        facts=_kept(value),
        record=_record(value, seed),
    )


def _record(value: Values, seed: Value) -> IncidentRecord:
    note = (
        _("The source's place is not in this county; a place was drawn for it by the seed %(seed)d.")
        % {"seed": int(float(str(seed)))}
        if seed is not None
        else ""
    )
    urgent = value.get("urgent")
    return IncidentRecord(
        reported_unit=_text(value, "unit"),
        source_district=_text(value, "district"),
        source_street=_text(value, "street"),
        source_category=_path(value),
        urgent=urgent if isinstance(urgent, bool) else None,
        note=note,
    )


def _stage(value: Values) -> Stage:
    """Where the source says it stands; a sheet without states says it by the reply alone."""
    said = _text(value, "state")
    return STANDS[said or ("finished" if value.get("replied_at") else "handling")]


def _sort(key: str, passage: Passage) -> str:
    if key and edition_book(county_of(passage).edition_id)[IncidentsSection].sort(key) is None:
        raise RowRefused(
            _("The pack has no category “%(key)s”; write one of its keys as sort in the map.") % {"key": key}
        )
    return key


def _grade(sort: str, passage: Passage) -> str:
    """The grade the pack gives to the sort; an unknown one gets that of what else its office takes."""
    section = edition_book(county_of(passage).edition_id)[IncidentsSection]
    if found := section.sort(sort):
        return found.grade
    return next((c.grade for c in section.categories if c.handler == section.unknown_handler), "")


def _title(sort: str, number: str, passage: Passage) -> str:
    """A title for an order whose words were not published: its sort, and its number at the source."""
    found = edition_book(county_of(passage).edition_id)[IncidentsSection].sort(sort)
    named = (found.child or found.category).name if found else "热线工单"
    return f"{named}（工单 {number}）"


def _lead(sort: str, place: Place, passage: Passage) -> Post:
    """The county's handler for the sort on that ground; looked up once for each."""
    path = ground_of(place).path
    if (sort, path) not in passage.memory.setdefault("leads", {}):
        passage.memory["leads"][sort, path] = handler_of(county_of(passage).pk, sort, path)
    found: Post | None = passage.memory["leads"][sort, path]
    if found is None:
        raise RowRefused(_("No organisation of the county handles this; name one in the pack's categories."))
    return found


# ---- values of a row


def _text(value: Values, name: str) -> str:
    return str(value.get(name) or "")


def _moment(value: Values, name: str) -> datetime | None:
    found = value.get(name)
    return found if isinstance(found, datetime) else None


def _path(value: Values) -> tuple[str, ...]:
    found = value.get("category")
    return found if isinstance(found, tuple) else (found,) if isinstance(found, str) else ()


def _class(said: str) -> str:
    return CLASSES[said].value if said else ""


def _kept(value: Values) -> dict[str, str | bool]:
    kept = {name: value.get(name) for name in KEPT}
    return {
        name: said.isoformat() if isinstance(said, datetime) else said[:200] if isinstance(said, str) else said
        for name, said in kept.items()
        if isinstance(said, datetime | str | bool)
    }
