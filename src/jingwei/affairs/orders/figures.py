"""What is counted of orders: ordered, taken up, served, rated by the resident, put right. No team is counted."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.orders.kinds import Order
from jingwei.casework.acts.residents import RECTIFIED
from jingwei.casework.counted import ACTS, CATEGORY, ROUNDS, SOURCE, last_rating
from jingwei.figures.declared import About, Condition, Figures, Flow, Share

DOCUMENT = _("Document 0: residents order, the community dispatches, teams accept, residents rate")
RATING = _("Government services: five levels of rating")
REGULATION = _("Regulation on voluntary service, art. 25: nobody is made to serve")
ORDERS, TIMES = _("orders"), _("times")


def _not_by_team(about: About) -> About:
    """The same rows, of one kind, set side by side by service and by door, never by team."""
    return replace(about.narrowed(case__kind=Order.name), by=(CATEGORY, SOURCE))


OF_ROUNDS, OF_ACTS = _not_by_team(ROUNDS), _not_by_team(ACTS)
SERVED = Q(ending=Order.served.name)


def rated(at: datetime) -> Condition:
    """Rounds served that the resident had rated herself by `at`; what was told on the telephone is kept apart."""
    return SERVED & Exists(last_rating(at).filter(actor_kind="bearer"))


def satisfied(at: datetime) -> Condition:
    """Of these, the ones whose rating by `at` was one of the three better levels."""
    return SERVED & Exists(last_rating(at).filter(actor_kind="bearer", facts__rating__gte=3))


class OrderFigures(Figures, name="orders", about=OF_ROUNDS):
    """Orders for services."""

    title = _("Orders for services")

    opened = Flow(
        _("Ordered"), _("Orders that came in, by the moment they came in."), DOCUMENT, when="opened_at", unit=ORDERS,
        leaves_out=_("A reopened order begins a new round, which counts again."),
    )  # fmt: skip
    taken_up = Flow(
        _("Taken up"), _("Times a team took an order up. Orders that a team passed by are counted nowhere."),
        REGULATION, about=OF_ACTS, when="at", unit=TIMES, rows=Q(step=Order.take_up.name),
    )  # fmt: skip
    done = Flow(
        _("Served"), _("Rounds that ended with the service done."), DOCUMENT, when="ended_at", unit=ORDERS, rows=SERVED,
        leaves_out=_("Orders withdrawn, and those that could not be served."),
    )  # fmt: skip
    rated = Flow(
        _("Rated"), _("Of those served, the rounds that the resident rated herself, by the day they were served."),
        RATING, when="ended_at", unit=ORDERS, rows=rated,
        leaves_out=_("Rounds that nobody rated."),
    )  # fmt: skip
    satisfied = Flow(
        _("Satisfied"), _("Of these, the ones rated very satisfied, satisfied, or fairly satisfied."), RATING,
        when="ended_at", unit=ORDERS, rows=satisfied,
    )  # fmt: skip
    rectifications = Flow(
        _("Rectifications opened"), _("Rectifications that a bad rating of an order opened."), RATING, about=OF_ACTS,
        when="at", unit=TIMES, rows=Q(verb=RECTIFIED.name),
    )  # fmt: skip
    rating_share = Share(
        _("Share rated"), _("Rounds that the resident rated, of those served."), RATING, part=rated, of=done
    )  # fmt: skip
    satisfaction_share = Share(
        _("Share satisfied"), _("Rounds rated fairly satisfied or better, of those rated."), RATING,
        part=satisfied, of=rated,
    )  # fmt: skip
