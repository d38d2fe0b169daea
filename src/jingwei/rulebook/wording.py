"""How a rule book says things: spans of time, roles and who holds them, each in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from jingwei.casework.kinds import KINDS, Kind
from jingwei.casework.pack import ALL, CaseworkSection
from jingwei.organisations.acts.posts import ROLES
from jingwei.organisations.pack import OrganisationLine, OrganisationsSection, PostLine, Role
from jingwei.places.pack import PlacesSection
from jingwei.policy.books import Book
from jingwei.policy.sections import Label
from jingwei.worktime import Basis, Span, Unit

SPANS: dict[tuple[Unit, Basis], Any] = {
    (Unit.MINUTE, Basis.PLAIN): ngettext_lazy("%(n)d minute", "%(n)d minutes", "n"),
    (Unit.HOUR, Basis.PLAIN): ngettext_lazy("%(n)d hour", "%(n)d hours", "n"),
    (Unit.DAY, Basis.PLAIN): ngettext_lazy("%(n)d day", "%(n)d days", "n"),
    (Unit.MINUTE, Basis.WORKING): ngettext_lazy("%(n)d minute of office time", "%(n)d minutes of office time", "n"),
    (Unit.HOUR, Basis.WORKING): ngettext_lazy("%(n)d hour of office time", "%(n)d hours of office time", "n"),
    (Unit.DAY, Basis.WORKING): ngettext_lazy("%(n)d working day", "%(n)d working days", "n"),
}
FOLLOWING: dict[Role, Any] = {
    Role.RESIDENT: gettext_lazy("the resident who asked"),
    Role.LEAD: gettext_lazy("the unit that leads"),
    Role.OWNER: gettext_lazy("whichever post owes it"),
    Role.OPENER: gettext_lazy("the unit that opened it"),
    Role.SYSTEM: gettext_lazy("the system, by itself"),
}
"""Roles that follow from the case; no post holds them."""
WORKING_DAY = timedelta(hours=8)
"""Long enough to set spans in order."""
NAMED = 3
"""Organisations named one by one; of more, the first and how many there are."""


def spoken(span: Span | str) -> str:
    """A span of time in words: 3个工作日."""
    read = Span.parse(span) if isinstance(span, str) else span
    return str(SPANS[read.unit, read.basis] % {"n": read.amount})


def listed(words: Iterable[object]) -> str:
    """Words beside one another, each once: 甲、乙."""
    return _(", ").join(dict.fromkeys(str(one) for one in words))


def titled(title: object, words: str) -> str:
    """Words behind their title: 受理：30分钟."""
    return _("%(title)s: %(words)s") % {"title": title, "words": words} if title else words


def role_title(book: Book, role: Role) -> str:
    """What a role is called: as the county calls the posts that hold it, where they all have one title."""
    held = {str(post) for organisation, post in _holding(book, role)}
    return held.pop() if len(held) == 1 else role_of_the_house(role)


def role_of_the_house(role: Role) -> str:
    """What a role is called in every county."""
    return str(FOLLOWING.get(role) or ROLES[role])


def roles_told(book: Book, roles: Iterable[Role]) -> str:
    """Roles beside one another."""
    return listed(role_title(book, role) for role in roles)


def _holding(book: Book, role: Role) -> Iterator[tuple[OrganisationLine, PostLine]]:
    held = book[OrganisationsSection].with_role(role)
    return (one for one in held if not one[0].retired and not one[1].retired)


def holders(book: Book, role: Role) -> list[str]:
    """The posts that hold a role by the pack, those with one title together."""
    by_title: dict[str, list[str]] = {}
    for organisation, post in _holding(book, role):
        by_title.setdefault(str(post), []).append(where_told(book, organisation, post))
    return [_("%(post)s (%(units)s)") % {"post": title, "units": _units(units)} for title, units in by_title.items()]


def _units(units: Sequence[str]) -> str:
    if len(units) <= NAMED:
        return listed(units)
    return _("%(first)s and others, %(n)d units") % {"first": units[0], "n": len(units)}


def where_told(book: Book, organisation: OrganisationLine, post: PostLine | None = None) -> str:
    """An organisation's name; of one for each place, 各社区居民委员会; with a seat for each place, that too."""
    layers = book[PlacesSection].layers

    def each(layer: str) -> Label:
        label = next((word for key, word in layers.items() if key == layer), Label(name=layer))
        return Label(name=f"各{label.name}", english=f"each {(label.english or label.name).lower()}:")

    name = str(organisation.named(each(organisation.each))) if organisation.each else str(organisation)
    if post is not None and post.each is not None:
        return _("%(unit)s, one for each %(layer)s") % {"unit": name, "layer": layers[post.each]}
    return name


def handler_told(book: Book, key: str) -> str:
    """The organisation with that key, as a reader knows it."""
    found = book[OrganisationsSection].organisation(key)
    return where_told(book, found) if found else key


def terms(book: Book, kind: type[Kind], clock: str) -> list[tuple[str, str]]:
    """The spans of a clock: for whom, and how long; for everything alike the first is empty. None: it does not run."""
    said = _said(book, kind, clock)
    names = _names(book, kind)
    order = [key for key in names if key in said] + [key for key in said if key not in names and key != ALL]
    told = [(names.get(key, key), spoken(said[key])) for key in order]
    if ALL in said:
        told.append((_("all others") if told else "", spoken(said[ALL])))
    return told


def _said(book: Book, kind: type[Kind], clock: str) -> dict[str, str]:
    clocks = book[CaseworkSection].spans.get(kind.name, {})
    return next((dict(grades) for name, grades in clocks.items() if name.value == clock), {})


def _names(book: Book, kind: type[Kind]) -> dict[str, str]:
    """What the keys are called that spans differ by: the kind's own, then those of kinds that open it."""
    openers = [one for one in KINDS.values() if any(step.opens == kind.name for step in one.steps.values())]
    named: dict[str, str] = {}
    for one in (kind, *openers):
        lists = one.words(book)
        for list_name in ("grade", "category"):
            named = {**lists.get(list_name, {}), **named}
    return named


def in_short(book: Book, kind: type[Kind], clock: str) -> str:
    """The spans of a clock in one line: the only one, or from the shortest to the longest."""
    spans = sorted(
        {Span.parse(one) for one in _said(book, kind, clock).values()},
        key=lambda one: (one.length(WORKING_DAY), str(one)),
    )
    told = list(dict.fromkeys(spoken(span) for span in spans))
    if len(told) < 2:
        return "".join(told)
    return _("%(first)s to %(last)s") % {"first": told[0], "last": told[-1]}
