"""What a county's pack says of property companies' promises: how grave a matter can be."""

from jingwei.policy.sections import Keyed, Section, section


class PromiseSection(Section, frozen=True, kw_only=True):
    """The severities; the times of each stand in [casework.spans.promise] under its key."""

    severities: tuple[Keyed, ...] = ()


section("promise", PromiseSection)
