"""The second factor: a code from the telephone beside the password, and recovery codes for when it is lost.

Codes are those of RFC 6238 as every authenticator makes them: six digits, half a minute, SHA-1. The half minute
before and the one after are taken too, since clocks differ; a code that was taken is never taken again.
"""

import base64
import secrets
from datetime import datetime
from enum import Enum

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from jingwei.accounts import verbs
from jingwei.accounts.models import Account, RecoveryCode, SecondFactor
from jingwei.accounts.pack import AccountsSection
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record

STEP = 30
DRIFT = (0, -1, 1)
"""Half minutes a telephone's clock may be off."""
CODES = 10
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for one another: I and 1, O and 0."""


class Answer(Enum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    CLOSED = "closed"


def proposed(account: Account, session: str) -> SecondFactor:
    """The factor that is set up, or one that is not stored: looking at the page writes nothing.

    Its secret follows from the key of the session, which nobody can guess and which ends; it counts once a first
    code made from it was given in the same session.
    """
    factor = SecondFactor.objects.filter(account=account).exclude(confirmed_at=None).first()
    return factor or SecondFactor(account=account, secret=_secret(account, session))


def address(factor: SecondFactor, issuer: str) -> str:
    """What the QR code holds: the secret, and the names under which an authenticator lists it."""
    return _totp(factor).get_provisioning_uri(factor.account.username, issuer)


@transaction.atomic
def confirm(account: Account, session: str, code: str, *, actor: Actor, at: datetime) -> list[str] | None:
    """Set the factor up by a first code from the telephone; the recovery codes, shown once; None if it is wrong."""
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)  # of two at once the second finds the first
    factor = proposed(account, session)
    step = _step_of(factor, code, at)
    if factor.confirmed_at is not None or step is None:
        return None
    SecondFactor.objects.update_or_create(
        account=account,
        defaults={"secret": factor.secret, "confirmed_at": at, "last_step": step, "wrong": 0, "closed_until": None},
    )
    record(actor, verbs.FACTOR_SET_UP, at=at, subject=("account", account.pk), facts={"person": account.person_id})
    return _new_codes(account)


@transaction.atomic
def check(account: Account, code: str, rules: AccountsSection, *, actor: Actor, at: datetime) -> Answer:
    """Take a code from the telephone, or a recovery code, once; after too many wrong ones none for a while."""
    factor = SecondFactor.objects.select_for_update().filter(account=account).exclude(confirmed_at=None).first()
    if factor is None:
        return Answer.WRONG
    if factor.closed_until is not None and at < factor.closed_until <= at + rules.locked:
        return Answer.CLOSED
    step = _step_of(factor, code, at)
    means = "code" if step is not None else "recovery" if _recovered(account, code, at) else ""
    factor.wrong = 0 if means else factor.wrong + 1
    factor.last_step = step or factor.last_step
    factor.closed_until = at + rules.locked if factor.wrong >= rules.attempts else None
    if factor.closed_until is not None:
        factor.wrong = 0
    factor.save()
    verb = verbs.FACTOR_PASSED if means else verbs.FACTOR_FAILED
    record(actor, verb, at=at, subject=("account", account.pk), facts={"means": means, "ok": bool(means)})
    if means:
        return Answer.RIGHT
    return Answer.CLOSED if factor.closed_until else Answer.WRONG


@transaction.atomic
def renew_codes(account: Account, *, actor: Actor, at: datetime) -> list[str]:
    """New recovery codes in place of the old ones, shown once."""
    record(actor, verbs.CODES_RENEWED, at=at, subject=("account", account.pk), facts={"person": account.person_id})
    return _new_codes(account)


@transaction.atomic
def take_away(account: Account) -> None:
    """Forget the factor and its codes; the caller has asked who may, and writes it to the trail."""
    SecondFactor.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()


def _totp(factor: SecondFactor) -> TOTP:
    return TOTP(base64.b32decode(factor.secret), 6, SHA1(), STEP)  # noqa: S303  (what authenticators know)


def _secret(account: Account, session: str) -> str:
    if not session:
        raise ValueError("A second factor is set up in a session.")
    said = salted_hmac("accounts.factor", f"{account.pk}:{account.password}:{session}", algorithm="sha256")
    return base64.b32encode(said.digest()[:20]).decode()


def _step_of(factor: SecondFactor, code: str, at: datetime) -> int | None:
    """The half minute to which a code belongs, if it is right and later than the last one taken."""
    said, now = "".join(code.split()), int(at.timestamp())
    # A last step further ahead than any drift was written by a clock that was wrong; it would refuse every code.
    last = factor.last_step if factor.last_step <= now // STEP + max(DRIFT) else 0
    for drift in DRIFT:
        made = _totp(factor).generate(now + drift * STEP).decode()
        if constant_time_compare(made, said) and now // STEP + drift > last:
            return now // STEP + drift
    return None


def _new_codes(account: Account) -> list[str]:
    codes = ["".join(secrets.choice(LETTERS) for _sign in range(10)) for _code in range(CODES)]
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(account=account, mark=_mark(account, code)) for code in codes])
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _recovered(account: Account, code: str, at: datetime) -> bool:
    said = "".join(sign for sign in code.upper() if sign.isalnum())
    unused = RecoveryCode.objects.filter(account=account, used_at=None, mark=_mark(account, said))
    return bool(len(said) == 10 and unused.update(used_at=at))


def _mark(account: Account, code: str) -> str:
    return salted_hmac("accounts.recovery", f"{account.pk}:{code}", algorithm="sha256").hexdigest()
