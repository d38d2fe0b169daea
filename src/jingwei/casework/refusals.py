"""Why an act was not done: each a rule, with a sentence that tells what to do instead."""

from django.utils.translation import gettext as _


class Refused(Exception):
    """An act that may not be done, or not now. `sentence` is shown on the page as it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotYours(Refused):
    """A step is taken from the post that holds its role and owes the case."""


class NotFromHere(Refused):
    """A step leaves only its own stages; somebody may have been quicker."""


class OwnWork(Refused):
    """Nobody closes or verifies her own work: the closing person took no working step in this round."""


class OnHold(Refused):
    """A case on hold is taken up again before anything else is done on it."""


class ChildrenOpen(Refused):
    """A parent does not end over open children."""


class HasEnded(Refused):
    """An ended case is reopened before anything else is done on it."""


class TooLate(Refused):
    """What the pack limits in time or number is over: reopening, extension, hold."""


class NotOne(Refused):
    """A case cannot be joined to itself, to a case of another kind or county, or to one that was joined."""


def ended() -> HasEnded:
    """The refusal of an act on an ended case."""
    return HasEnded(_("The case has ended. Reopen it first."))
