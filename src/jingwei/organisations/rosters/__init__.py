"""Rosters of organisations: which there are, with which posts; who holds them; who answers for what."""

from jingwei.organisations.rosters import duties, offices, people

__all__ = ["duties", "offices", "people"]
