"""Which county a pack speaks for, and what the pack itself is called."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.utils.translation import gettext_lazy, gettext_noop
from msgspec import Meta

from jingwei.policy.sections import Label, Text, section

CountyCode = Annotated[
    str,
    Meta(pattern=r"^[0-9]{6}$", description=gettext_noop("six digits, as in GB/T 2260"), examples=["990121"]),
]
NumberPrefix = Annotated[
    str,
    Meta(pattern=r"^[A-Z]{2,4}$", description=gettext_noop("two to four capital letters"), examples=["WS"]),
]


class PackSection(Label, frozen=True, kw_only=True):
    """The pack itself: its title, what it builds on, and since when it stands."""

    extends: str = ""
    """Folder name of the pack it is laid over; empty stands alone."""
    foundation: bool = False
    """A pack that others build on; no county can adopt it as it is, and parts may be missing."""
    issued: date | None = None
    source: str = ""
    """The document the figures come from."""


class CountySection(Label, frozen=True, kw_only=True):
    """The county: its code, its name, and the letters that open its case numbers."""

    code: CountyCode
    number_prefix: NumberPrefix
    seat: Label | None = None
    """The town where the county's offices sit."""
    hotline: Text = "12345"
    """The number a resident can ring when the screen does not help."""


PACK_TITLES = {
    "": gettext_lazy("The pack"),
    "extends": gettext_lazy("Builds on"),
    "foundation": gettext_lazy("Only for others to build on"),
    "issued": gettext_lazy("Issued"),
}

COUNTY_TITLES = {
    "": gettext_lazy("County"),
    "code": gettext_lazy("Its code"),
    "number_prefix": gettext_lazy("Letters of case numbers"),
    "seat": gettext_lazy("Seat of the county"),
    "hotline": gettext_lazy("Hotline"),
}

section("pack", PackSection, titles=PACK_TITLES)
section("county", CountySection, titles=COUNTY_TITLES)
