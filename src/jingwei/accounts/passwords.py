"""Passwords: what the county asks of one, and a first one that can be read out and typed without a slip."""

import os
import secrets
import string
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jingwei.accounts.models import Account
from jingwei.accounts.pack import AccountsSection

WORDS = """
amber apple april autumn bamboo basket bell birch bridge brook cedar cherry cloud clover copper
coral cotton crane daisy dawn deer dune eagle elm ember fern field finch flute forest frost garden
ginger grain harbor hazel heron hill honey island ivory jade kettle kite lake lamp lantern leaf
lemon lily linen lotus maple marble meadow melon mint moon moss oak ocean olive orchid otter paper
peach pearl pepper pine plum pond poplar prairie quartz quill rain reed river robin rose saddle sail
salt sand shell silk silver sky snow sparrow spring stone summer swan tea thunder tiger timber tulip
valley velvet violet walnut water willow wind winter
""".split()  # noqa: SIM905


def readable() -> str:
    """A fresh password of three words and four digits, about 33 bits: with sign-ins limited, not to be guessed."""
    return "-".join([*(secrets.choice(WORDS) for _n in range(3)), f"{secrets.randbelow(10_000):04}"])


def kept_in(file: Path) -> tuple[str, bool]:
    """The password in `file`, made on first use and readable by its owner alone; and whether it is fresh."""
    try:
        return file.read_text().strip(), False
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = readable()
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(f"{made}\n")
        return made, True


CLASSES = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
LONGEST = 128
"""Characters of a password at most: more costs the server time and nobody an idea."""


def faults_of(password: str, account: Account | None, rules: AccountsSection) -> list[str]:
    """What keeps a password from being taken, each as a sentence that says what to do; empty if nothing does."""
    faults = []
    if not rules.password_length <= len(password) <= LONGEST:
        faults.append(_("Take %(least)d to %(most)d characters.") % {"least": rules.password_length, "most": LONGEST})
    if classes_of(password) < rules.password_classes:
        faults.append(
            _("Mix at least %(classes)d of these: capital letters, small letters, digits, other signs.")
            % {"classes": rules.password_classes}
        )
    if account is not None and account.username.casefold() in password.casefold():
        faults.append(_("Leave the user name out of it."))
    if _is_common(password):
        faults.append(_("This one stands on the lists that are tried first. Take another."))
    if account is not None and was_used(password, account, rules):
        faults.append(
            _("You used this one before. Take one unlike your last %(times)d.") % {"times": rules.passwords_remembered}
        )
    return faults


def classes_of(password: str) -> int:
    """How many of capital letters, small letters, digits and other signs are in it; letters of any script count."""
    of_ascii = sum(any(sign in kind for sign in password) for kind in CLASSES)
    return of_ascii + any(sign not in "".join(CLASSES) and not sign.isspace() for sign in password)


def was_used(password: str, account: Account, rules: AccountsSection) -> bool:
    """Whether it is the password of today, or one of those remembered before it."""
    if account.has_usable_password() and check_password(password, account.password):
        return True
    past = account.past_passwords.order_by("-until").values_list("password", flat=True)
    return any(check_password(password, one) for one in past[: max(rules.passwords_remembered - 1, 0)])


def must_change(account: Account, rules: AccountsSection, at: datetime) -> bool:
    """Whether she may do nothing before she has chosen a new password: it was handed out, or it is too old."""
    if account.password_since is None:
        return account.first_until is not None
    return rules.password_days > 0 and account.password_since + timedelta(days=rules.password_days) <= at


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False
