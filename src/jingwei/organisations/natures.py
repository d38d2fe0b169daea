"""What an organisation is to the code, whatever a county calls it."""

from enum import StrEnum


class Nature(StrEnum):
    """Natures of organisation; a pack's kinds each have one."""

    LEADERSHIP = "leadership"
    CENTRE = "centre"
    DEPARTMENT = "department"
    COMMITTEE = "committee"
    COMMUNITY = "community"
    STATION = "station"
    PARTY = "party"
    UNIT = "unit"
    """A unit that reports in where it sits 包抓单位."""
    PROPERTY = "property"
    OWNERS = "owners"
    """Owners' committee or property management committee."""
    SOCIAL = "social"
    ECONOMIC = "economic"
    MASS = "mass"
    WATCH = "watch"
    """Volunteer watch post 义警站."""
    TEAM = "team"
    """Service team."""
    OTHER = "other"


class PartyBody(StrEnum):
    """What an organisation of the Party is by its rules, whatever level a county gives it."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    GROUP = "group"
    HUB = "hub"
    """Party-member hub household."""


INTERESTED = frozenset({Nature.PROPERTY, Nature.OWNERS, Nature.SOCIAL, Nature.ECONOMIC})
"""Natures with an interest of their own: whoever holds a post there verifies and closes nothing about them."""

CROSSED = frozenset({Nature.COMMUNITY, Nature.PARTY, Nature.PROPERTY, Nature.OWNERS})
"""Between these, posts held by one person are cross-appointment 交叉任职."""

AROUND = frozenset({Nature.ECONOMIC, Nature.SOCIAL, Nature.MASS, Nature.WATCH, Nature.UNIT, Nature.PROPERTY})
"""The organisations around: registered here, though nobody here founds them."""
