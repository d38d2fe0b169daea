"""Cases that belong together: joining duplicates, splitting one into several, asking others to assist."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.acts.deeds import Deed, Line, Said
from jingwei.casework.acts.held import lock_in_order
from jingwei.casework.acts.opening import Intake, as_record, open_case
from jingwei.casework.acts.remarks import concerned, words_given
from jingwei.casework.acts.steps import ask_assistance, children_closed
from jingwei.casework.may import OF_THE_LEAD
from jingwei.casework.models import Case
from jingwei.casework.refusals import NotOne, ended
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.places.models import Place
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

JOINED = verb("case.joined", gettext_lazy("join"), gettext_lazy("Joined to another case"))
TOOK_IN = verb("case.took_in", gettext_lazy("take in"), gettext_lazy("Another case was joined to this one"))
SPLIT = verb("case.split", gettext_lazy("split"), gettext_lazy("Split"))
ASKED = verb("case.asked_assistance", gettext_lazy("ask to assist"), gettext_lazy("Asked another unit to assist"))


@transaction.atomic
def join(case: Case, main: Case, words: str = "", *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Join a duplicate to the case that goes on; both askers read how that one fares. Locked in order of age."""
    both = sorted((case.pk, main.pk))
    lock_in_order(both)
    held = {pk: Deed.begin(pk, actor, at, key) for pk in both}
    deed, other = held[case.pk], held[main.pk]
    case, main = deed.case, other.case
    if deed.done:
        return case
    concerned(deed, {Role.DISPATCHER, Role.ARBITER})
    concerned(other, {Role.DISPATCHER, Role.ARBITER})
    if not case.is_open:
        raise ended()
    if (
        case.pk == main.pk
        or case.kind != main.kind
        or case.county_id != main.county_id
        or main.main_id
        or case.parent_id
    ):
        raise NotOne(_("Choose another open case of the same kind that was not itself joined to one."))
    if not main.is_open:
        raise NotOne(_("That case has ended; reopen it first, or handle this one by itself."))
    children_closed(deed)
    ending = case.of_kind.joined
    case.main = main
    said = (Said("remark", words),)
    line = Line(
        JOINED,
        public=True,
        from_stage=case.stage,
        to_stage=ending.name,
        facts={"main": main.number},
        said=said,
        key=key,
    )
    deed.write(line)
    other.write(Line(TOOK_IN, facts={"joined": case.number}))
    deed.stand(case.at_stage, ending)
    deed.end(ending)
    other.put_down()
    return deed.put_down()


@transaction.atomic
def split(case: Case, parts: Sequence[str], *, actor: Actor, at: datetime, key: UUID | None = None) -> list[Case]:
    """Open a child case for each part of a matter that has several; the parent cannot end before they have."""
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return list(case.children.all())
    concerned(deed, {Role.DISPATCHER, Role.ARBITER})
    if not case.is_open:
        raise ended()
    titles = [words_given(p, "parts") for p in parts]
    deed.write(Line(SPLIT, facts={"parts": len(titles)}, key=key))
    deed.put_down()
    return [open_case(case.of_kind, _part(case, title), actor=actor, at=at) for title in titles]


def _part(case: Case, title: str) -> Intake:
    return Intake(
        place=Place.objects.get(pk=case.place_id),
        title=title,
        source=case.source,
        words=title,
        grade=case.grade,
        category=case.category,
        request_class=case.request_class,
        where=case.where,
        confidential=bool(case.tier),
        record=as_record(case),
        parent=case,
    )


@transaction.atomic
def ask_to_assist(case: Case, post: Post, words: str, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Ask another department to assist, by a child case that it owes."""
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    concerned(deed, set(OF_THE_LEAD) | {Role.DISPATCHER, Role.ARBITER})
    if not case.is_open:
        raise ended()
    words = words_given(words)
    deed.write(Line(ASKED, facts={"post": post.full_title}, said=(Said("remark", words),), key=key))
    deed.put_down()
    return ask_assistance(case, post.pk, actor=actor, at=at, words=words)
