"""What the page of a post shows: who holds it and held it, who is away, what it answers for, how much it owes."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.drawn import Cell, Table, View
from jingwei.doors.desk.offices.seen.wording import address, button, day, sort_of, words_of
from jingwei.organisations import owed
from jingwei.organisations.models import Appointment, Leave, Post
from jingwei.organisations.offices import OfficesSection, word


def post(row: Post, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """A post: who holds it, what it answers for, how much it owes."""
    offices, now = words_of(sitting), row.until is None
    view = View(row.full_title, (address("organisation", row.organisation_id), str(row.organisation)))
    standing = [
        one
        for one in row.appointments.select_related("person").order_by("since")
        if one.until is None or one.until > today
    ]
    if not now:
        view.tags.append((_("Ended"), "late"))
    elif not any(one.holds(today) for one in standing):
        view.tags.append((_("Vacant"), "late"))
    if row.team:
        view.tags.append((word(offices.teams, row.team), "doing"))
    owes = owed.counts([row]).get(row.pk, 0)
    view.facts = [
        (_("Where it stands"), str(row.ground)),
        (_("Since"), day(row.since)),
        (_("Owes"), str(owes)),
    ]
    if row.until:
        view.facts.append((_("Ended on"), day(row.until)))
    if row.successor:
        view.facts.append((_("Successor"), row.successor.full_title))
    columns = [_("Who"), _("Since"), _("Ended on"), _("Term until"), _("Chosen from"), ""]
    view.tables = [
        Table(
            _("Held by"),
            columns,
            [_holder(one, offices, today, now) for one in standing],
            _("Nobody holds this post. Appoint somebody, or an acting holder."),
        ),
        _leaves(row, today),
        _answers(row, offices),
        Table(
            _("Held before"),
            columns[:4],
            [
                _holder(one, offices, today, False)[:4]
                for one in row.appointments.select_related("person").filter(until__lte=today).order_by("-until")[:50]
            ],
        ),
    ]
    former = [
        [Cell(str(one)), Cell(day(one.since)), Cell(day(one.until)), Cell(str(one.organisation))]
        for one in row.former.select_related("organisation").order_by("since")
    ]
    if former:
        view.tables.append(
            Table(
                _("How it was before"), [_("Title of the post"), _("Since"), _("Ended on"), _("Organisation")], former
            )
        )
    view.tables = [table for table in view.tables if table.rows or table.empty]
    view.links = [(reverse("desk:handover", args=[row.pk]), _("List to hand over"), "printer")]
    return view


def _holder(one: Appointment, offices: OfficesSection, today: dt.date, now: bool) -> list[Cell]:
    over = one.term_until is not None and one.term_until <= today and one.until is None
    name = one.person.name or _("(erased)")
    grade = f" · {word(offices.grades, one.grade)}" if one.grade else ""
    term = Cell(day(one.term_until) + (_(" · term is over") if over else ""), level="late" if over else "")
    acting = _(" (acting)") if one.acting else ""
    return [
        Cell(f"{name}{acting}{grade}"),
        Cell(day(one.since)),
        Cell(day(one.until) or "—"),
        term if one.term_until else Cell("—"),
        Cell(word(offices.chosen_from, one.chosen_from) if one.chosen_from else "—"),
        button("dismiss", one.pk, now),
    ]


def _leaves(row: Post, today: dt.date) -> Table:
    found = Leave.objects.filter(appointment__post=row, until__gt=today).select_related(
        "appointment__person", "stand_in__person"
    )
    rows = [
        [
            Cell(one.appointment.person.name),
            Cell(day(one.since)),
            Cell(day(one.until)),
            Cell(one.stand_in.person.name) if one.stand_in else Cell(_("nobody"), level="late"),
            button("back", one.pk),
        ]
        for one in found
    ]
    return Table(_("Away"), [_("Who"), _("Away from"), _("Back on"), _("Stands in"), ""], rows)


def _answers(row: Post, offices: OfficesSection) -> Table:
    found = row.responsibilities.filter(until=None).select_related("place").order_by("place__path", "place__code")
    rows = [
        [
            Cell(str(one.place), address("place", one.place_id)),
            Cell(sort_of(one, offices)),
            Cell(day(one.since)),
            button("relieve", one.pk),
        ]
        for one in found
    ]
    return Table(_("Answers for"), [_("Place"), _("Sort"), _("Since"), ""], rows)
