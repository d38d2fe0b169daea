"""Telephone numbers as people write them, made alike so that an equal one is found."""

import re
import unicodedata

_TELEPHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,5})?|\d{7,8}", re.ASCII)
"""A mobile number, a landline with its area code and perhaps an extension, or a landline of the place."""


def plain_telephone(said: str) -> str:
    """A telephone number without blanks, country code and full-width digits; what is no number stays as it is."""
    plain = re.sub(r"[\s().·–—_]", "", unicodedata.normalize("NFKC", said))
    plain = re.sub(r"^(\+|00)86-?", "", plain)
    digits = plain.replace("-", "")
    return digits if re.fullmatch(r"1\d{10}", digits, re.ASCII) else plain[:24]


def only_digits(said: str) -> str:
    """The digits of a number, by which one written with dashes and one without are the same."""
    return "".join(mark for mark in said if mark.isascii() and mark.isdigit())


def reads_as_telephone(plain: str) -> bool:
    """Whether a number, made plain, can be dialled."""
    return _TELEPHONE.fullmatch(plain) is not None
