"""What a county's pack says of rectification: where its problems come from."""

from django.utils.translation import gettext_lazy

from jingwei.policy.sections import Keyed, Section, section


class RectificationSection(Section, frozen=True, kw_only=True):
    """Where problems come from: drives in which residents are asked, inspections, what a county finds itself."""

    drives: tuple[Keyed, ...] = ()


TITLES = {
    "": gettext_lazy("Rectification"),
    "drives": gettext_lazy("Where problems come from"),
}

section("rectification", RectificationSection, titles=TITLES)
