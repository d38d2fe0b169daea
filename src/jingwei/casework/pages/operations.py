"""The operations common to all kinds of case: who is offered which, with which form, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingwei.casework import forms
from jingwei.casework.acts import families, motions, remarks, residents
from jingwei.casework.kinds import Word
from jingwei.casework.may import OF_THE_LEAD
from jingwei.casework.models import Case
from jingwei.casework.needs import Wanting
from jingwei.casework.queries import case_seen
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.trail.actor import Actor

Does = Callable[[Case, Any, Actor, datetime], object]
"""Do it: the case, the valid form, who, when. Raises Refused or Wanting."""


def _always(case: Case) -> bool:
    return True


def _open(case: Case) -> bool:
    return case.is_open


@dataclass(frozen=True)
class Operation:
    """One operation: offered to the roles `by` (None: everyone concerned) where `when` says it makes sense."""

    name: str
    title: Word
    done: Word
    icon: str
    does: Does
    by: frozenset[Role] | None
    when: Callable[[Case], bool] = _open
    form: type[forms.Deed] = forms.Plain
    key: str = ""
    sort: motions.Sort | None = None

    def offered(self, case: Case, roles: set[Role]) -> bool:
        """Whether it is offered to somebody concerned with the case in these roles."""
        return bool(roles) and (self.by is None or bool(roles & self.by)) and self.when(case)

    def drawn(self, offer: forms.Offer, *args: Any) -> forms.Deed:
        """Its form for a case, empty or filled with what was sent."""
        if self.sort is not None:
            return forms.MotionForm(self.sort, offer, *args)
        return self.form(self.name, offer, *args)


CENTRE = frozenset({Role.DISPATCHER, Role.ARBITER})
LEAD = frozenset(OF_THE_LEAD)


def _comment(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
    words, key = form.cleaned_data["words"], form.idempotent
    return remarks.comment(case, words, photographs=form.kept(at), actor=actor, at=at, key=key)


def _urge(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
    return remarks.urge(case, form.cleaned_data["words"], actor=actor, at=at, key=form.idempotent)


def _correct(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
    given = {name: value for name, value in form.cleaned_data.items() if name != "key" and value}
    return remarks.correct(case, **given, actor=actor, at=at, key=form.idempotent)


def _join(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
    main = case_seen(actor, form.cleaned_data["number"].strip())
    if main is None:
        raise Wanting("number", gettext("There is no such case, or your post does not see it."))
    words = form.cleaned_data["words"]
    return families.join(case, main, words, actor=actor, at=at, key=form.idempotent)


def _split(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
    return families.split(case, form.cleaned_data["parts"], actor=actor, at=at, key=form.idempotent)


def _assist(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
    post = Post.objects.select_related("organisation").get(pk=form.cleaned_data["post"])
    return families.ask_to_assist(case, post, form.cleaned_data["words"], actor=actor, at=at, key=form.idempotent)


def _shut(confidential: bool) -> Does:
    def does(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
        return remarks.shut(case, confidential, actor=actor, at=at, key=form.idempotent)

    return does


def _reopen(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
    return residents.reopen(case, form.cleaned_data["words"], actor=actor, at=at, key=form.idempotent)


def _withdraw(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
    return residents.withdraw(case, form.cleaned_data["words"], actor=actor, at=at, key=form.idempotent)


def _resume(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
    return motions.resume(case, form.cleaned_data["words"], actor=actor, at=at, key=form.idempotent)


def _raise(sort: motions.Sort) -> Does:
    def does(case: Case, form: forms.Deed, actor: Actor, at: datetime) -> object:
        given = form.cleaned_data
        return motions.raise_motion(
            sort, case, given["words"], actor=actor, at=at, until=given.get("until"),
            reason=given.get("reason", ""), key=form.idempotent,
        )  # fmt: skip

    return does


def _not_waiting(sort: motions.Sort) -> Callable[[Case], bool]:
    def when(case: Case) -> bool:
        waiting = any(m.sort == sort.name and m.settled_id is None for m in case.motions.all())
        may_be_asked = not sort.asks or (case.lead_id is not None and not case.held)
        return case.is_open and not waiting and may_be_asked

    return when


MOTION_ICONS = {"extension": "timer", "hold": "pause", "supervision": "shield-alert", "instruction": "stamp"}

OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            "urge", _("Urge"), _("Urged."), "megaphone", _urge,
            frozenset(remarks.DIRECTS | {Role.CLERK}), form=forms.OptionalRemark,
        ),
        *(
            Operation(
                sort.name, sort.title, sort.raised.past, MOTION_ICONS.get(sort.name, "stamp"), _raise(sort),
                sort.by, _not_waiting(sort), sort=sort,
            )
            for sort in motions.SORTS.values()
        ),
        Operation(
            "resume", _("Take up again"), _("Taken up again."), "play", _resume, LEAD | CENTRE,
            lambda case: case.held, forms.OptionalRemark,
        ),
        Operation(
            "assist", _("Ask to assist"), _("Asked to assist."), "users", _assist, LEAD | CENTRE,
            lambda case: case.is_open and bool(case.of_kind.assisted_by), forms.AskToAssist,
        ),
        Operation("correct", _("Correct"), _("Corrected."), "square-pen", _correct, CENTRE, form=forms.Correction),
        Operation(
            "join", _("Join"), _("Joined."), "merge", _join, CENTRE,
            lambda case: case.is_open and case.parent_id is None, forms.Joining, key="KeyM",
        ),
        Operation("split", _("Split"), _("Split."), "split", _split, CENTRE, form=forms.Splitting),
        Operation(
            "shut", _("Make confidential"), _("Confidential from now on."), "lock", _shut(True),
            CENTRE | {Role.CLERK}, lambda case: not case.tier,
        ),
        Operation(
            "unshut", _("No longer confidential"), _("No longer confidential."), "eye", _shut(False),
            CENTRE, lambda case: bool(case.tier),
        ),
        Operation(
            "reopen", _("Reopen"), _("Reopened."), "rotate-ccw", _reopen, CENTRE | {Role.CALLER},
            lambda case: not case.is_open and case.main_id is None, forms.Remark,
        ),
        Operation(
            "withdraw", _("Take the request back"), _("Taken back."), "undo-2", _withdraw, CENTRE | {Role.LEAD},
            lambda case: case.is_open and case.parent_id is not None and not case.stands_by_itself,
            forms.OptionalRemark,
        ),
    )
}  # fmt: skip
"""What may be done on a case of any kind, beside its steps; the order is that of the page."""

COMMENT = Operation(
    "comment", _("Comment"), _("Noted."), "message-square", _comment, None, _always, forms.Comment, key="KeyC"
)
"""The remark at the foot of the timeline."""


def operation_named(name: str) -> Operation | None:
    """The operation with that name."""
    return COMMENT if name == COMMENT.name else OPERATIONS.get(name)
