"""Who owes a case at a stage: the post that its role names, on its ground; nothing is ever owed by nobody."""

from collections.abc import Iterable

from jingwei.casework.kinds import Ending, Stage
from jingwei.casework.models import Case, Standing
from jingwei.casework.pack import CaseworkSection
from jingwei.organisations.models import Post
from jingwei.organisations.pack import UNIT, Role
from jingwei.organisations.queries import front_desk, post_for, post_in, successor_of
from jingwei.policy.queries import edition_book


class Unowned(LookupError):
    """Every county has a post for each role that owes work, or at least a dispatcher; `check` says which is missing."""


def owner_at(case: Case, stage: Stage, stood: Iterable[Standing] = ()) -> Post | None:
    """The post that owes `case` at `stage`; None at an ending. `stood`: how it stood before, the first first."""
    if isinstance(stage, Ending):
        return None
    found = _standing(_by_role(case, stage, stood))
    for fallback in (Role.DISPATCHER, Role.ARBITER):
        found = found or post_for(fallback, case.ground_path)
    if found is None:
        raise Unowned(f"No post in the county owes {stage.name!r}; give a post the role 'dispatcher' in the pack.")
    return found


def _standing(post: Post | None) -> Post | None:
    """A post that has ended owes nothing: whoever took over from it does."""
    return post if post is None or post.until is None else successor_of(post)


def _by_role(case: Case, stage: Stage, stood: Iterable[Standing]) -> Post | None:
    role = stage.owed_by
    if role is None or role is Role.SYSTEM:
        return case.owner
    if role is Role.DISPATCHER and bounced(case):
        return post_for(Role.ARBITER, case.ground_path)
    if role is Role.LEAD:
        return case.parent.lead if case.parent else None
    if role is Role.OPENER:
        return front_desk(case.opened_by_id) if case.opened_by_id else None
    if role in (*UNIT, Role.TEAM):
        return _again(case, stage, stood) or case.lead
    if role is Role.SIGNER:
        return (post_in(case.lead.organisation_id, Role.SIGNER) if case.lead else None) or case.lead
    return post_for(role, case.ground_path)


def _again(case: Case, stage: Stage, stood: Iterable[Standing]) -> Post | None:
    """Where the case stood with its lead at this stage before in the round: done again by the same desk."""
    if case.lead is None:
        return None
    owners = [s.owner for s in stood if s.round == case.round and s.stage == stage.name and s.owner is not None]
    return next((o for o in reversed(owners) if o.organisation_id == case.lead.organisation_id), None)


def by_ground(stage: Stage) -> Role | None:
    """The role whose nearest post owes a case that enters `stage` for the first time; None where the case says who."""
    return None if stage.owed_by in _BY_CASE else stage.owed_by


_BY_CASE = frozenset(
    {None, Role.SYSTEM, Role.LEAD, Role.OPENER, Role.OWNER, Role.DEPARTMENT, Role.SECTION, Role.SIGNER, Role.TEAM}
)


def bounced(case: Case) -> bool:
    """Whether the case was returned so often that the arbiter decides who handles it (the pack's bounce limit)."""
    return case.returned >= max(1, edition_book(case.edition_id)[CaseworkSection].bounce_limit) and not case.arbitrated
