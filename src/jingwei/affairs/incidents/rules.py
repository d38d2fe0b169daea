"""What the rule book says of incidents: what a resident may expect, and which unit handles which sort."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.affairs.incidents.kinds import Incident
from jingwei.affairs.incidents.pack import Category, Child, IncidentsSection
from jingwei.casework.pack import CaseworkSection
from jingwei.policy.books import Book
from jingwei.policy.county import CountySection
from jingwei.policy.sections import in_language
from jingwei.rulebook.parts import Section, Table, Words, chapter
from jingwei.rulebook.wording import handler_told, listed, role_title, spoken, terms, titled


@chapter("expect", gettext_lazy("What you may expect"), place=10, public=True)
def expect(book: Book) -> Iterator[Section]:
    """Doors, times, what the page of a case says, what is not ours, and what to do if it is not solved."""
    incidents, casework = book[IncidentsSection], book[CaseworkSection]
    doors = listed(line for line in incidents.sources if not line.retired)
    hotline = book[CountySection].hotline
    turn = _(
        "Whatever is not right near you can be reported by any of these ways: %(doors)s. No name is needed. "
        "By telephone: %(hotline)s; in an emergency 110, 119 or 120."
    )
    yield Section(_("Where to turn"), (Words(turn % {"doors": doors, "hotline": hotline}),))
    yield Section(_("How long it takes"), (_grades(book), _times(book)))
    yield Section(_("What the page of your case says"), (_stages(book),))
    reopened = _(
        "If it is not solved you can have it reopened within %(span)s after the end, with your code and without "
        "giving reasons to anybody first."
    ) % {"span": spoken(casework.reopen_span)}
    rating = _("You alone rate it: %(levels)s. Nobody rates in your name, and a bad rating is followed up.") % {
        "levels": listed(line for line in sorted(casework.ratings, key=lambda one: -one.value))
    }
    verified = _("Whoever handles it does not close it: somebody else verifies it first.")
    yield Section(_("If it is not solved"), (Words(verified), Words(reopened), Words(rating)))
    yield Section(_("What is not ours to decide"), (_routes(book),))


def _grades(book: Book) -> Table:
    handling = dict(zip((g.key for g in book[IncidentsSection].grades), _by_grade(book, "handling"), strict=True))
    signing = dict(zip((g.key for g in book[IncidentsSection].grades), _by_grade(book, "signing"), strict=True))
    rows = tuple(
        (str(grade), in_language(grade.explained, grade.explained_english), signing[grade.key], handling[grade.key])
        for grade in book[IncidentsSection].grades
        if not grade.retired
    )
    head = (_("Grade"), _("Which matters"), _("The unit signs for it within"), _("Answered within"))
    return Table(_("Times by grade"), head, rows)


def _by_grade(book: Book, clock: str) -> list[str]:
    told = dict(terms(book, Incident, clock))
    rest = told.get("") or told.get(_("all others")) or "—"
    return [told.get(str(grade), rest) for grade in book[IncidentsSection].grades]


def _times(book: Book) -> Table:
    others = [clock for clock in Incident.clocks.values() if clock.name not in ("handling", "signing", "sign_off")]
    rows = tuple(
        (str(clock.title), "\n".join(titled(name, span) for name, span in told))
        for clock in others
        if (told := terms(book, Incident, clock.name))
    )
    return Table(_("Times alike for all"), (_("Item"), _("Within")), rows)


def _stages(book: Book) -> Table:
    rows: dict[str, list[str]] = {}
    owed: dict[str, list[str]] = {}
    for stage in Incident.stages.values():
        if stage.public:
            rows.setdefault(str(stage.public), []).append(str(stage.title))
            if stage.owed_by:
                owed.setdefault(str(stage.public), []).append(role_title(book, stage.owed_by))
    return Table(
        _("What the page of your case says"), (_("You read"), _("What it means"), _("Whose turn it is")),
        tuple((words, "\n".join(means), "\n".join(owed.get(words, ["—"]))) for words, means in rows.items()),
    )  # fmt: skip


def _routes(book: Book) -> Table:
    rows = tuple(
        (str(route), route.told, "\n".join(filter(None, (route.telephone, route.law))) or "—")
        for route in book[CaseworkSection].routes
        if not route.retired
    )
    return Table(_("What is not ours to decide"), (_("Matter"), _("Where to turn"), _("Telephone, law")), rows)


@chapter("categories", gettext_lazy("Which unit handles what"), place=20, public=True)
def categories(book: Book) -> Iterator[Section]:
    """Every sort of incident with its unit, grade and time."""
    section = book[IncidentsSection]
    for category in section.categories:
        if not category.retired:
            lines = [_line(book, category, child) for child in category.children if not child.retired]
            rows = (*lines, _line(book, category, None))
            head = (_("Sort"), _("Unit"), _("Grade"), _("Answered within"))
            yield Section(str(category), (Table(str(category), head, rows),), f"category-{category.key}")
    unknown = _("What fits nowhere goes to %(unit)s, so that nothing is lost.")
    yield Section("", (Words(unknown % {"unit": handler_told(book, section.unknown_handler)}),))


def _line(book: Book, category: Category, child: Child | None) -> tuple[str, ...]:
    grade = (child and child.grade) or category.grade
    unit = handler_told(book, (child and child.handler) or category.handler)
    grades = [one.key for one in book[IncidentsSection].grades]
    time = _by_grade(book, "handling")[grades.index(grade)]
    name = str(child) if child else _("anything else of it")
    return name, unit, str(book[IncidentsSection].grade(grade)), time
