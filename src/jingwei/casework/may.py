"""Who may take a step: the post that holds its role and concerns it, and never a hand that did the work."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from jingwei.accounts.models import Permit
from jingwei.accounts.permitted import photograph_asked
from jingwei.casework.kinds import Ending, Sampling, Step
from jingwei.casework.models import Act, Case
from jingwei.casework.needs import Need, with_photograph
from jingwei.casework.offers import offered_to
from jingwei.casework.owners import bounced
from jingwei.casework.refusals import NotFromHere, NotYours, OnHold, OwnWork, Refused, ended
from jingwei.organisations.models import Appointment, Organisation, Post
from jingwei.organisations.natures import INTERESTED
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import Role
from jingwei.organisations.queries import post_whole
from jingwei.policy.queries import edition_book
from jingwei.trail.actor import Actor

OF_THE_LEAD = {Role.DEPARTMENT, Role.SECTION, Role.SIGNER, Role.TEAM}
"""Roles that concern only the organisation that leads the case."""


def post_of(actor: Actor) -> Post | None:
    """The post an actor sits at, with its organisation and ground."""
    return None if actor.post_id is None else post_whole(actor.post_id)


def roles_for(case: Case, post: Post) -> set[Role]:
    """The roles in which a post is concerned with a case."""
    held = {Role(role) for role in post.roles}
    roles: set[Role] = set()
    lead = case.lead.organisation_id if case.lead else None
    if lead == post.organisation_id:
        roles |= held & OF_THE_LEAD
    if post.organisation.county_id == case.county_id and post.ground.covers(case.ground_path):
        roles |= held - OF_THE_LEAD
    if case.parent and case.parent.lead and case.parent.lead.organisation_id == post.organisation_id:
        roles |= {Role.LEAD} if Role.DEPARTMENT in held or Role.SECTION in held else set()
    if case.opened_by_id == post.organisation_id:
        roles.add(Role.OPENER)
    if Role.TEAM in held and case.lead_id is None and post.pk in offered_to(case):
        roles.add(Role.TEAM)
    if case.owner_id == post.pk:
        roles |= held | {Role.OWNER}
    return roles


def needs_of(step: Step, case: Case, permits: Iterable[Permit]) -> tuple[Need, ...]:
    """What a step needs on a case, with the photograph that an exception in force on its ground asks for."""
    asked = photograph_asked(permits, case.kind, step.name)
    return step.needs if asked is None else with_photograph(step.needs, asked.reason)


def takers(case: Case, actor: Actor, post: Post | None) -> set[Role]:
    """The roles in which an actor may act on a case."""
    if actor.kind == "machine":
        return {Role.SYSTEM}
    if actor.kind == "bearer":
        return {Role.RESIDENT} if actor == Actor.bearer(case.pk) else set()
    return roles_for(case, post) if post else set()


def why_not(
    step: Step, case: Case, actor: Actor, post: Post | None, mine: Iterable[Act] | None = None
) -> Refused | None:
    """The reason an actor may not take a step now; None if she may.

    `mine`: what she did on the case in this round, where that is known already.
    """
    if not case.is_open:
        return ended()
    if case.at_stage not in step.sources:
        return _moved_on(case)
    roles = takers(case, actor, post)
    if not roles & set(step.by):
        return NotYours(
            _("This is for another post: %(owner)s.") % {"owner": case.owner.full_title if case.owner else ""}
        )
    if barred := case.of_kind.bars(step, case, roles):
        return NotYours(barred)
    if bounced(case) and Role.DISPATCHER in step.by and Role.ARBITER not in roles | {Role.SYSTEM}:
        return NotYours(_("Returned too often: the arbiter decides now who handles it."))
    if step.counts == "returned" and case.arbitrated:
        return NotYours(_("The arbiter has decided; this cannot be returned. Handle it, or ask for an extension."))
    if case.held and actor.kind != "machine":
        return OnHold(_("The case is on hold. Take it up again first."))
    return _own_work(step, case, actor, mine) or _own_house(step, case, actor, post)


def _moved_on(case: Case) -> Refused:
    last = Act.objects.filter(case=case).exclude(to_stage="").order_by("-id").first()
    where = {"stage": case.at_stage.title, "who": last.title if last else ""}
    return NotFromHere(_("Somebody was quicker: the case now stands at «%(stage)s» (%(who)s).") % where)


def _own_work(step: Step, case: Case, actor: Actor, mine: Iterable[Act] | None) -> Refused | None:
    closes = any(isinstance(t, Ending) for t in step.targets)
    if actor.person_id is None or not (closes or step.apart_from):
        return None
    if mine is None:
        mine = Act.objects.filter(case=case, round=case.round, person_id=actor.person_id)
    mine = list(mine)
    if closes and any(act.works for act in mine):
        return OwnWork(_("You worked on this case yourself; somebody else verifies and closes it."))
    if {act.step for act in mine} & {s.name for s in step.apart_from}:
        return OwnWork(_("You verified this case yourself; a third person asks the resident."))
    return None


def _own_house(step: Step, case: Case, actor: Actor, post: Post | None) -> Refused | None:
    """Nobody closes a matter for a house of her own: one that handles it while she sits at another's post, or one
    with an interest of its own (a property manager's company) that handles it, or serves the ground it stands on.

    Her own is every organisation in which she has held a post since the matter came in.
    """
    settled = {
        rule.stage for rule in case.of_kind.automatic if isinstance(rule, Sampling)
    }  # at once, as far as she goes
    if actor.person_id is None or post is None or not any(isinstance(t, Ending) or t in settled for t in step.targets):
        return None
    since = localdate(case.recorded_at)
    own = Appointment.objects.filter(Q(until=None) | Q(until__gt=since), person_id=actor.person_id)
    kinds = dict(own.values_list("post__organisation_id", "post__organisation__kind"))
    interested = set(edition_book(case.county.edition_id)[OfficesSection].kinds_of(*INTERESTED))
    homes = {pk for pk, kind in kinds.items() if kind in interested}
    handles = case.lead.organisation_id if case.lead else None
    if handles in homes or (handles in kinds and handles != post.organisation_id) or _serves(homes, case):
        return OwnWork(_("You hold a post in the organisation this is about; somebody else verifies and closes it."))
    return None


def _serves(organisations: set[int], case: Case) -> bool:
    if not organisations:
        return False
    places = {case.place_id, case.place.compound_id} - {None}
    return Organisation.objects.filter(
        Q(ground__in=places) | Q(serves__until=None, serves__place__in=places), pk__in=organisations
    ).exists()
