"""Opening accounts, setting their passwords, closing and opening them, and saying who looked it over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from jingwei.accounts import lockout, verbs
from jingwei.accounts.models import Account, Measure, PastPassword
from jingwei.accounts.pack import AccountsSection, rules_of
from jingwei.accounts.passwords import faults_of, readable
from jingwei.accounts.refusals import AccountRefused, NameTaken, NoReason, NotForOneself, WeakPassword
from jingwei.accounts.sessions import end_sessions
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Entry, Fact, record, record_many
from jingwei.trail.verbs import Verb

REASON_LIMIT = 200


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
        [
            Account(username=a.username, person_id=a.person_id, email=a.email, password=locked, password_since=at)
            for a in asked
        ]
    )
    _record(verbs.OPENED, accounts, actor, at)
    return accounts


@transaction.atomic
def set_password(accounts: Sequence[Account], password: str, *, actor: Actor, at: datetime) -> None:
    """Let these accounts sign in with `password` from now on; open sessions of theirs end."""
    locked = make_password(password)
    found = Account.objects.filter(pk__in=[account.pk for account in accounts])
    found.update(password=locked, password_since=at, first_until=None)
    end_sessions(accounts)
    _record(verbs.PASSWORD_SET, accounts, actor, at)


@transaction.atomic
def invite(asked: Asked, *, rules: AccountsSection, actor: Actor, at: datetime) -> tuple[Account, str]:
    """Open an account for one person; the account, and the first password, which nobody can read a second time.

    It opens the gate for the hours the pack says, and only to choose a password of one's own. Raises NameTaken.
    """
    first = readable()
    account = Account(username=asked.username.strip(), person_id=asked.person_id, email=asked.email)
    account.set_password(first)
    account.first_until = at + timedelta(hours=rules.first_password_hours)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as taken:
        raise NameTaken from taken
    _record(verbs.OPENED, [account], actor, at)
    return account, first


@transaction.atomic
def hand_out_password(account: Account, reason: str, *, rules: AccountsSection, actor: Actor, at: datetime) -> str:
    """Give somebody who forgot hers a first password again; the old one ends, and so do her sessions."""
    _refuse_oneself(account, actor)
    first = readable()
    _remember(account, rules, at)
    account.set_password(first)
    account.password_since, account.first_until = None, at + timedelta(hours=rules.first_password_hours)
    account.save(update_fields=["password", "password_since", "first_until"])
    lockout.unlock(account.username)
    end_sessions([account])
    take_measure(account, verbs.PASSWORD_SET, reason, actor=actor, at=at)
    return first


@transaction.atomic
def change_own_password(account: Account, new: str, *, rules: AccountsSection, actor: Actor, at: datetime) -> None:
    """Let somebody choose a password of her own. Raises WeakPassword. The caller ends her other sessions."""
    if faults := faults_of(new, account, rules):
        raise WeakPassword(faults)
    _remember(account, rules, at)
    account.set_password(new)
    account.password_since, account.first_until = at, None
    account.save(update_fields=["password", "password_since", "first_until"])
    _record(verbs.PASSWORD_CHANGED, [account], actor, at)


@transaction.atomic
def disable(account: Account, reason: str, *, actor: Actor, at: datetime) -> None:
    """Close an account from this moment; its sessions end. Appointments are ended apart."""
    _refuse_oneself(account, actor)
    _set_active(account, active=False)
    end_sessions([account])
    take_measure(account, verbs.DISABLED, reason, actor=actor, at=at)


@transaction.atomic
def enable(account: Account, reason: str, *, actor: Actor, at: datetime) -> None:
    """Open a closed account again."""
    _refuse_oneself(account, actor)
    _set_active(account, active=True)
    take_measure(account, verbs.ENABLED, reason, actor=actor, at=at)


@transaction.atomic
def unlock(account: Account, reason: str, *, actor: Actor, at: datetime) -> None:
    """Open the gate to an account that wrong tries have closed."""
    _refuse_oneself(account, actor)
    lockout.unlock(account.username)
    take_measure(account, verbs.UNLOCKED, reason, actor=actor, at=at)


@transaction.atomic
def end_all_sessions(account: Account, reason: str, *, actor: Actor, at: datetime) -> int:
    """Sign somebody out everywhere; how many sessions there were is told to nobody but her own list."""
    ended = end_sessions([account])
    take_measure(account, verbs.SESSIONS_ENDED, reason, actor=actor, at=at)
    return ended


@transaction.atomic
def link(account: Account, outside_name: str, *, actor: Actor, at: datetime) -> None:
    """Let whoever is `outside_name` at the sign-in elsewhere in as this account; empty undoes it."""
    _refuse_oneself(account, actor)
    account.outside_mark = outside_mark(outside_name) if outside_name.strip() else None
    try:
        with transaction.atomic():
            account.save(update_fields=["outside_mark"])
    except IntegrityError as taken:
        raise AccountRefused(_("This name outside belongs to another account already."), "outside") from taken
    _record(verbs.LINKED if account.outside_mark else verbs.UNLINKED, [account], actor, at)


def outside_mark(outside_name: str) -> str:
    """How a name of the outside sign-in is kept and found."""
    return salted_hmac("accounts.outside", outside_name.strip(), algorithm="sha256").hexdigest()


def take_measure(account: Account, verb: Verb, reason: str, *, actor: Actor, at: datetime, **facts: Fact) -> None:
    """Write down what was done to an account and why, for the security officer and for the trail. Raises NoReason."""
    said = " ".join(reason.split())[:REASON_LIMIT]
    if len(said) < 2:
        raise NoReason
    assert actor.person_id is not None
    Measure.objects.create(
        account=account, verb=verb.name, reason=said, at=at, by_person=actor.person_id, by_title=actor.title
    )
    known = {"person": account.person_id, **facts}
    record(actor, verb, at=at, subject=("account", account.pk), facts=known, words=[said])


@transaction.atomic
def review(measure: Measure, *, actor: Actor, at: datetime) -> None:
    """Note that the security officer has looked a measure over. Twice is once; her own are not hers to review."""
    row = Measure.objects.select_for_update().get(pk=measure.pk)
    if row.by_person == actor.person_id:
        raise AccountRefused(_("You did this yourself. Another security officer has to look it over."))
    if row.reviewed_at is None:
        row.reviewed_at, row.reviewed_by = at, actor.title
        row.save(update_fields=["reviewed_at", "reviewed_by"])
        record(actor, verbs.REVIEWED, at=at, subject=("account", row.account_id), facts={"measure": row.pk})


def rules_for(account: Account) -> AccountsSection:
    """The rules of the county whose official the account's person is."""
    return rules_of(account.person.county)


def _refuse_oneself(account: Account, actor: Actor) -> None:
    if account.person_id == actor.person_id:
        raise NotForOneself


def _set_active(account: Account, *, active: bool) -> None:
    account.is_active = active
    account.save(update_fields=["is_active"])


def _remember(account: Account, rules: AccountsSection, at: datetime) -> None:
    """Keep the password that goes, where its holder chose it, and forget those that nobody asks for any more."""
    if account.password_since is not None:
        PastPassword.objects.create(account=account, password=account.password, until=at)
    kept = account.past_passwords.order_by("-until").values_list("pk", flat=True)[: rules.passwords_remembered]
    account.past_passwords.exclude(pk__in=list(kept)).delete()


def _record(done: Verb, accounts: Iterable[Account], actor: Actor, at: datetime) -> None:
    record_many(
        Entry(actor, done, at, ("account", account.pk), facts={"person": account.person_id}) for account in accounts
    )
