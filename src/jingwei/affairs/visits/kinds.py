"""A promise made on a visit: kept by the post it was given to, and confirmed by whoever made it."""

from django.utils.translation import gettext_lazy as _

from jingwei.casework.kinds import Clock, Ending, Kind, Opening, Redo, Stage, Step
from jingwei.casework.needs import MISSING, Words
from jingwei.organisations.pack import Role
from jingwei.policy.books import Book


class VisitPromise(Kind, name="visit_promise"):
    """What was promised on a visit, owed by one post until a day; whoever visited confirms that it was kept."""

    title = _("Promise made on a visit")

    given = Opening(_("To be kept"), Role.DEPARTMENT, six="handle", seven="handling")
    reported = Stage(_("Reported as kept"), Role.OPENER, six="oversee", seven="handling_told")
    kept = Ending(_("What was promised is done"), six="feed_back", seven="evaluated")
    dropped = Ending(_("Cannot be kept"), met=False, six="feed_back", seven="evaluated")

    report = Step(
        _("Report what was done"),
        given,
        to=reported,
        by=Role.OWNER,
        needs=(Words("words", _("What was done, and what came of it")),),
        past=_("Reported as kept"),
        key="KeyD",
    )
    confirm = Step(
        _("Confirm, and those who asked were told"),
        reported,
        to=kept,
        by=Role.OPENER,
        past=_("What was promised is done"),
    )
    again = Redo(
        _("Not yet"),
        reported,
        to=given,
        by=Role.OPENER,
        needs=(MISSING,),
        past=_("Sent back: not yet kept"),
    )
    drop = Step(
        _("It cannot be kept"),
        reported,
        to=dropped,
        by=Role.OPENER,
        needs=(Words("words", _("Why it cannot be kept, and how those who asked were told")),),
        past=_("Could not be kept"),
    )

    handling_clock = Clock(_("Keeping it"), (given,), answers=True, name="handling")

    @classmethod
    def words(cls, book: Book) -> dict[str, dict[str, str]]:
        """It always comes from a visit."""
        return {"source": {"visit": str(_("Visit"))}}
