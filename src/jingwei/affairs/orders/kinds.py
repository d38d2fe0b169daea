"""An order for a service 点单 派单 接单 评单: from the resident who orders to the resident who rates."""

import re
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.orders.pack import OrdersSection
from jingwei.casework.kinds import (
    Clock,
    Ending,
    Fork,
    Kind,
    Opening,
    Redo,
    Sampling,
    Stage,
    Step,
    Suggestion,
    Waiting,
    Word,
)
from jingwei.casework.models import Case
from jingwei.casework.needs import OPINION, RESULT, Choice, Handler, Offered, Words
from jingwei.casework.offers import offered_to
from jingwei.casework.pages.asking_where import QR, WEB
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.organisations.queries import front_desks, reaching
from jingwei.policy.books import Book
from jingwei.policy.queries import edition_book
from jingwei.policy.sections import words_of

FINDS_A_TEAM = (Role.CLERK, Role.DISPATCHER)
"""Whoever of the community, or above it, has the order in hand."""


def of_the_ground(case: Case, posts: QuerySet[Post]) -> QuerySet[Post]:
    """Teams whose ground holds the place of the order, the nearest first."""
    return reaching(posts, case.ground_path)


def last_to_answer(case: Case) -> bool:
    """Whether nobody is left who might take the order up, once the one who answers now has passed it by."""
    return case.lead_id is not None or len(offered_to(case)) <= 1


class Order(Kind, name="order"):
    """A small service that a resident orders (document 0; regulation on voluntary service, arts. 12, 15, 25).

    A team takes an order up of its own accord: it passes one by without saying why, and nothing is counted of that.
    What nobody takes up in time comes back to the community. Only the resident rates; a bad rating is put right.
    """

    title = _("Order")
    opened_by = (Role.CLERK, Role.DISPATCHER, Role.GRID_WORKER)
    asks_for: ClassVar[dict[str, Word]] = {"category": _("Service")}
    for_residents = True
    rectified_by = "problem"
    you_opened = _("You ordered it")
    what_follows = _(
        "The community looks for a team, which takes it up of its own accord. When it has come, you alone rate it, "
        "with your code. A bad rating is put right."
    )

    ordered = Opening(_("Waiting for a team"), Role.CLERK, public=_("Received"), six="report", seven="case_made")
    sent = Stage(_("Sent to a team, which may take it up"), Role.TEAM, public=_("A team is being asked"), six="assign",
                 seven="dispatch")  # fmt: skip
    offered = Stage(_("Offered to several teams"), Role.CLERK, public=_("Teams are being asked"), six="assign",
                    seven="dispatch")  # fmt: skip
    taken = Stage(_("Taken up by a team"), Role.TEAM, public=_("A team has taken it up"), six="handle",
                  seven="handling")  # fmt: skip
    said_done = Stage(_("The team says it is done"), Role.SYSTEM, public=_("The team has come"), six="oversee",
                      seven="handling_told")  # fmt: skip
    asking = Stage(
        _("Drawn: the resident is asked"), Role.CALLER, public=_("The team has come"), six="oversee", seven="verified"
    )
    served = Ending(_("Served"), public=_("Served"), six="feed_back", seven="evaluated")
    not_served = Ending(_("Could not be served"), met=False, public=_("Could not be served"), six="feed_back",
                        seven="case_made")  # fmt: skip

    send = Step(
        _("Send it to a team"),
        ordered,
        to=sent,
        by=FINDS_A_TEAM,
        needs=(Handler("team", _("Service team"), role=Role.TEAM, among=of_the_ground), OPINION),
        past=_("Sent to a team"),
        key="KeyA",
    )
    offer = Step(
        _("Offer it to several teams"),
        ordered,
        to=offered,
        by=FINDS_A_TEAM,
        needs=(Offered("teams", _("Teams that may take it up"), among=of_the_ground), OPINION),
        past=_("Offered to teams"),
        key="KeyO",
    )
    cannot = Step(
        _("It cannot be served"),
        ordered,
        to=not_served,
        by=FINDS_A_TEAM,
        needs=(
            Choice("route", _("Lawful route"), of="routes", public=True, required=False),
            Words("reply", _("What the resident is told"), public=True),
        ),
        past=_("It could not be served"),
    )
    take_up = Step(
        _("Take it up"),
        sent,
        offered,
        to=taken,
        by=Role.TEAM,
        needs=(Words("reply", _("When you come"), public=True, required=False),),
        past=_("A team took it up"),
        leads=True,
        key="KeyE",
    )
    pass_by = Step(
        _("Not this time"),
        sent,
        offered,
        to=Fork(last_to_answer, yes=ordered, no=offered),
        by=Role.TEAM,
        past=_("A team passed it by"),
        public=False,
        works=False,
        passes=True,
    )
    nobody_took_it = Step(
        _("Nobody took it up in time"),
        sent,
        offered,
        to=ordered,
        by=Role.SYSTEM,
        past=_("Nobody took it up in time; another team is sought"),
    )
    call_off = Step(
        _("Take it back"),
        sent,
        offered,
        to=ordered,
        by=FINDS_A_TEAM,
        past=_("It was taken back from the teams"),
        public=False,
        works=False,
        key="KeyU",
    )
    give_back = Step(
        _("We cannot come after all"),
        taken,
        to=ordered,
        by=Role.TEAM,
        past=_("The team cannot come after all; another one is sought"),
        works=False,
        passes=True,
    )
    report_served = Step(
        _("Report it done"),
        taken,
        to=said_done,
        by=Role.TEAM,
        needs=(
            Words("reply", _("What was done"), public=True),
            RESULT,
        ),
        past=_("The team says it is done"),
        works=True,
        key="KeyD",
    )
    draw = Step(_("Draw for a call"), said_done, to=asking, by=Role.SYSTEM, past=_("Drawn for a call"), public=False)
    let_pass = Step(_("Let pass"), said_done, to=served, by=Role.SYSTEM, past=_("Served; please rate it"))
    it_was_done = Step(
        _("It was done"),
        asking,
        to=served,
        by=Role.CALLER,
        needs=(Words("words", _("What the resident said"), required=False),),
        past=_("The resident says it was done"),
        key="KeyB",
    )
    it_was_not = Redo(
        _("It was not done"),
        asking,
        to=ordered,
        by=Role.CALLER,
        needs=(Words("words", _("What the resident said")),),
        past=_("The resident says it was not done; another team is sought"),
    )

    sample_served = Sampling(said_done, drawn=draw, passed=let_pass, rate="served")

    finding_clock = Clock(_("Finding a team"), (ordered,), name="assignment")
    to_be_taken_up = Waiting(_("To be taken up"), sent, offered, then=nobody_took_it)
    service_clock = Clock(_("Coming to you"), (taken,), answers=True, name="handling")
    call_clock = Clock(_("Call to the resident"), (asking,), name="call_back")

    @classmethod
    def words(cls, book: Book) -> dict[str, dict[str, str]]:
        """The catalogue, and the ways an order comes in at the door."""
        services = words_of(book[OrdersSection].services)
        return {"category": services, "source": {WEB: gettext("Residents' door"), QR: gettext("QR code at the door")}}

    @classmethod
    def suggested(cls, case: Case) -> list[Suggestion]:
        """The teams that the catalogue names for the service, the nearest first."""
        service = edition_book(case.edition_id)[OrdersSection].service(case.category)
        if service is None or not service.teams:
            return []
        teams = of_the_ground(case, front_desks(case.county_id, Role.TEAM))
        reason = gettext("The catalogue names it for «%(service)s».") % {"service": service}
        named = re.compile("|".join(f"{re.escape(key)}(_[0-9]+)?" for key in service.teams))
        return [Suggestion(post, reason) for post in teams if named.fullmatch(post.organisation.key)]
