"""Why something about an account is refused; each sentence says what to do instead."""

from collections.abc import Sequence

from django.utils.translation import gettext as _


class AccountRefused(Exception):
    """What is asked of an account is not taken; `field` names the question it answers, `sentence` says why."""

    def __init__(self, sentence: str, field: str = "") -> None:
        self.sentence, self.field = sentence, field
        super().__init__(sentence)


class NotForOneself(AccountRefused):
    """Nobody appoints, enables or unlocks herself; another administrator does."""

    def __init__(self) -> None:
        super().__init__(_("This is your own account. Another administrator has to do it."))


class NameTaken(AccountRefused):
    """A user name belongs to one account for ever, in capitals or not."""

    def __init__(self) -> None:
        super().__init__(_("This user name is taken. Choose another, such as the name with a number."), "username")


class NoReason(AccountRefused):
    """What is done to somebody's account is done for a reason, which the security officer reads."""

    def __init__(self) -> None:
        super().__init__(_("Say why, in a few words. The security officer reads it."), "reason")


class WeakPassword(AccountRefused):
    """A password keeps the county's rules; `faults` has a sentence for each that it does not keep."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(faults), "new")
