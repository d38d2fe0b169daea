"""A problem and its measures: each measure has an owner, a day and evidence; what was put right is looked at again."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from jingwei.affairs.problems.pack import RectificationSection
from jingwei.casework.kinds import (
    Clock,
    Ending,
    Gathering,
    Kind,
    Opening,
    Redo,
    Stage,
    Step,
    Waiting,
    Word,
)
from jingwei.casework.needs import MISSING, OPINION, RESULT, Entrusted, Until, Words
from jingwei.organisations.pack import UNIT, Role
from jingwei.policy.books import Book
from jingwei.policy.sections import words_of


class Problem(Kind, name="problem"):
    """A problem to be put right 整改: several measures, a signature, and a second look after a time (document 0)."""

    title = _("Problem to put right")
    opened_by = (Role.INSPECTOR, Role.DISPATCHER, Role.CLERK, Role.LEADER, Role.SIGNER)
    asks_for: ClassVar[dict[str, Word]] = {"source": _("Where it comes from")}

    found = Opening(_("Waiting for measures"), Role.OPENER, six="report", seven="case_made")
    righting = Stage(_("Measures under way"), Role.OPENER, six="handle", seven="handling")
    to_sign_off = Stage(_("Waiting to be signed off"), Role.LEADER, six="oversee", seven="handling_told")
    settling = Stage(_("Put right; to be looked at again"), Role.SYSTEM, six="oversee", seven="handling_told")
    looking_again = Stage(_("Waiting for the second look"), Role.INSPECTOR, six="oversee", seven="verified")
    righted = Ending(_("Put right, and has not come back"), six="feed_back", seven="evaluated")
    struck_off = Ending(_("Struck off, with the reason"), met=False, six="feed_back", seven="evaluated")

    add_measure = Step(
        _("Add a measure"),
        found,
        righting,
        to=righting,
        by=Role.OPENER,
        needs=(
            Words("measure", _("What is to be done")),
            Entrusted("measure_owner", _("Who does it")),
            Until("until", _("Until the end of")),
        ),
        past=_("A measure was added"),
        works=True,
        opens="measure",
        key="KeyA",
    )
    all_done = Step(
        _("All measures have ended"), righting, to=to_sign_off, by=Role.SYSTEM, past=_("All measures ended")
    )
    sign_off_problem = Step(
        _("Sign it off"),
        to_sign_off,
        to=settling,
        by=Role.LEADER,
        needs=(OPINION,),
        past=_("Signed off"),
        works=False,
        key="KeyG",
    )
    more_is_needed = Redo(
        _("More is needed"),
        to_sign_off,
        to=righting,
        by=Role.LEADER,
        needs=(MISSING,),
        past=_("Sent back: more is needed"),
    )
    look_again = Step(
        _("Look again"), settling, to=looking_again, by=Role.SYSTEM, past=_("The time of watching is over")
    )
    has_not_come_back = Step(
        _("It has not come back"),
        looking_again,
        to=righted,
        by=Role.INSPECTOR,
        needs=(Words("words", _("What was found")), RESULT),
        past=_("Looked at again: it has not come back"),
        key="KeyP",
    )
    has_come_back = Redo(
        _("It has come back"),
        looking_again,
        to=found,
        by=Role.INSPECTOR,
        needs=(Words("words", _("What was found")), RESULT),
        past=_("Looked at again: it has come back"),
        key="KeyF",
    )
    strike_off = Step(
        _("Strike it off"),
        found,
        to=struck_off,
        by=Role.LEADER,
        needs=(Words("words", _("Why it is no problem, or not ours")),),
        past=_("Struck off"),
    )

    gather_measures = Gathering(righting, all_done)

    measures_clock = Clock(_("Setting measures"), (found,), name="assignment")
    sign_off_clock = Clock(_("Sign-off"), (to_sign_off,), name="sign_off")
    watching = Waiting(_("Watched until the second look"), settling, then=look_again)
    second_look_clock = Clock(_("Second look"), (looking_again,), name="verification")

    @classmethod
    def words(cls, book: Book) -> dict[str, dict[str, str]]:
        """Where problems come from, by the pack."""
        return {"source": words_of(book[RectificationSection].drives)}


class Measure(Kind, name="measure"):
    """One measure: carried out by its owner until its day, and accepted by whoever asked for it."""

    title = _("Measure")

    set_down = Opening(_("Measure to be carried out"), Role.DEPARTMENT, six="handle", seven="handling")
    told = Stage(_("Measure reported as done"), Role.OPENER, six="oversee", seven="handling_told")
    accepted = Ending(_("Measure accepted"), six="feed_back", seven="evaluated")
    dropped = Ending(_("Measure dropped"), met=False, six="feed_back", seven="evaluated")

    tell = Step(
        _("Report the measure as done"),
        set_down,
        to=told,
        by=UNIT,
        needs=(Words("words", _("What was done, and what came of it")), RESULT),
        past=_("Measure reported as done"),
        key="KeyD",
    )
    accept_measure = Step(
        _("Accept the measure"),
        told,
        to=accepted,
        by=(Role.OPENER, Role.DISPATCHER),
        needs=(OPINION,),
        past=_("Measure accepted"),
        key="KeyP",
    )
    not_done = Redo(
        _("Not done yet"),
        told,
        to=set_down,
        by=(Role.OPENER, Role.DISPATCHER),
        needs=(MISSING,),
        past=_("Sent back: not done yet"),
    )
    drop_measure = Step(
        _("Drop the measure"),
        told,
        to=dropped,
        by=(Role.OPENER, Role.DISPATCHER),
        needs=(Words("words", _("Why it is dropped")),),
        past=_("Measure dropped"),
    )

    handling_clock = Clock(_("Measure"), (set_down,), answers=True, name="handling")
