"""Information lists 信息采集清单: what may be kept about whom, why, on what ground in law, and for how long.

Every personal field the product can store is registered here by the room that stores it. Which of them a county
collects stands in its pack: a field that is not on the list is not asked for, and the act that would store it
refuses. (PIPL 5–6, 13, 17, 19; a retired line is off the list, but still says the term of what was stored before.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Meta

from jingwei.people.list_titles import INFORMATION_TITLES
from jingwei.policy.sections import Keyed, Section, Text, Wrong, in_language, section
from jingwei.policy.spans import TermText
from jingwei.worktime import Span

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from jingwei.policy.books import Book

    Word: TypeAlias = str | _StrPromise
else:
    Word = str | Promise


class Begins(StrEnum):
    """From when the term of a field runs; the code knows it, since it depends on where the field is kept."""

    ENDED = "ended"
    LEFT = "left"
    STORED = "stored"


BEGINS: dict[Begins, Word] = {
    Begins.ENDED: gettext_lazy("after the matter has ended"),
    Begins.LEFT: gettext_lazy("after leaving the last post"),
    Begins.STORED: gettext_lazy("after it was stored"),
}


class Ground(StrEnum):
    """Why the law allows it: PIPL 13 (1) to (7)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    DUTY = "duty"
    EMERGENCY = "emergency"
    REPORTING = "reporting"
    PUBLISHED = "published"
    LAW = "law"


GROUNDS: dict[Ground, Word] = {
    Ground.CONSENT: gettext_lazy("Consent"),
    Ground.CONTRACT: gettext_lazy("A contract, or human resources management"),
    Ground.DUTY: gettext_lazy("A statutory duty or obligation"),
    Ground.EMERGENCY: gettext_lazy("An emergency"),
    Ground.REPORTING: gettext_lazy("Reporting in the public interest"),
    Ground.PUBLISHED: gettext_lazy("Published already"),
    Ground.LAW: gettext_lazy("Another law"),
}


@dataclass(frozen=True)
class Personal:
    """One personal field that the code can store: whose, what, and from when its term runs."""

    key: str
    title: Word
    begins: Begins

    @property
    def of_staff(self) -> bool:
        """Whether it is kept of officials, rather than of residents."""
        return self.key.startswith("staff_")


REGISTERED: dict[str, Personal] = {}


def personal(key: str, title: Word, begins: Begins) -> Personal:
    """Register a personal field; `key` is what packs call it, and is for ever."""
    return REGISTERED.setdefault(key, Personal(key, title, begins))


NAME = personal("resident_name", gettext_lazy("Name of who asked"), Begins.ENDED)
TELEPHONE = personal("resident_telephone", gettext_lazy("Telephone of who asked"), Begins.ENDED)
STAFF_NAME = personal("staff_name", gettext_lazy("Name of an official"), Begins.LEFT)
STAFF_TELEPHONE = personal("staff_telephone", gettext_lazy("Telephone of an official"), Begins.LEFT)


class Line(Keyed, frozen=True, kw_only=True):
    """One line of a county's list."""

    purpose: Text
    purpose_english: str = ""
    ground: Ground
    article: Text
    """The law and its article."""
    keep: TermText
    """How long, in plain days; from when is the code's to say."""
    seen_by: Text
    seen_by_english: str = ""
    unmasked_by: tuple[str, ...] = ()
    """Roles that may have it shown uncovered, each time with a reason."""

    @property
    def term(self) -> timedelta:
        """How long it is kept."""
        return Span.parse(self.keep).length(timedelta(days=1))

    @property
    def why(self) -> str:
        """The purpose in the language that is switched on."""
        return in_language(self.purpose, self.purpose_english)

    @property
    def seen(self) -> str:
        """Who may see it, in the language that is switched on."""
        return in_language(self.seen_by, self.seen_by_english)


class InformationSection(Section, frozen=True, kw_only=True):
    """What the county may keep about whom; without a line, nothing."""

    fields: tuple[Line, ...] = ()
    reasons: tuple[Keyed, ...] = ()
    """Why somebody may have a covered number or name shown."""
    records_kept_years: Annotated[int, Meta(ge=3, le=30)] = 3
    """How long assessments and records of sharing are kept (PIPL 56; 网络数据安全管理条例 12: three years at least)."""

    def line(self, key: str) -> Line | None:
        """The line of a field, on the list or retired; None where the county never listed it."""
        return next((line for line in self.fields if line.key == key), None)

    def lists(self, key: str) -> bool:
        """Whether the field may be stored today."""
        line = self.line(key)
        return line is not None and not line.retired

    def term(self, key: str) -> timedelta:
        """How long the field is kept; what was never listed, not at all."""
        line = self.line(key)
        return line.term if line else timedelta()


class NotOnTheList(Exception):
    """What is not on the county's information list is not stored."""

    def __init__(self, field: Personal) -> None:
        self.field = field
        self.sentence = _(
            "«%(field)s» is not on the county's information list, so it is not stored. Leave it empty, "
            "or have the list amended in the county's pack."
        ) % {"field": field.title}
        super().__init__(self.sentence)


def refuse_unlisted(book: Book, *fields: Personal) -> None:
    """Raise NotOnTheList for the first of `fields` that the county does not collect."""
    for field in fields:
        if not book[InformationSection].lists(field.key):
            raise NotOnTheList(field)


def _check(information: InformationSection, book: Book) -> Iterator[Wrong]:
    for n, line in enumerate(information.fields):
        if line.key not in REGISTERED:
            yield Wrong(
                ("information", "fields", n, "key"),
                _("the program stores no personal field «%(key)s».") % {"key": line.key},
                _("one of: %(keys)s") % {"keys": ", ".join(sorted(REGISTERED))},
            )


section("information", InformationSection, check=_check, titles=INFORMATION_TITLES)
