"""To whom a case is offered: whoever takes it up leads it; whoever passes it by is not asked why."""

from django.db.models import Q

from jingwei.casework.models import Act, Case, Hand
from jingwei.casework.needs import Offered
from jingwei.organisations.pack import Role

OFFERED = "offered"
"""Among the facts of an act: the ids of the posts to which the case was offered with it."""


def offered_to(case: Case) -> set[int]:
    """The posts that may take the case up now; none where it stands at no offer."""
    kind = case.of_kind
    offering = {s.name: s for s in kind.steps.values() if any(isinstance(need, Offered) for need in s.needs)}
    if not any(case.at_stage in step.targets for step in offering.values()):
        return set()
    passing = [step.name for step in kind.steps.values() if step.passes]
    told = Act.objects.filter(case=case, round=case.round).filter(Q(step__in=offering) | Q(step__in=passing))
    open_to: set[int] = set()
    for step, facts, post in told.order_by("id").values_list("step", "facts", "post"):
        open_to = set(facts.get(OFFERED, ())) if step in offering else open_to - {post}
    return open_to


def let_go(case: Case) -> None:
    """Let teams that did nothing on a case, and to which it is open no more, see it no more."""
    did = Act.objects.filter(case=case).exclude(step__in=[s.name for s in case.of_kind.steps.values() if s.passes])
    home = {case.lead.organisation_id if case.lead else 0, case.opened_by_id or 0}
    going = Hand.objects.filter(case=case, organisation__posts__roles__contains=[Role.TEAM])
    going.exclude(organisation_id__in=home).exclude(organisation__posts__in=offered_to(case)).exclude(
        organisation__posts__in=did.exclude(post=None).values("post")
    ).delete()
