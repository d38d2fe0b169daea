"""A resident's request about her own data: recognised by one person, granted by another, carried out by the system."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.privacy.models import Sort
from jingwei.casework.kinds import Clock, Ending, Kind, Opening, Stage, Step, Word
from jingwei.casework.models import Case
from jingwei.casework.needs import OPINION, Words
from jingwei.organisations.pack import Role
from jingwei.policy.books import Book


class OwnData(Kind, name="own_data"):
    """To see, correct, erase or take along what is kept of oneself (PIPL 44–50).

    Nothing is asked that is not known already: whoever bears a case's code is recognised by it, whoever left a
    number is rung back on it, whoever comes in person shows a document of which nothing is copied.
    """

    title = _("Request about one's own data")

    asked = Opening(_("Waiting to be recognised"), Role.CALLER, public=_("Received"), six="report", seven="gathering")
    recognised = Stage(
        _("Waiting to be granted"), Role.ARBITER, public=_("Being looked at"), six="assign", seven="case_made"
    )
    granted = Stage(_("Being carried out"), Role.SYSTEM, public=_("Being carried out"), six="handle", seven="handling")
    done = Ending(_("Carried out"), public=_("Carried out"), six="feed_back", seven="evaluated")
    refused = Ending(
        _("Not granted, with the ground"), met=False, public=_("Not granted"), six="feed_back", seven="case_made"
    )

    recognise = Step(
        _("Recognised"),
        asked,
        to=recognised,
        by=(Role.CALLER, Role.CLERK, Role.DISPATCHER),
        needs=(
            Words(
                "words",
                _("How she was recognised"),
                hint=_("By her case code; rung back on the number on file; in person with a document. Copy nothing."),
            ),
        ),
        past=_("Recognised"),
        works=True,
        public=False,
    )
    grant = Step(
        _("Grant it"),
        recognised,
        to=granted,
        by=Role.ARBITER,
        needs=(OPINION,),
        apart_from=(recognise,),
        past=_("Granted"),
    )
    refuse = Step(
        _("Do not grant it"),
        asked,
        recognised,
        to=refused,
        by=Role.ARBITER,
        needs=(Words("reply", _("The ground in law, and where she may complain"), public=True, phrases=True),),
        apart_from=(recognise,),
        past=_("Not granted"),
    )
    carry_out = Step(
        _("Carry it out"),
        granted,
        to=done,
        by=Role.SYSTEM,
        needs=(Words("reply", _("What was done, and what stays"), public=True),),
        past=_("Carried out"),
    )

    handling_clock = Clock(_("Handling"), (asked, recognised, granted), answers=True, name="handling")

    sources: ClassVar[dict[str, Word]] = {"door": _("Residents' door"), "counter": _("Counter")}

    @classmethod
    def words(cls, book: Book) -> dict[str, dict[str, str]]:
        """What is asked for stands as the category; how it came in as the source."""
        return {
            "category": {sort.value: str(sort.label) for sort in Sort},
            "source": {key: str(title) for key, title in cls.sources.items()},
        }

    @classmethod
    def for_the_asker(cls, case: Case) -> list[tuple[Word, str]]:
        """The page with what is kept of her, once that was granted."""
        if case.stage == cls.done.name and case.category in (Sort.SEE, Sort.TAKE_ALONG):
            return [(_("What is kept of me"), reverse("doorstep:my_extract"))]
        return []

    @classmethod
    def for_the_desk(cls, case: Case) -> list[tuple[Word, str]]:
        """The same on paper, for whoever has no telephone at hand."""
        if case.stage == cls.done.name and case.category in (Sort.SEE, Sort.TAKE_ALONG):
            return [(_("Print what is kept of her"), reverse("desk:own_data_sheet", args=[case.number]))]
        return []
