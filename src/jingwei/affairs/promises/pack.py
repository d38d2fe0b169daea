"""What a county's pack says of property companies' promises: how grave a matter can be."""

from django.utils.translation import gettext_lazy

from jingwei.policy.sections import Keyed, Section, section


class PromiseSection(Section, frozen=True, kw_only=True):
    """The severities; the times of each stand in [casework.spans.promise] under its key."""

    severities: tuple[Keyed, ...] = ()


TITLES = {
    "": gettext_lazy("Promises of property companies"),
    "severities": gettext_lazy("Severities"),
}

section("promise", PromiseSection, titles=TITLES)
