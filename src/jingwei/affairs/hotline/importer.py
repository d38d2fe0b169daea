"""Takes a hotline's orders in from its sheet: what each field means, which rows are refused, how the rest is kept."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.affairs.hotline.ground import county_of
from jingwei.affairs.hotline.numbers import told
from jingwei.affairs.hotline.reading import CLASSES, STANDS, past_of
from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.following import take_over_again
from jingwei.casework.acts.past import take_over
from jingwei.casework.kinds import Word
from jingwei.casework.models import Case
from jingwei.casework.refusals import Refused
from jingwei.imports import Field, Importer, Passage, Record, RowRefused, register
from jingwei.imports.mapping import Value

LONGEST_SOURCE, LONGEST_NUMBER = 40, 60


def _f(name: str, title: Word, kind: str = "text", *, required: bool = False, choices: Sequence[str] = ()) -> Field:
    return Field(name, title, (kind,), required, tuple(choices))  # type: ignore[arg-type]


FIELDS = (
    _f("source_number", gettext_lazy("Number in its own system"), required=True),
    _f("due_at", gettext_lazy("Due time, set by the source"), "moment"),
    _f("dispatched_at", gettext_lazy("Sent to us"), "moment"),
    _f("replied_at", gettext_lazy("Unit's reply"), "moment"),
    _f("closed_at", gettext_lazy("Closed"), "moment"),
    _f("state", gettext_lazy("State"), "choice", choices=tuple(STANDS)),
    _f("unit", gettext_lazy("Unit responsible")),
    _f("words", gettext_lazy("What was said")),
    _f("channel", gettext_lazy("Channel")),
    _f("class", gettext_lazy("Class of request"), "choice", choices=tuple(CLASSES)),
    _f("category", gettext_lazy("Category of the source"), "path"),
    Field("sort", gettext_lazy("Our own category"), ("text", "choice")),
    _f("district", gettext_lazy("District")),
    _f("street", gettext_lazy("Subdistrict")),
    Field("draw_seed", gettext_lazy("Seed by which places are drawn"), ("number",)),
    _f("urgent", gettext_lazy("Urgent"), "yes_no"),
    _f("confidential", gettext_lazy("Confidential"), "yes_no"),
    _f("reply_wanted", gettext_lazy("Reply wanted"), "yes_no"),
    _f("supervised", gettext_lazy("Formally supervised"), "yes_no"),
    _f("supervised_at", gettext_lazy("Supervised since"), "moment"),
    _f("extended", gettext_lazy("Extended"), "yes_no"),
    _f("extended_until", gettext_lazy("Extension"), "moment"),
    _f("redone", gettext_lazy("Done again"), "yes_no"),
    _f("redo_dispatched_at", gettext_lazy("Sent to be done again"), "moment"),
    _f("redo_called_back_at", gettext_lazy("Called back after that"), "moment"),
    _f("redo_result", gettext_lazy("Result of that call")),
    _f("returned", gettext_lazy("Returned"), "yes_no"),
)


def check(record: Record, passage: Passage) -> None:
    """Refuse a row that is due before it was sent, or does not fit.

    A reply before the dispatch is taken: hotlines write the last dispatch over the first when they send again.
    """
    county_of(passage)
    value = record.values
    if len(str(value["source_number"])) > LONGEST_NUMBER or len(record.source) > LONGEST_SOURCE:
        raise RowRefused(
            _("The source's name has at most %(source)d characters, its number %(number)d. Shorten it.")
            % {"source": LONGEST_SOURCE, "number": LONGEST_NUMBER}
        )
    if _before(value.get("due_at"), value.get("dispatched_at")):
        raise RowRefused(
            _("Due at %(due)s, before it was dispatched at %(sent)s. Correct one of the two times.")
            % {"due": _said(value["due_at"]), "sent": _said(value["dispatched_at"])}
        )


def _before(one: Value, other: Value) -> bool:
    return bool(one and other and one < other)  # type: ignore[operator]


def _said(moment: Value) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def load_many(records: Sequence[Record], passage: Passage) -> list[int]:
    """Take over the orders of these rows; those taken over before go on from where they stood."""
    fresh = [record for record in records if record.known is None]
    made = take_over(
        Incident, [past_of(r, passage) for r in fresh], county_of(passage), actor=passage.actor, at=passage.at
    )
    ids = {record.number: case.pk for record, case in zip(fresh, made, strict=True)}
    for record in records:
        if record.known is not None:
            ids[record.number] = _again(record, record.known, passage)
    return [ids[record.number] for record in records]


@transaction.atomic
def _again(record: Record, known: int, passage: Passage) -> int:
    """An order that has changed at its source since; refused where work has begun on it here."""
    case = Case.objects.get(pk=known)
    try:
        take_over_again(case, past_of(record, passage), actor=passage.actor, at=passage.at)
    except Refused as refused:
        raise RowRefused(refused.sentence) from None
    return case.pk


def load(record: Record, passage: Passage) -> int:
    """Take over the order of one row."""
    return load_many([record], passage)[0]


ORDERS = register(
    Importer(
        "orders",
        gettext_lazy("Orders of a hotline"),
        FIELDS,
        load,
        key="source_number",
        check=check,
        load_many=load_many,
        figures=told,
    )
)
