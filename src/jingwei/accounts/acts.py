"""Opening accounts, and setting their passwords."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jingwei.accounts.models import Account
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Entry, record_many
from jingwei.trail.verbs import Verb, verb

OPENED = verb("accounts.opened", _("open an account"), _("opened an account"))
PASSWORD_SET = verb("accounts.password_set", _("set a password"), _("set a password"))


@dataclass(frozen=True)
class Asked:
    """An account that is asked for: for whom, under which name."""

    username: str
    person_id: int
    email: str = ""


@transaction.atomic
def open_accounts(asked: Sequence[Asked], password: str, *, actor: Actor, at: datetime) -> list[Account]:
    """Open accounts that all begin with one password, as a demonstration or a training does.

    Raises IntegrityError where a name is taken or a person has an account: nobody shares one.
    """
    locked = make_password(password)  # 40 ms each with argon2, so once
    accounts = Account.objects.bulk_create(
        [Account(username=a.username, person_id=a.person_id, email=a.email, password=locked) for a in asked]
    )
    _record(OPENED, accounts, actor, at)
    return accounts


@transaction.atomic
def set_password(accounts: Sequence[Account], password: str, *, actor: Actor, at: datetime) -> None:
    """Let these accounts sign in with `password` from now on; open sessions of theirs end."""
    locked = make_password(password)
    Account.objects.filter(pk__in=[account.pk for account in accounts]).update(password=locked)
    _record(PASSWORD_SET, accounts, actor, at)


def _record(done: Verb, accounts: Iterable[Account], actor: Actor, at: datetime) -> None:
    record_many(
        Entry(actor, done, at, ("account", account.pk), facts={"person": account.person_id}) for account in accounts
    )
