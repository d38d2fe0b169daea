"""The public notice of a grid: its name, its ground, and the telephone of those who supervise it."""

from dataclasses import dataclass

from jingwei.places.models import Place
from jingwei.places.pack import Notice, PlacesSection
from jingwei.policy.county import CountySection
from jingwei.policy.queries import book


@dataclass(frozen=True)
class Posted:
    """What is published beside the boundary; `rules` says what of the worker may be."""

    rules: Notice
    supervision: str
    hotline: str


def notice_of(grid: Place) -> Posted:
    """The notice of a grid, as the county's pack has it."""
    pack = book(grid.county_id)
    rules, hotline = pack[PlacesSection].notice, pack[CountySection].hotline
    return Posted(rules, rules.supervision_telephone or hotline, hotline)
