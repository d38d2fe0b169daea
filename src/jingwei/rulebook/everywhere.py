"""The chapters that every county has: kinds of case, who does what, what happens when it is late, duties, figures."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.kinds import KINDS
from jingwei.casework.pack import CaseworkSection
from jingwei.duties.declared import DUTIES, SHOWN
from jingwei.duties.pack import DutiesSection, DutyLine, OwedBy
from jingwei.duties.pages.wording import EVERY
from jingwei.figures.declared import BOOKS, Figure, Flow, Share, Stock
from jingwei.figures.pack import FiguresSection
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import OrganisationsSection, Role
from jingwei.policy.books import Book
from jingwei.policy.calendar import WorktimeSection
from jingwei.rulebook.loops import loop_of
from jingwei.rulebook.parts import Section, Table, Words, chapter
from jingwei.rulebook.wording import (
    FOLLOWING,
    handler_told,
    holders,
    listed,
    role_of_the_house,
    spoken,
    titled,
    where_told,
)


@chapter("kinds", gettext_lazy("How each kind of case goes"), place=30)
def kinds(book: Book) -> Iterator[Section]:
    """A loop for every kind there is."""
    yield Section(
        "",
        (
            Words(
                _(
                    "Each box is a stage, with who owes it and the time it may take; below stand the ways out of it. "
                    "Lines at the right lead on, dashed lines at the left lead back; numbers say where to."
                )
            ),
        ),
    )
    for kind in KINDS.values():
        yield loop_of(kind, book)


@chapter("roles", gettext_lazy("Who does what"), place=40)
def roles(book: Book) -> Iterator[Section]:
    """Each role with the posts that hold it, and the steps it takes."""
    rows = []
    for role in Role:
        takes = [_deeds(role, name) for name in KINDS if _deeds(role, name)]
        held = holders(book, role)
        if takes or held:
            rows.append((role_of_the_house(role), "\n".join(held) or _not_held(role), "\n".join(takes) or "—"))
    yield Section("", (Table(_("Roles, posts and steps"), (_("Role"), _("Posts"), _("Steps")), tuple(rows)),))


def _deeds(role: Role, kind: str) -> str:
    steps = listed(step.title for step in KINDS[kind].steps.values() if role in step.by)
    return titled(KINDS[kind].title, steps) if steps else ""


def _not_held(role: Role) -> str:
    return _("follows from the case") if role in FOLLOWING else _("nobody in this county")


@chapter("late", gettext_lazy("When it is late, and what else holds for every case"), place=50)
def late(book: Book) -> Iterator[Section]:
    """Reminders, extensions, holds, returns, sampling, signatures; and what office time is."""
    casework, worktime = book[CaseworkSection], book[WorktimeSection]
    before = [_("%(span)s before it is due") % {"span": spoken(span)} for span in casework.reminders.before]
    shares = [_("after %(share)d %% of the time") % {"share": share * 100} for share in casework.reminders.shares]
    said = {
        _("Reminder"): _("Whoever owes it is told %(when)s.") % {"when": listed([*shares, *before])},
        _("When it is late"): _(
            "Whoever owes it is told at once; the case stands under «late» for its unit and for all who direct it, "
            "and counts as late in every figure. It does not change hands by itself."
        ),
        _("Extension"): _limit(casework.extension.times, casework.extension.longest),
        _("Hold"): _limit(casework.hold.times, casework.hold.longest),
        _("Return"): _("After %(n)d returns the arbiter decides who handles it.") % {"n": casework.bounce_limit},
        _("Signature before a reply leaves"): _signature(book),
        _("Looked at again, drawn by lot"): _(
            "%(spot)s of what was handled on the spot, %(answered)s of what was answered at once."
        )
        % {"spot": _percent(casework.sampling.on_the_spot), "answered": _percent(casework.sampling.answered)},
        _("Reopening by the resident"): _("Within %(span)s after the end.") % {"span": spoken(casework.reopen_span)},
        _("Office time"): _("%(hours)s on working days; holidays and make-up days as the State Council announces.")
        % {"hours": listed(worktime.hours)},
    }  # fmt: skip
    yield Section("", (Table(_("Rules for every case"), (_("Item"), _("Rule")), tuple(said.items())),))
    reasons = {
        _("Reasons for a return"): casework.return_reasons,
        _("Reasons for an extension"): casework.extension_reasons,
        _("Reasons for a hold"): casework.hold_reasons,
    }
    rows = tuple((title, "\n".join(str(one) for one in lines if not one.retired)) for title, lines in reasons.items())
    yield Section("", (Table(_("Reasons that can be given"), (_("For"), _("Reasons")), rows),))


def _limit(times: int, longest: str) -> str:
    if not times:
        return _("None.")
    return _("At most %(n)d times, by %(span)s at most; applied for and approved.") % {
        "n": times,
        "span": spoken(longest),
    }


def _percent(share: float) -> str:
    return f"{share * 100:g}%"


def _signature(book: Book) -> str:
    sign_off = book[CaseworkSection].sign_off
    if sign_off.by == "none":
        return _("None is asked for.")
    words = {key: word for kind in KINDS.values() for key, word in kind.words(book).get("grade", {}).items()}
    return _("By whoever signs for the unit, for the grades: %(grades)s.") % {
        "grades": listed(words.get(key, key) for key in sign_off.grades)
    }


@chapter("duties", gettext_lazy("What recurs"), place=60)
def duties(book: Book) -> Iterator[Section]:
    """The county's duties: who owes them, how often, and by which record they are met."""
    section = book[DutiesSection]
    rows = tuple(_duty(book, line) for line in section.standing)
    if not rows:
        yield Section("", (Words(_("This county has no recurring duties in her pack.")),))
        return
    head = (_("Duty"), _("Owed by"), _("How often"), _("Met by"))
    excuses = listed(one for one in section.excuses if not one.retired)
    by_records = _(
        "A duty is met by a record that exists anyway. Nobody checks in; nothing is filled in a second time."
    )
    excused = _("Not owed, once the one who answers for the unit has said so: %(why)s.") % {"why": excuses}
    yield Section("", (Words(by_records), Table(_("Duties"), head, rows), Words(excused)))


def _duty(book: Book, line: DutyLine) -> tuple[str, str, str, str]:
    record = DUTIES[line.of].met_by if line.of in DUTIES else SHOWN
    often = str(EVERY[line.every])
    if line.times > 1:
        often = _("%(n)d times %(every)s") % {"n": line.times, "every": often}
    name = f"{line}\n{titled(_('Source'), line.source)}" if line.source else str(line)
    return name, _owed_by(book, line.owed_by), often, str(record.title)


def _owed_by(book: Book, owed_by: OwedBy) -> str:
    if owed_by.role is not None:
        return "\n".join(holders(book, owed_by.role)) or role_of_the_house(owed_by.role)
    if owed_by.organisations is not None:
        offices = book[OfficesSection]
        kinds_ = offices.kinds_of(owed_by.organisations)
        return listed(line for line in offices.kinds if line.key in kinds_ and not line.retired)
    if owed_by.post is not None and (found := book[OrganisationsSection].post(owed_by.post)):
        organisation, post = found
        return _("%(post)s (%(units)s)") % {"post": post, "units": where_told(book, organisation, post)}
    return handler_told(book, owed_by.source or owed_by.post or "")


@chapter("figures", gettext_lazy("What is counted"), place=90)
def figures(book: Book) -> Iterator[Section]:
    """Every figure with its definition."""
    least = {"compared": book[FiguresSection].least_compared, "published": book[FiguresSection].least_published}
    opens = _("Every number opens: behind it stand the rows that were counted.")
    small = _("Below %(compared)d nothing is compared, and below %(published)d nothing is published.") % least
    yield Section("", (Words(opens), Words(small)))
    for one in BOOKS.values():
        rows = tuple(_figure(figure) for figure in one.figures.values())
        table = Table(str(one.title), (_("Figure"), _("Definition"), _("Sort")), rows)
        yield Section(str(one.title), (table,), f"figures-{one.name}")


def _figure(figure: Figure) -> tuple[str, str, str]:
    says = str(figure.says)
    if figure.leaves_out:
        says += "\n" + _("Left out: %(what)s") % {"what": figure.leaves_out}
    sort = ""
    match figure:
        case Flow():
            sort = _("in a period")
        case Stock():
            sort = _("on a day")
        case Share():
            sort = _("%(part)s of %(whole)s") % {"part": figure.part.title, "whole": figure.of.title}
    return str(figure.title), says, sort
