"""Numbers that carry their own proof: identity numbers by GB 11643, bank cards by Luhn's digit."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def is_identity_number(digits: str) -> bool:
    """Whether eighteen characters are an identity number: a date that can be, and the check digit of GB 11643-1999."""
    plain = digits.upper()
    if len(plain) != 18 or not plain[:17].isdecimal() or plain[0] == "0":
        return False
    year, month, day = int(plain[6:10]), int(plain[10:12]), int(plain[12:14])
    if not (1880 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    return _CHECK[sum(int(d) * w for d, w in zip(plain[:17], _WEIGHTS, strict=True)) % 11] == plain[17]


def is_bank_card(digits: str) -> bool:
    """Whether thirteen to nineteen digits are a card's, by Luhn's check digit (ISO/IEC 7812-1)."""
    if not (13 <= len(digits) <= 19 and digits.isdecimal()) or len(set(digits)) == 1:
        return False
    doubled = [2 * int(d) for d in digits[-2::-2]]
    return (sum(d - 9 if d > 9 else d for d in doubled) + sum(int(d) for d in digits[-1::-2])) % 10 == 0
