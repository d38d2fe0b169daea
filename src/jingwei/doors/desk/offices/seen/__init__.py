"""What the page of an organisation, a post, an alliance, an agreement, a forming or a place's people shows."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.drawn import View
from jingwei.doors.desk.offices.seen import bonds, organisations, posts, teams
from jingwei.organisations.bonds import Agreement, Alliance, Forming
from jingwei.organisations.models import Organisation, Post
from jingwei.places.models import Place

Drawer = Callable[[Any, Sitting, dt.date, dt.date], View]
DRAWERS: dict[str, tuple[type[Any], str, Drawer]] = {
    "organisation": (Organisation, "county_id", organisations.organisation),
    "post": (Post, "organisation__county_id", posts.post),
    "alliance": (Alliance, "county_id", bonds.alliance),
    "agreement": (Agreement, "county_id", bonds.agreement),
    "forming": (Forming, "organisation__county_id", bonds.forming),
    "place": (Place, "county_id", teams.team),
}
"""Sorts of thing that have a page: their table, where their county stands, and what draws them."""
