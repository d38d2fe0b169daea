"""Who asked, uncovered: for the unit that has the case, while it is open, each time with a reason, and never after."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from jingwei.casework.may import takers
from jingwei.casework.models import Case
from jingwei.casework.needs import Wanting
from jingwei.casework.refusals import NotYours
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.people.acts import unmask
from jingwei.people.lists import NAME, TELEPHONE, InformationSection
from jingwei.policy.queries import book as book_of
from jingwei.policy.sections import Keyed
from jingwei.trail.actor import Actor

OWNER = "owner"
"""In a list's `unmasked_by`: any post of the organisation that owes the case now."""

SHORTEST = 4
"""Characters of a reason; «查看» alone is none."""

SHOWN_TO_CENTRE = {Role.DISPATCHER, Role.ARBITER, Role.CALLER, Role.CLERK}
"""Roles that are told who asked in a confidential case."""


@dataclass(frozen=True)
class Contact:
    """A name and a telephone number in clear; empty where not left, erased, or not for this post."""

    name: str
    telephone: str


def kept_from(case: Case, roles: set[Role], post: Post) -> bool:
    """Whether who asked is kept from this post, since the case is confidential.

    Only the centre knows, and not where the centre's own unit handles it: whoever is complained about may be the one
    who handles.
    """
    if not case.tier:
        return False
    handles = case.lead is not None and case.lead.organisation_id == post.organisation_id
    return not roles & SHOWN_TO_CENTRE or (handles and not roles & {Role.DISPATCHER, Role.ARBITER})


def shown_to(case: Case, roles: set[Role], post: Post) -> set[str]:
    """Which of name and telephone this post may have shown now, as keys of the information list."""
    if not case.is_open or case.asker is None or kept_from(case, roles, post):
        return set()
    held: set[str] = {role.value for role in roles}
    if case.owner is not None and case.owner.organisation_id == post.organisation_id:
        held.add(OWNER)
    information = book_of(case.county_id)[InformationSection]
    left = {NAME.key: case.asker.name_locked, TELEPHONE.key: case.asker.telephone_locked}
    lines = (information.line(key) for key, kept in left.items() if kept)
    return {line.key for line in lines if line and held & set(line.unmasked_by)}


def reasons(county_code: str) -> list[Keyed]:
    """The county's reasons for having somebody's contact shown."""
    return [reason for reason in book_of(county_code)[InformationSection].reasons if not reason.retired]


def show_contact(case: Case, *, reason: str, words: str, actor: Actor, post: Post, at: datetime) -> Contact:
    """Uncover who asked, for this once. Who looked at whose, and why, is kept (PIPL 51, 54).

    Raises NotYours for a post without need, Wanting without a reason.
    """
    fields = shown_to(case, takers(case, actor, post), post)
    if not fields or case.asker is None:
        raise NotYours(
            _("Name and number are shown to the unit that has the case, while it is open. Ask the unit that owes it.")
        )
    if reason not in {one.key for one in reasons(case.county_id)}:
        raise Wanting("reason", _("Choose a reason from the list."))
    if len(words.strip()) < SHORTEST:
        raise Wanting("words", _("Say in a few words why you need it."))
    unmask(case.asker, about=case.number, reason=reason, words=words.strip(), actor=actor, at=at)
    name = case.asker.name if NAME.key in fields else ""
    return Contact(name, case.asker.telephone if TELEPHONE.key in fields else "")
