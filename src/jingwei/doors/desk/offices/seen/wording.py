"""The small words of these pages: addresses, days, who holds a post, what a sort is called."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.drawn import Cell
from jingwei.organisations.models import Appointment, Organisation, Post, Responsibility
from jingwei.organisations.offices import OfficesSection, word
from jingwei.policy.queries import book


def address(sort: str, pk: int) -> str:
    """The page of a thing."""
    return reverse("desk:office", args=[sort, pk])


def day(on: dt.date | None) -> str:
    """A day as pages write it."""
    return on.isoformat() if on else ""


def words_of(sitting: Sitting) -> OfficesSection:
    """The county's words for organisations."""
    return book(sitting.county_code)[OfficesSection]


def link(row: Organisation | Post | None) -> Cell:
    """A cell that leads to an organisation or a post."""
    if row is None:
        return Cell("—")
    sort = "post" if isinstance(row, Post) else "organisation"
    return Cell(str(row), address(sort, row.pk))


def holders(post: Post, on: dt.date) -> list[Appointment]:
    """Who holds a post on a day, those who act for somebody last."""
    return sorted((one for one in post.appointments.all() if one.holds(on)), key=lambda one: (one.acting, one.pk))


def held_by(post: Post, on: dt.date) -> Cell:
    """The names of the holders, or that the post is vacant."""
    names = [one.person.name + (_(" (acting)") if one.acting else "") for one in holders(post, on)]
    return Cell(_(", ").join(names)) if names else Cell(_("Vacant"), level="late")


def button(deed: str, row: int, shown: bool = True) -> Cell:
    """A cell with the button of a deed on this row; empty where it is not offered."""
    return Cell(deed=deed if shown else "", row=row)


def sort_of(one: Responsibility, offices: OfficesSection) -> str:
    """What a responsibility is called: its sort in the county's words, or the title the pack gave it."""
    return word(offices.responsibilities, one.sort) if one.sort else one.title
