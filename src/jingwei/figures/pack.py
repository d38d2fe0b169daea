"""What a county's pack says about figures: below how many cases a number says nothing."""

from typing import Annotated

from django.utils.translation import gettext_lazy, gettext_noop
from msgspec import Meta

from jingwei.policy.sections import Section, section

Sample = Annotated[int, Meta(ge=1, le=1000, description=gettext_noop("a number of cases"), examples=[10])]


class FiguresSection(Section, frozen=True, kw_only=True):
    """The least samples. A declared figure may ask for its own."""

    least_compared: Sample
    """Units and shares are set beside one another only above this many."""
    least_published: Sample
    """An official reading withholds numbers from 1 to below this."""


TITLES = {
    "": gettext_lazy("Figures"),
    "least_compared": gettext_lazy("Least sample for comparing"),
    "least_published": gettext_lazy("Least number published"),
}

section("figures", FiguresSection, titles=TITLES)
