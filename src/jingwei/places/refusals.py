"""Why a change of ground is not made, or a drawing not taken, in words that tell what to do next."""

from django.utils.translation import gettext as _


class GroundRefused(ValueError):
    """A change that the ground cannot bear is not made; `sentence` says why, `field` what it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


class ShapeRefused(GroundRefused):
    """A boundary encloses ground of the county, without crossing itself."""


class CodeRefused(GroundRefused):
    """A code is written as its scheme says, and begins with the code of the place above."""


def not_standing(name: str) -> GroundRefused:
    """For a place that has ended."""
    return GroundRefused(_("“%(name)s” does not stand any more. Choose its successor.") % {"name": name})


def too_early(day: str) -> GroundRefused:
    """For a change dated before what is written already."""
    said = _("Something that holds from a later day is written already. Give a day not before %(day)s.")
    return GroundRefused(said % {"day": day}, "day")


def not_yet() -> GroundRefused:
    """For a change dated in the future."""
    return GroundRefused(_("A change of ground is written down on the day from which it holds, or later."), "day")


def code_taken(code: str, name: str) -> CodeRefused:
    """For a code that another place has."""
    said = _("The code %(code)s is that of “%(name)s”. Give another.")
    return CodeRefused(said % {"code": code, "name": name}, "code")
