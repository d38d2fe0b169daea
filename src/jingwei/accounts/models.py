"""Accounts: what a person signs in with. Signing in says who one is; acting is done as a post."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Upper

from jingwei.accounts.exceptions import SCENES, Permission, Scene, permission_named
from jingwei.people.locked import LockedText


class Accounts(BaseUserManager["Account"]):
    """Finding and making accounts."""

    def open(self, username: str, password: str | None, person_id: int, email: str = "") -> "Account":
        """A saved account of a person; the password is kept as argon2."""
        account = Account(username=username.strip(), person_id=person_id, email=self.normalize_email(email))
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account that signs in as `username`."""
        return self.get(username__iexact=username or "")


class Account(AbstractBaseUser):
    """The sign-in of one person; nobody shares one (GB/T 22239-2019: no shared accounts)."""

    username = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField("people.Person", models.PROTECT, related_name="account")
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    keys_off = models.BooleanField(default=False, help_text="single-key shortcuts switched off (WCAG 2.1.4)")
    opened_at = models.DateTimeField(auto_now_add=True)
    password_since = models.DateTimeField(null=True, help_text="when its holder chose the password; null: not yet")
    first_until = models.DateTimeField(null=True, help_text="until when a password handed out opens the gate")
    outside_mark = models.CharField(max_length=64, null=True, unique=True, help_text="keyed hash of the name outside")

    last_login = None  # when somebody came last is nobody's statistic

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = Accounts()

    class Meta:
        constraints = [
            models.UniqueConstraint(Upper("username"), name="username_once_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.username


class PastPassword(models.Model):
    """A password that was in use, as argon2, so that it does not come back too soon."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    until = models.DateTimeField()


class Session(AbstractBaseSession):
    """One browser that is signed in (or a resident's that was told something). The key is kept as its digest."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    browser = models.CharField(max_length=40, blank=True, help_text="such as Chrome · Windows")
    since = models.DateTimeField()
    used_at = models.DateTimeField(help_text="last use, shown to its owner alone and gone with the session")

    @classmethod
    def get_session_store_class(cls):  # type: ignore[no-untyped-def]
        """The store that keeps these."""
        from jingwei.accounts.sessions import SessionStore

        return SessionStore


class WrongTry(models.Model):
    """A wrong password, by keyed hashes of the name and of where it came from; gone after a day."""

    name_mark = models.CharField(max_length=64)
    from_mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name_mark", "at"], name="wrong_try_by_name")]


class SecondFactor(models.Model):
    """What a person has beside what she knows: the secret from which her telephone makes a code each half minute."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="second_factor")
    secret = LockedText()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0, help_text="half minute of the last code; none is taken twice")
    wrong = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code for the day the telephone is lost; shown once, kept as a keyed hash, used once."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    mark = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)


class Measure(models.Model):
    """What an administrator or security officer did to an account, and why; the security officer looks over it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="measures")
    verb = models.CharField(max_length=60)
    reason = LockedText()
    at = models.DateTimeField()
    by_person = models.BigIntegerField()
    by_title = models.CharField(max_length=200)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index("at", name="measure_to_review", condition=models.Q(reviewed_at=None))]


class Permit(models.Model):
    """An exception: what it permits, on which ground, why, by which law, from when until when; who asked, who decided.

    It is in force from the moment both are reached, its beginning and its grant, until its end, which comes by itself.
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    permission = models.CharField(max_length=40)
    scene = models.CharField(max_length=12)
    place = models.ForeignKey("places.Place", models.PROTECT, related_name="+")
    post = models.ForeignKey("organisations.Post", models.PROTECT, null=True, related_name="permits")
    kind = models.CharField(max_length=40, blank=True)
    step = models.CharField(max_length=40, blank=True)
    reason = LockedText()
    law = LockedText()
    since = models.DateTimeField()
    until = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    asked_title = models.CharField(max_length=200)
    granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_title = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_title = models.CharField(max_length=200, blank=True, help_text="empty: it ended by itself")
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="exception_runs_forward"),
            models.CheckConstraint(
                condition=models.Q(until__lte=models.F("since") + timedelta(days=30)), name="exception_thirty_days"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="exception_by_another",
            ),
        ]
        indexes = [models.Index("post", "until", name="exception_of_post", condition=models.Q(granted=True))]

    @property
    def occasion(self) -> str:
        """The occasion, in words."""
        return str(SCENES[Scene(self.scene)])

    @property
    def state(self) -> str:
        """How it was decided and ended: asked, refused, granted or over; whether it is in force is a matter of time."""
        if self.granted is None:
            return "asked"
        return "over" if self.ended_at else ("granted" if self.granted else "refused")

    @property
    def permits(self) -> Permission:
        """What it permits."""
        return permission_named(self.permission)
