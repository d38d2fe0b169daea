"""How accounts and sign-ins are erased: the account of whoever has left, and from where somebody signed in."""

from collections.abc import Sequence

from django.contrib.auth.hashers import make_password

from jingwei.accounts.models import Account, PastPassword, RecoveryCode, SecondFactor, Session, WrongTry
from jingwei.accounts.personal import ACCOUNT, SIGN_INS
from jingwei.organisations.leaving import officials_past
from jingwei.people.erasing import Gone, Scope, eraser

GONE = "gone-"
"""How the name of an erased account begins; nobody signs in with one."""


@eraser(ACCOUNT)
def erase_accounts(scope: Scope) -> Sequence[Gone]:
    """Take name and mail address from the accounts of those who left; the row stays, since the trail points to it."""
    past = scope.persons if scope.before is None else officials_past(scope)
    accounts = Account.objects.filter(person__in=past, person__county=scope.county_code)
    found = list(accounts.exclude(username__startswith=GONE)[: scope.limit])
    for account in found:
        account.username, account.email, account.is_active = f"{GONE}{account.pk}", "", False
        account.password = make_password(None)
        account.outside_mark = None
    Account.objects.bulk_update(found, ["username", "email", "is_active", "password", "outside_mark"])
    for model in (PastPassword, RecoveryCode, SecondFactor, Session):
        model.objects.filter(account__in=found).delete()
    return [Gone(("account", account.pk)) for account in found]


@eraser(SIGN_INS)
def erase_sign_ins(scope: Scope) -> Sequence[Gone]:
    """Delete sessions that are over, with which browser it was, and wrong tries past their term.

    They belong to no county, so the shortest term of the counties here is kept.
    """
    if scope.before is None:
        return ()
    Session.objects.filter(expire_date__lt=scope.at).delete()
    gone, _of = WrongTry.objects.filter(at__lte=scope.before).delete()
    return [Gone(("county", int(scope.county_code)), gone)] if gone else ()
