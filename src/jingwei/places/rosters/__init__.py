"""Rosters of places: lists of their names, and maps or tables that say where they are."""

from jingwei.places.rosters.drawn import DRAWN
from jingwei.places.rosters.listed import PLACES, county_of

__all__ = ["DRAWN", "PLACES", "county_of"]
