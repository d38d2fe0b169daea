"""What the pages of an alliance, an agreement and the forming of an owners' committee show."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.drawn import Cell, Table, View
from jingwei.doors.desk.offices.seen.wording import address, button, day, link, words_of
from jingwei.organisations.bonds import Agreement, Alliance, Forming
from jingwei.organisations.models import Organisation
from jingwei.organisations.offices import word
from jingwei.organisations.past import stood


def alliance(row: Alliance, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """An alliance: its core, its standing sorts of member, any further ones, its agreements."""
    offices = words_of(sitting)
    said = next((one for one in offices.alliances if one.key == row.sort), None)
    view = View(str(row), (reverse("desk:office_list", args=["alliances"]), _("Alliances")))
    view.facts = [(_("Sort"), str(said or row.sort)), (_("Core"), str(row.core)), (_("Since"), day(row.since))]
    if row.until:
        view.facts.append((_("Ended on"), day(row.until)))
    members = list(row.memberships.filter(stood(on)).select_related("organisation").order_by("pk"))
    parts = [*(said.members if said else ()), None]
    for part in parts:
        here = [one for one in members if one.part == (part.key if part else "")]
        title = str(part) if part else (_("Further members") if said and said.members else _("Members"))
        rows = [
            [link(one.organisation), Cell(day(one.since)), button("leave_alliance", one.pk, row.until is None)]
            for one in here
        ]
        empty = _("None yet. Add the organisation as this sort of member.") if part else ""
        view.tables.append(Table(title, [_("Organisation"), _("Since"), ""], rows, empty))
    agreements = [
        [Cell(str(one), address("agreement", one.pk)), link(one.first), link(one.second)]
        for one in row.agreements.select_related("first", "second")
    ]
    view.tables.append(Table(_("Agreements"), [_("Agreement"), "", ""], agreements))
    view.tables = [table for table in view.tables if table.rows or table.empty]
    return view


def agreement(row: Agreement, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """An agreement: its promises, and how each was kept."""
    offices = words_of(sitting)
    view = View(str(row), (reverse("desk:office_list", args=["agreements"]), _("Agreements")))
    parties = [_party(row.first), _party(row.second)]
    view.facts = [
        (_("Sort"), word(offices.agreements, row.sort)),
        (_("Between"), parties[0]),
        (_("And"), parties[1]),
        (_("Signed on"), day(row.since)),
        (_("Term until"), day(row.term_until) or "—"),
    ]
    if row.until:
        view.tags.append((_("Ended"), "late"))
    elif row.term_until and row.term_until <= today:
        view.tags.append((_("Term is over"), "late"))
    rows = []
    for one in row.promises.select_related("by").prefetch_related("fulfilments__post").order_by("pk"):
        kept = sorted(one.fulfilments.all(), key=lambda each: each.on)
        late = not any(each.whole for each in kept) and one.due is not None and one.due < today
        state = _("; ").join(
            f"{day(each.on)} {each.evidence}" + ("" if each.whole else _(" (in part)")) for each in kept
        )
        rows.append(
            [
                Cell(one.words),
                Cell(str(one.by)),
                Cell(day(one.due) or "—"),
                Cell(state or (_("Not kept in time") if late else _("Not kept yet")), level="late" if late else ""),
            ]
        )
    empty = _("No promise is written down. Add what each of the two promised, so that it can be seen to be kept.")
    view.tables = [
        Table(_("Promises"), [_("What is promised"), _("By whom"), _("By when"), _("How it was kept")], rows, empty)
    ]
    return view


def _party(row: Organisation) -> str:
    """Who signed, and who stands in its place since."""
    return f"{row}（{row.successor}）" if row.successor else str(row)


def forming(row: Forming, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """The forming or renewal of an owners' committee, with its candidates."""
    offices = words_of(sitting)
    view = View(
        _("Renewal: %(name)s") % {"name": row.organisation}
        if row.renewal
        else _("Forming: %(name)s") % {"name": row.organisation},
        (address("organisation", row.organisation_id), str(row.organisation)),
    )
    view.facts = [(_("Since"), day(row.since)), (_("Ended on"), day(row.until) or _("under way"))]
    rows = [
        [
            Cell(one.person.name or _("(erased)")),
            Cell(day(one.put_forward_on)),
            _outcome(one.passed),
            Cell(word(offices.objections, one.objection) if one.objection else "—"),
        ]
        for one in row.candidates.select_related("person").order_by("pk")
    ]
    empty = _("Nobody has been put forward. Put somebody forward; another person decides on her.")
    view.tables = [
        Table(_("Candidates"), [_("Who"), _("Put forward"), _("Outcome of the vetting"), _("Objection")], rows, empty)
    ]
    view.notes.append(
        (
            _(
                "Only candidates without objection can be appointed. Whoever signs or leads here decides; "
                "never who put her forward."
            ),
            "",
        )
    )
    return view


def _outcome(passed: bool | None) -> Cell:
    if passed is None:
        return Cell(_("waiting"), level="check")
    return Cell(_("no objection"), level="done") if passed else Cell(_("not put forward"), level="late")
