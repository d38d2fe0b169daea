"""Incidents: what residents and grid workers report, from 采集 to 反馈, and a hand lent by another unit."""

from django.utils.translation import gettext_lazy as _

from jingwei.affairs.incidents.handlers import families, handlers_for, incident_words
from jingwei.casework.kinds import (
    Clock,
    Ending,
    Fork,
    Kind,
    Opening,
    Record,
    Redo,
    Return,
    Sampling,
    Stage,
    Step,
    Suggestion,
)
from jingwei.casework.models import Case
from jingwei.casework.needs import MISSING, OPINION, RESULT, Assisting, Choice, Handler, Photo, Rating, Words
from jingwei.casework.pack import CaseworkSection
from jingwei.organisations.pack import UNIT, Role
from jingwei.policy.books import Book
from jingwei.policy.queries import edition_book


class IncidentRecord(Record, frozen=True, kw_only=True):
    """What only an incident has: the units and words the source used, kept as they came."""

    reported_unit: str = ""
    source_district: str = ""
    source_street: str = ""
    source_category: tuple[str, ...] = ()
    urgent: bool | None = None
    note: str = ""


def needs_signature(case: Case) -> bool:
    """Whether the pack asks for a signature before the reply to a case of this grade leaves 审签."""
    return edition_book(case.edition_id)[CaseworkSection].sign_off.needed(case.grade)


def asker_can_be_asked(case: Case) -> bool:
    """Whether somebody asked who left a way to be rung up."""
    return case.asks_back and case.asker_id is not None and case.parent_id is None


def has_a_lead(case: Case) -> bool:
    """Whether a unit leads the case; one handled on the spot has none until a check fails it."""
    return case.lead_id is not None


REPLY = Words(
    "reply",
    _("Reply to the resident"),
    public=True,
    phrases=True,
    hint=_("What was done, and what it comes to."),
)


class Incident(Kind, name="incident"):
    """An incident is accepted or refused with its lawful route, assigned, handled, verified by another
    person, and asked back by a third. GB/T 33358-2016; 接诉即办 practice; document 4."""

    title = _("Incident")
    record = IncidentRecord
    assisted_by = "assistance"

    reported = Opening(
        _("Waiting to be accepted"), Role.DISPATCHER, public=_("Received"), six="report", seven="gathering"
    )
    accepted = Stage(
        _("Waiting to be assigned"), Role.DISPATCHER, public=_("Accepted"), six="assign", seven="case_made"
    )
    assigned = Stage(
        _("Waiting to be signed for"), Role.DEPARTMENT, public=_("Assigned"), six="assign", seven="dispatch"
    )
    handling = Stage(_("Being handled"), Role.DEPARTMENT, public=_("Being handled"), six="handle", seven="handling")
    to_sign = Stage(
        _("Waiting for sign-off"), Role.SIGNER, public=_("Being handled"), six="handle", seven="handling_told"
    )
    verifying = Stage(
        _("Waiting for verification"),
        Role.INSPECTOR,
        public=_("Being verified"),
        six="oversee",
        seven="verified",
    )
    calling_back = Stage(
        _("Waiting for the call-back"), Role.CALLER, public=_("Handled"), six="feed_back", seven="verified"
    )
    on_the_spot = Stage(_("Handled on the spot"), Role.SYSTEM, public=_("Handled"), six="oversee", seven="verified")
    answered_at_once = Stage(_("Answered at once"), Role.SYSTEM, public=_("Answered"), six="oversee", seven="verified")
    closed = Ending(_("Closed"), public=_("Closed"), six="feed_back", seven="evaluated")
    refused = Ending(
        _("Refused, with the lawful route"),
        met=False,
        public=_("Not accepted"),
        six="feed_back",
        seven="case_made",
    )

    assign = Step(
        _("Assign"),
        reported,
        accepted,
        to=assigned,
        by=(Role.DISPATCHER, Role.ARBITER),
        needs=(Handler("handler", _("Lead unit")), Assisting("assisting", _("Assisting units")), OPINION),
        past=_("Assigned"),
        key="KeyA",
    )
    accept = Step(
        _("Accept"), reported, to=accepted, by=(Role.DISPATCHER, Role.ARBITER), past=_("Accepted"), key="KeyE"
    )
    refuse = Step(
        _("Refuse"),
        reported,
        to=refused,
        by=(Role.DISPATCHER, Role.ARBITER),
        needs=(
            Choice("route", _("Lawful route"), of="routes", public=True),
            Words("reply", _("What the resident is told"), public=True),
        ),
        past=_("Not accepted; the lawful route was told"),
    )
    refuse_later = Step(
        _("Refuse after all"),
        accepted,
        to=refused,
        by=Role.ARBITER,
        needs=(
            Choice("route", _("Lawful route"), of="routes", public=True),
            Words("reply", _("What the resident is told"), public=True),
        ),
        past=_("Not accepted; the lawful route was told"),
    )
    handle_on_the_spot = Step(
        _("Handled on the spot"),
        reported,
        to=on_the_spot,
        by=(Role.GRID_WORKER, Role.CLERK),
        needs=(REPLY, RESULT),
        past=_("Handled on the spot"),
        works=True,
    )
    answer = Step(
        _("Answer at once"),
        reported,
        to=answered_at_once,
        by=(Role.CLERK, Role.DISPATCHER),
        needs=(REPLY,),
        past=_("Answered at once"),
        works=True,
    )
    recall = Step(
        _("Take the assignment back"),
        assigned,
        to=accepted,
        by=(Role.DISPATCHER, Role.ARBITER),
        past=_("The assignment was taken back"),
        works=False,
        public=False,
        key="KeyU",
    )
    sign_for = Step(
        _("Sign for it"),
        assigned,
        to=handling,
        by=Role.DEPARTMENT,
        past=_("Signed for"),
        works=False,
        key="KeyS",
    )
    report_handled = Step(
        _("Report it handled"),
        handling,
        to=Fork(needs_signature, yes=to_sign, no=verifying),
        by=UNIT,
        needs=(REPLY, RESULT),
        past=_("Reported as handled"),
        works=True,
        key="KeyD",
    )
    assign_onward = Step(
        _("Assign onward"),
        assigned,
        handling,
        to=handling,
        by=Role.DEPARTMENT,
        needs=(Handler("section", _("Section"), inside=True), OPINION),
        past=_("Assigned onward inside the unit"),
        works=True,
        public=False,
        key="KeyO",
    )
    give_back = Return(
        _("Return"),
        assigned,
        handling,
        to=accepted,
        by=Role.DEPARTMENT,
        needs=(
            Choice("return_reason", _("Reason"), of="return_reasons"),
            Words("words", _("Who should handle it, and why")),
        ),
        past=_("Returned"),
        public=False,
        key="KeyR",
    )
    sign_off = Step(
        _("Sign off"),
        to_sign,
        to=verifying,
        by=Role.SIGNER,
        needs=(OPINION,),
        past=_("Signed off"),
        public=False,
        key="KeyG",
    )
    not_yet = Redo(
        _("Not good enough yet"),
        to_sign,
        to=handling,
        by=Role.SIGNER,
        needs=(MISSING,),
        past=_("Sent back by the signer"),
        public=False,
    )
    fail = Redo(
        _("Not passed"),
        verifying,
        to=Fork(has_a_lead, yes=handling, no=accepted),
        by=Role.INSPECTOR,
        needs=(
            Words("words", _("What was found")),
            Photo("photographs", _("Photographs"), reason=_("What was found on the spot.")),
        ),
        past=_("Verification not passed; to be done again"),
        key="KeyF",
    )
    verify = Step(
        _("Passed"),
        verifying,
        to=Fork(asker_can_be_asked, yes=calling_back, no=closed),
        by=Role.INSPECTOR,
        needs=(OPINION,),
        past=_("Verification passed"),
        key="KeyP",
    )
    call_back = Step(
        _("Record the call-back"),
        calling_back,
        to=closed,
        by=Role.CALLER,
        needs=(
            Rating("rating", _("Rating told by telephone")),
            Words("words", _("What the resident said"), required=False),
        ),
        apart_from=(verify,),
        past=_("Called back"),
        key="KeyB",
    )
    unsolved = Redo(
        _("Not solved, says the resident"),
        calling_back,
        to=handling,
        by=Role.CALLER,
        needs=(Words("words", _("What is not solved")),),
        past=_("Not solved by the resident's word; to be done again"),
    )
    draw = Step(
        _("Draw for a check"),
        on_the_spot,
        answered_at_once,
        to=verifying,
        by=Role.SYSTEM,
        past=_("Drawn for a check"),
        public=False,
    )
    let_pass = Step(_("Let pass"), on_the_spot, answered_at_once, to=closed, by=Role.SYSTEM, past=_("Closed"))

    sample_handled = Sampling(on_the_spot, drawn=draw, passed=let_pass, rate="on_the_spot")
    sample_answered = Sampling(answered_at_once, drawn=draw, passed=let_pass, rate="answered")

    acceptance_clock = Clock(_("Acceptance"), (reported,), name="acceptance")
    assignment_clock = Clock(_("Assignment"), (accepted,), name="assignment")
    signing_clock = Clock(_("Signing for"), (assigned,), name="signing")
    handling_clock = Clock(_("Handling"), (assigned, handling, to_sign), answers=True, name="handling")
    sign_off_clock = Clock(_("Sign-off"), (to_sign,), name="sign_off")
    verification_clock = Clock(_("Verification"), (verifying,), name="verification")
    call_back_clock = Clock(_("Call-back"), (calling_back,), name="call_back")

    @classmethod
    def words(cls, book: Book) -> dict[str, dict[str, str]]:
        """The pack's words for grade, category, class of request and source."""
        return incident_words(book)

    @classmethod
    def families(cls, book: Book) -> dict[str, list[str]]:
        """Each category of the pack with the sorts below it."""
        return families(book)

    @classmethod
    def suggested(cls, case: Case) -> list[Suggestion]:
        """What the pack's table of categories says."""
        return handlers_for(case)


class Assistance(Kind, name="assistance"):
    """A hand lent by another unit 协办: asked for, given, and taken by the unit that leads."""

    title = _("Assistance")

    asked = Opening(_("Asked to assist"), Role.DEPARTMENT, six="assign", seven="dispatch")
    given = Stage(_("Assistance reported"), Role.LEAD, six="handle", seven="handling_told")
    done = Ending(_("Assistance taken"), six="handle", seven="handling_told")

    give = Step(
        _("Report the assistance"),
        asked,
        to=given,
        by=UNIT,
        needs=(Words("words", _("What was done, or why it cannot be")), RESULT),
        past=_("Assistance reported"),
        public=False,
        key="KeyD",
    )
    take_it = Step(_("Take it"), given, to=done, by=Role.LEAD, past=_("Assistance taken"), public=False, key="KeyP")
    ask_again = Redo(
        _("Ask again"),
        given,
        to=asked,
        by=Role.LEAD,
        needs=(MISSING,),
        past=_("Asked again"),
        public=False,
    )

    handling_clock = Clock(_("Assistance"), (asked,), answers=True, name="handling")
