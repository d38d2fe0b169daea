"""What a county's pack says about signing in: passwords, lock-out, time-outs, and who needs a second factor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext as _
from msgspec import Meta, structs

from jingwei.accounts.pack_titles import ACCOUNTS_TITLES
from jingwei.organisations.models import Post
from jingwei.organisations.pack import OrganisationsSection, PostPath, Role
from jingwei.policy.models import County
from jingwei.policy.queries import edition_book
from jingwei.policy.sections import POSTS, Section, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book

Length = Annotated[int, Meta(ge=8, le=64, examples=[10])]
Classes = Annotated[int, Meta(ge=1, le=4, examples=[3])]
Remembered = Annotated[int, Meta(ge=0, le=24, examples=[5])]
Days = Annotated[int, Meta(ge=0, le=730, examples=[90])]
Attempts = Annotated[int, Meta(ge=3, le=10, examples=[5])]
Anywhere = Annotated[int, Meta(ge=20, le=1000, examples=[50])]
LockedMinutes = Annotated[int, Meta(ge=5, le=1440, examples=[15])]
IdleMinutes = Annotated[int, Meta(ge=5, le=240, examples=[30])]
Hours = Annotated[int, Meta(ge=1, le=24, examples=[12])]
FirstHours = Annotated[int, Meta(ge=1, le=336, examples=[72])]


class AccountsSection(Section, frozen=True, kw_only=True):
    """The rules of signing in; a pack stored before there were any reads as the defaults (GB/T 22239-2019)."""

    password_length: Length = 10
    """Characters at least."""
    password_classes: Classes = 3
    """How many of capital letters, small letters, digits and other signs it mixes."""
    passwords_remembered: Remembered = 5
    """How many of the last passwords may not come back."""
    password_days: Days = 90
    """After so many days it has to be changed; 0: never."""
    first_password_hours: FirstHours = 72
    """How long a password handed out by the administrator opens the gate, once."""
    attempts: Attempts = 5
    """Wrong tries in a row, for one name from one address or browser, that close the gate."""
    attempts_anywhere: Anywhere = 50
    """Wrong tries for one name from anywhere within an hour; then only browsers it was used in before may try."""
    locked_minutes: LockedMinutes = 15
    """How long the gate stays closed; tries in that time do not make it longer."""
    idle_minutes: IdleMinutes = 30
    """A session ends when nothing was done for so long."""
    signed_in_hours: Hours = 12
    """A session ends after so long in any case."""
    second_factor_roles: tuple[Role, ...] = (Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR)
    """Acting at a post with one of these roles asks for the second factor."""
    second_factor_posts: tuple[PostPath, ...] = ()
    """Further posts that ask for it."""

    @property
    def locked(self) -> timedelta:
        """How long the gate stays closed."""
        return timedelta(minutes=self.locked_minutes)

    def asks_second_factor(self, post: Post) -> bool:
        """Whether acting at `post` asks for the second factor."""
        if {str(role) for role in self.second_factor_roles} & set(post.roles):
            return True
        organisations = (line.partition(".") for line in self.second_factor_posts)
        return any(
            _is(post.organisation.key, organisation) and _is(post.key, key) for organisation, _dot, key in organisations
        )


def rules_of(county: County) -> AccountsSection:
    """What the pack of a county says today; no query."""
    return edition_book(county.edition_id)[AccountsSection]


def rules_of_the_gate() -> AccountsSection:
    """What holds before anybody said who she is: the strictest of all counties', so that no name is told by it."""
    every = [edition_book(digest)[AccountsSection] for digest in County.objects.values_list("edition_id", flat=True)]
    if not every:
        return AccountsSection()
    return structs.replace(
        every[0],
        attempts=min(rules.attempts for rules in every),
        attempts_anywhere=min(rules.attempts_anywhere for rules in every),
        locked_minutes=max(rules.locked_minutes for rules in every),
    )


def _is(key: str, said: str) -> bool:
    """Whether `key` is the pack's `said`, or one of those numbered where it stands for several."""
    return key == said or (key.startswith(f"{said}_") and key[len(said) + 1 :].isdecimal())


def _check(accounts: AccountsSection, book: Book) -> Iterator[Wrong]:
    for name in ("second_factor_roles", "second_factor_posts"):
        said = getattr(accounts, name)
        for n, one in enumerate(said):
            if one in said[:n]:
                yield Wrong(
                    ("accounts", name, n), _("«%(key)s» stands here twice.") % {"key": one}, _("each of them once")
                )
    for n, path in enumerate(accounts.second_factor_posts):
        if book[OrganisationsSection].post(path) is None:
            yield Wrong(
                ("accounts", "second_factor_posts", n),
                _("there is no post «%(path)s».") % {"path": path},
                _("an organisation's key, a full stop, a post's key"),
            )
    if accounts.idle_minutes > accounts.signed_in_hours * 60:
        yield Wrong(
            ("accounts", "idle_minutes"),
            _("a session cannot be idle for longer than it lasts at all."),
            f"idle_minutes = {accounts.signed_in_hours * 60}",
        )


section("accounts", AccountsSection, check=_check, titles=ACCOUNTS_TITLES, refers={"second_factor_posts": POSTS})
