"""Accounts: what a person signs in with. Signing in says who one is; acting is done as a post."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


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
        return self.get(username=username)


class Account(AbstractBaseUser):
    """The sign-in of one person; nobody shares one (GB/T 22239-2019: no shared accounts)."""

    username = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField("people.Person", models.PROTECT, related_name="account")
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    keys_off = models.BooleanField(default=False, help_text="single-key shortcuts switched off (WCAG 2.1.4)")
    opened_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = Accounts()

    def __str__(self) -> str:
        return self.username
