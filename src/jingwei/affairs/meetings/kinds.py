"""A resolution: carried out by the post it was given to, and confirmed by whoever met."""

from django.utils.translation import gettext_lazy as _

from jingwei.casework.kinds import Clock, Ending, Kind, Opening, Redo, Stage, Step
from jingwei.casework.needs import MISSING, Words
from jingwei.organisations.pack import Role
from jingwei.policy.books import Book


class Resolution(Kind, name="resolution"):
    """What a meeting resolved, owed by one post until a day; whoever met confirms that it was done."""

    title = _("Resolution of a meeting")

    given = Opening(_("To be carried out"), Role.DEPARTMENT, six="handle", seven="handling")
    reported = Stage(_("Reported as carried out"), Role.OPENER, six="oversee", seven="handling_told")
    done = Ending(_("Put into effect"), six="feed_back", seven="evaluated")
    dropped = Ending(_("Not pursued"), met=False, six="feed_back", seven="evaluated")

    report = Step(
        _("Report what was done"),
        given,
        to=reported,
        by=Role.OWNER,
        needs=(Words("words", _("What was done, and what came of it")),),
        past=_("Reported as carried out"),
        key="KeyD",
    )
    confirm = Step(_("Confirm"), reported, to=done, by=Role.OPENER, past=_("Confirmed"), key="KeyP")
    again = Redo(
        _("Not yet"),
        reported,
        to=given,
        by=Role.OPENER,
        needs=(MISSING,),
        past=_("Sent back: not yet carried out"),
    )
    drop = Step(
        _("Do not pursue it"),
        reported,
        to=dropped,
        by=Role.OPENER,
        needs=(Words("words", _("Why it is not pursued")),),
        past=_("Not pursued"),
    )

    handling_clock = Clock(_("Carrying out"), (given,), answers=True, name="handling")

    @classmethod
    def words(cls, book: Book) -> dict[str, dict[str, str]]:
        """It always comes from a meeting."""
        return {"source": {"meeting": str(_("Meeting"))}}
