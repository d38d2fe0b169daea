"""What a county's pack says about incidents: what people report, how grave it is, and who handles it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext as _
from msgspec import Meta

from jingwei.affairs.incidents.pack_titles import HOTLINE_TITLES, INCIDENTS_TITLES
from jingwei.casework.pack import CaseworkSection
from jingwei.organisations.pack import OrganisationsSection, Role
from jingwei.policy.sections import Icon, Key, Keyed, Section, Text, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class RequestClass(StrEnum):
    """The five classes of request."""

    ENQUIRY = "enquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"


class Source(StrEnum):
    """The doors an incident can come in by."""

    RESIDENT_QR = "resident_qr"
    RESIDENT_WEB = "resident_web"
    GRID_WORKER = "grid_worker"
    COUNTER = "counter"
    CHAT = "chat"
    TELEPHONE = "telephone"
    HOTLINE = "hotline_12345"
    STATION = "station"
    DEPUTIES_STUDIO = "deputies_studio"
    OPINION_DRIVE = "opinion_drive"


class HotlineField(StrEnum):
    """What a column of the hotline's own sheet can hold."""

    NUMBER = "number"
    RECEIVED_AT = "received_at"
    DESCRIPTION = "description"
    OPINION = "opinion"
    DUE_AT = "due_at"
    CONTACT = "contact"
    PHONE = "phone"
    ADDRESS = "address"
    URGENCY = "urgency"
    CONFIDENTIAL = "confidential"
    WANTS_REPLY = "wants_reply"
    REPLY_NOTE = "reply_note"
    HISTORY = "history"
    TRANSFERRED_BY = "transferred_by"
    NOTE = "note"
    ACCEPTANCE = "acceptance"
    CLERK = "clerk"
    CLERK_NUMBER = "clerk_number"
    SOURCE = "source"
    REQUEST_CLASS = "request_class"
    ENTERED_AT = "entered_at"
    CATEGORY_1 = "category_1"
    CATEGORY_2 = "category_2"
    CATEGORY_3 = "category_3"
    CATEGORY_4 = "category_4"
    CATEGORY_5 = "category_5"
    ORDER_KIND = "order_kind"
    REPLY_KIND = "reply_kind"
    REPLIED_AT = "replied_at"
    REPLIED_BY = "replied_by"
    REPLY = "reply"
    RETURN_OPINION = "return_opinion"
    LEADER_OPINION = "leader_opinion"
    SIGNER = "signer"
    HANDLER_CONTACT = "handler_contact"
    HANDLER_PHONE = "handler_phone"
    EXTENDED_TO = "extended_to"
    EXTENDED_DAYS = "extended_days"
    CALLER_TOLD = "caller_told"
    ANSWERED_BY = "answered_by"
    ANSWERED_AT = "answered_at"
    ANSWER_PHONE = "answer_phone"
    UNIT = "unit"
    UNIT_REPLIED_AT = "unit_replied_at"


class Grade(Keyed, frozen=True, kw_only=True):
    """How grave an incident is; 1 is the lightest. Its spans stand in [casework.spans.incident]."""

    level: Annotated[int, Meta(ge=1, le=9, examples=[1])]
    explained: Text
    explained_english: str = ""


class ClassLine(Keyed, frozen=True, kw_only=True):
    """Words for one of the five classes of request."""

    key: RequestClass
    simple: bool = False
    """May be answered at once by whoever receives it (the simple procedure, sampled)."""


class SourceLine(Keyed, frozen=True, kw_only=True):
    """Words for one of the doors."""

    key: Source


class NationalClass(Keyed, frozen=True, kw_only=True):
    """One of the six major classes of incident in digital city management."""


class Child(Keyed, frozen=True, kw_only=True):
    """A sort of incident below a category; what it does not say, its category says."""

    handler: str = ""
    grade: str = ""
    request_class: RequestClass | None = None
    national: str = ""


class Category(Keyed, frozen=True, kw_only=True):
    """A category that a resident is shown, with its icon and who handles it."""

    icon: Icon
    handler: Key
    """Key of the organisation whose front desk gets it; one for each place: that of the case's own ground."""
    grade: Key
    request_class: RequestClass
    national: Key
    children: tuple[Child, ...] = ()


@dataclass(frozen=True)
class Sort:
    """One sort of incident as the table says, with the category's word where the child has none."""

    category: Category
    child: Child | None
    handler: str
    grade: str
    request_class: RequestClass
    national: str

    def __str__(self) -> str:
        return f"{self.category} · {self.child}" if self.child else str(self.category)


class IncidentsSection(Section, frozen=True, kw_only=True):
    """What is reported, and to whom it goes."""

    unknown_handler: Key
    """The organisation that gets what no category claims, so that nothing is lost."""
    grades: tuple[Grade, ...]
    classes: tuple[ClassLine, ...]
    sources: tuple[SourceLine, ...]
    national_classes: tuple[NationalClass, ...]
    categories: tuple[Category, ...]

    def grade(self, key: str) -> Grade:
        """The grade with that key."""
        return next(g for g in self.grades if g.key == key)

    def request_class(self, key: str) -> ClassLine:
        """The class of request with that key."""
        return next(c for c in self.classes if c.key == key)

    def source(self, key: str) -> SourceLine:
        """The door with that key."""
        return next(s for s in self.sources if s.key == key)

    def sort(self, key: str) -> Sort | None:
        """The sort of incident with that key, a category's or a child's; None for one not in the table."""
        for category in self.categories:
            if category.key == key:
                return _sort(category, None)
            for child in category.children:
                if child.key == key:
                    return _sort(category, child)
        return None

    def handler(self, key: str) -> str:
        """Key of the organisation that handles incidents of this sort; the town centre for an unknown one."""
        found = self.sort(key)
        return found.handler if found else self.unknown_handler


def _sort(category: Category, child: Child | None) -> Sort:
    return Sort(
        category,
        child,
        handler=(child and child.handler) or category.handler,
        grade=(child and child.grade) or category.grade,
        request_class=(child and child.request_class) or category.request_class,
        national=(child and child.national) or category.national,
    )


class Column(Section, frozen=True, kw_only=True):
    """A column of the hotline's sheet: its heading as the hotline writes it, and what stands in it."""

    heading: Text
    field: HotlineField


class HotlineSection(Section, frozen=True, kw_only=True):
    """The sheet in which orders come from the hotline and replies go back."""

    title: Text
    columns: tuple[Column, ...]


def _check(incidents: IncidentsSection, book: Book) -> Iterator[Wrong]:
    organisations = {o.key for o in book[OrganisationsSection].organisations if not o.retired}
    grades = {g.key for g in incidents.grades}
    national = {n.key for n in incidents.national_classes}
    if incidents.unknown_handler not in organisations:
        yield Wrong(("incidents", "unknown_handler"), *_no_entry(incidents.unknown_handler, organisations))
    for path, name, said in _references(incidents):
        known = {"handler": organisations, "grade": grades, "national": national}[name]
        if said and said not in known:
            yield Wrong(("incidents", *path, name), *_no_entry(said, known))
    yield from _check_desks(incidents, book[OrganisationsSection])
    yield from _check_keys(incidents)
    yield from _check_words(incidents)
    yield from _check_sign_off(grades, book[CaseworkSection])


def _references(incidents: IncidentsSection) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for n, category in enumerate(incidents.categories):
        lines: list[tuple[tuple[str | int, ...], Category | Child]] = [(("categories", n), category)]
        lines += [(("categories", n, "children", m), child) for m, child in enumerate(category.children)]
        for path, line in lines:
            yield path, "handler", line.handler
            yield path, "grade", line.grade
            yield path, "national", line.national


def _check_desks(incidents: IncidentsSection, organisations: OrganisationsSection) -> Iterator[Wrong]:
    """Whoever handles incidents has a front desk that may act as a department, or nobody would take them."""
    for path, name, said in _references(incidents):
        found = organisations.organisation(said) if name == "handler" else None
        if found and not any(p.front_desk and Role.DEPARTMENT in p.roles for p in found.posts):
            yield Wrong(
                ("incidents", *path, name),
                _("«%(name)s» has no front desk with the role «department», so nobody would take the case.")
                % {"name": found},
                _('front_desk = true, roles = ["department"] for a post of «%(key)s»') % {"key": said},
            )


def _no_entry(said: str, known: set[str]) -> tuple[str, str]:
    return (
        _("«%(said)s» is nowhere in this pack.") % {"said": said},
        _("one of: %(keys)s") % {"keys": ", ".join(sorted(known))},
    )


def _check_keys(incidents: IncidentsSection) -> Iterator[Wrong]:
    """A sort is found by its key alone, so no two lists have the same one."""
    seen = {category.key for category in incidents.categories}
    for n, category in enumerate(incidents.categories):
        for m, child in enumerate(category.children):
            if child.key in seen:
                yield Wrong(
                    ("incidents", "categories", n, "children", m, "key"),
                    _("the key «%(key)s» stands here twice.") % {"key": child.key},
                    _("a key that no other category has, above or below"),
                )
        seen |= {child.key for child in category.children}


def _check_words(incidents: IncidentsSection) -> Iterator[Wrong]:
    wanted: tuple[tuple[str, set[str], set[str]], ...] = (
        ("classes", {c.value for c in RequestClass}, {c.key.value for c in incidents.classes}),
        ("sources", {s.value for s in Source}, {s.key.value for s in incidents.sources}),
    )
    for table, known, said in wanted:
        for missing in sorted(known - said):
            yield Wrong(
                ("incidents", table),
                _("«%(key)s» has no words.") % {"key": missing},
                f'[[incidents.{table}]] key = "{missing}", name = "…", english = "…"',
            )
    levels = [grade.level for grade in incidents.grades]
    for n, level in enumerate(levels):
        if level in levels[:n]:
            yield Wrong(
                ("incidents", "grades", n, "level"),
                _("two grades have the level %(level)s.") % {"level": level},
                _("a level that no other grade has; 1 is the lightest"),
            )
    if not incidents.grades:
        yield Wrong(("incidents", "grades"), _("the list is empty."), "[[incidents.grades]]")


def _check_sign_off(grades: set[str], casework: CaseworkSection) -> Iterator[Wrong]:
    for n, grade in enumerate(casework.sign_off.grades):
        if grade not in grades:
            yield Wrong(("casework", "sign_off", "grades", n), *_no_entry(grade, grades))


def _check_hotline(hotline: HotlineSection, book: Book) -> Iterator[Wrong]:
    for name in ("heading", "field"):
        said = [str(getattr(column, name)) for column in hotline.columns]
        for n, one in enumerate(said):
            if one in said[:n]:
                yield Wrong(
                    ("hotline", "columns", n, name),
                    _("«%(said)s» stands in two columns.") % {"said": one},
                    _("a heading and a field of its own for each column"),
                )


section(
    "incidents",
    IncidentsSection,
    check=_check,
    titles=INCIDENTS_TITLES,
    refers={
        "handler": ("organisations",),
        "unknown_handler": ("organisations",),
        "grade": ("incidents", "grades"),
        "national": ("incidents", "national_classes"),
    },
)
section("hotline", HotlineSection, check=_check_hotline, titles=HOTLINE_TITLES)
