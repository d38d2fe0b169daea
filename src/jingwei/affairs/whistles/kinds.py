"""A whistle 吹哨 and the reporting-in 报到 of each department it calls."""

from typing import ClassVar

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.whistles.pack import BLOWS, WhistleSection
from jingwei.casework.kinds import Clock, Ending, Gathering, Kind, Opening, Redo, Stage, Step, Word
from jingwei.casework.models import Case
from jingwei.casework.needs import MISSING, OPINION, RESULT, Assisting, Choice, Entrusted, Handler, Words
from jingwei.organisations.pack import UNIT, Role
from jingwei.policy.books import Book
from jingwei.policy.queries import edition_book
from jingwei.policy.sections import words_of

STREET = (Role.OPENER, Role.DISPATCHER)
"""Whoever of the subdistrict has the whistle in hand."""
DEPARTMENTS = (Handler("handler", _("Lead department")), Assisting("assisting", _("Other departments called")))


class Whistle(Kind, name="whistle"):
    """What the subdistrict cannot solve alone: it calls, departments come, the lead concludes, the street judges.

    Beijing ordinance on subdistrict offices (2019), arts. 11 and 17; practice of Nanjing and Yangzhou. What stays
    unsolved goes to the leading group. How many whistles there should be is nobody's target.
    """

    title = _("Whistle")
    opened_by = (Role.LEADER, Role.COMMITTEE_MEMBER, Role.DISPATCHER, Role.CLERK)
    asks_for: ClassVar[dict[str, Word]] = {"category": _("Cause of the whistle")}

    prepared = Opening(_("Whistle to be blown"), Role.OPENER, six="report", seven="case_made")
    blown = Stage(_("Departments reporting in"), Role.OPENER, six="assign", seven="dispatch")
    together = Stage(_("Handled together; to be concluded"), Role.DEPARTMENT, six="handle", seven="handling")
    judging_it = Stage(_("To be judged by the street"), Role.OPENER, six="oversee", seven="verified")
    deciding = Stage(_("Before the leading group"), Role.LEADER, six="oversee", seven="verified")
    solved = Ending(_("Solved together"), six="feed_back", seven="evaluated")
    decided = Ending(_("Decided by the leading group"), six="feed_back", seven="evaluated")
    called_off = Ending(_("Whistle not blown"), met=False, six="feed_back", seven="case_made")

    blow = Step(
        _("Blow the whistle"),
        prepared,
        to=blown,
        by=sorted(BLOWS),
        needs=(Words("words", _("What the departments are called for")), *DEPARTMENTS),
        past=_("The whistle was blown"),
        opens="attendance",
        key="KeyA",
    )
    not_blown = Step(
        _("Do not blow it"),
        prepared,
        to=called_off,
        by=(Role.LEADER, Role.COMMITTEE_MEMBER),
        needs=(Words("words", _("Why not, and what is done instead")),),
        past=_("The whistle was not blown"),
    )
    call_another = Step(
        _("Call another department"),
        blown,
        to=blown,
        by=STREET,
        needs=(
            Words("words", _("What the department is called for")),
            Entrusted("department_called", _("Department")),
        ),
        past=_("Another department was called"),
        works=False,
        opens="attendance",
    )
    all_in = Step(_("All have reported in"), blown, to=together, by=Role.SYSTEM, past=_("All have reported in"))
    conclude = Step(
        _("Conclude for all"),
        together,
        to=judging_it,
        by=UNIT,
        needs=(
            Words("words", _("What was done together, and what came of it")),
            RESULT,
        ),
        past=_("The lead concluded for all"),
        works=True,
        key="KeyD",
    )
    solved_it = Step(
        _("It is solved"), judging_it, to=solved, by=STREET, needs=(OPINION,), past=_("Solved"), key="KeyP"
    )
    not_solved_yet = Redo(
        _("Back to the lead"),
        judging_it,
        to=together,
        by=STREET,
        needs=(MISSING,),
        past=_("Given back to the lead"),
    )
    bring_up = Step(
        _("Bring it before the leading group"),
        together,
        judging_it,
        to=deciding,
        by=STREET,
        needs=(Words("words", _("What stays unsolved, and why")),),
        past=_("Brought before the leading group"),
        works=False,
    )
    decide = Step(
        _("Record the decision"),
        deciding,
        to=decided,
        by=Role.LEADER,
        needs=(Words("words", _("What was decided, and who carries it out")),),
        past=_("The leading group decided"),
    )
    call_again = Redo(
        _("Have them called again"),
        deciding,
        to=blown,
        by=Role.LEADER,
        needs=(Words("words", _("What the departments are called for")), *DEPARTMENTS),
        past=_("The leading group had departments called again"),
        opens="attendance",
    )

    gather_departments = Gathering(blown, all_in)

    together_clock = Clock(_("Handling together"), (together,), answers=True, name="handling")
    decision_clock = Clock(_("Decision of the leading group"), (deciding,), name="arbitration")

    @classmethod
    def words(cls, book: Book) -> dict[str, dict[str, str]]:
        """The pack's causes."""
        return {"category": words_of(book[WhistleSection].causes)}

    @classmethod
    def bars(cls, step: Step, case: Case, roles: set[Role]) -> str:
        """A cause is blown for by the roles that the pack names."""
        cause = edition_book(case.edition_id)[WhistleSection].cause(case.category)
        if step is cls.blow and cause is not None and not roles & set(cause.blown_by):
            return _now("For «%(cause)s» somebody else blows the whistle: ask the leading group.") % {"cause": cause}
        return ""


class Attendance(Kind, name="attendance"):
    """One department called: it signs, contacts, comes; the street rates its coming, it rates the call 双向评价."""

    title = _("Reporting in")

    called = Opening(_("Called; to be signed for"), Role.DEPARTMENT, six="assign", seven="dispatch")
    signed = Stage(_("Signed for; to contact the street"), Role.DEPARTMENT, six="handle", seven="handling")
    contacted = Stage(_("In contact; to report in"), Role.DEPARTMENT, six="handle", seven="handling")
    attended = Stage(_("Reported in; to be rated"), Role.OPENER, six="oversee", seven="handling_told")
    rated = Ending(_("Reported in and rated"), six="feed_back", seven="evaluated")
    absent = Ending(_("Did not report in"), met=False, six="feed_back", seven="evaluated")

    sign = Step(
        _("Sign for the whistle"),
        called,
        to=signed,
        by=Role.DEPARTMENT,
        past=_("Whistle signed for"),
        works=False,
        key="KeyS",
    )
    contact = Step(
        _("Record the contact"),
        signed,
        to=contacted,
        by=UNIT,
        needs=(Words("words", _("With which post, and when you come")),),
        past=_("The street was contacted"),
        works=True,
    )
    attend = Step(
        _("Report in"),
        contacted,
        to=attended,
        by=UNIT,
        needs=(
            Words("words", _("What you took on, and what was done")),
            Choice("rating_of_whistle", _("Was it right to call you?"), of="ratings"),
        ),
        past=_("Reported in"),
        works=True,
        key="KeyD",
    )
    rate_department = Step(
        _("Rate the reporting in"),
        attended,
        to=rated,
        by=STREET,
        needs=(Choice("rating_of_department", _("How did it report in?"), of="ratings"), OPINION),
        past=_("The street rated the reporting in"),
        key="KeyP",
    )
    was_not_there = Redo(
        _("It was not there"),
        attended,
        to=contacted,
        by=STREET,
        needs=(Words("words", _("What happened")),),
        past=_("Given back: it was not there"),
    )
    did_not_come = Step(
        _("It did not come"),
        called,
        signed,
        contacted,
        to=absent,
        by=STREET,
        needs=(Words("words", _("What happened")),),
        past=_("It did not come"),
    )

    signing_clock = Clock(_("Signing for"), (called,), name="signing")
    contact_clock = Clock(_("Contacting the street"), (called, signed), name="contact")
    attendance_clock = Clock(_("Reporting in"), (called, signed, contacted), answers=True, name="attendance")
