"""Why something about organisations and posts was not done: each a rule, with a sentence that tells the next move."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


class OrganisationRefused(ValueError):
    """What is done to organisations and posts keeps their county, their order and their past whole."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


class StillOwed(OrganisationRefused):
    """Nothing is owed by nobody: a post ends only when another takes over, in the same act, all that it owes."""

    def __init__(self, owing: Iterable[tuple[object, int]]) -> None:
        self.owing = list(owing)
        told = _("; ").join(_("«%(post)s» owes %(many)s") % {"post": post, "many": many} for post, many in self.owing)
        super().__init__(_("Name the posts that take over first: %(owing)s.") % {"owing": told}, "successor")


class Unfit(OrganisationRefused):
    """Whoever takes over can do what is owed: its post holds the roles that the work asks for."""
