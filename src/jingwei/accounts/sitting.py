"""Who is at the desk: a person who signed in, and the post she sits at now."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import wraps

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from jingwei.accounts.models import Account
from jingwei.accounts.pack import rules_of
from jingwei.accounts.passwords import must_change
from jingwei.accounts.permitted import with_further_grounds
from jingwei.organisations.models import Post
from jingwei.organisations.pack import KEPT_APART
from jingwei.organisations.queries import posts_of
from jingwei.trail.actor import Actor

CHOSEN = "post"
STANDING = "standing"
"""In the session: which posts, with which roles, she held when it began; it ends when they change."""
MEANS, OUTSIDE = "means", "outside"
"""In the session: by what she signed in; whoever came by the county's provider need not know a password of ours."""
OWED, PASSED = "factor_owed", "factor_passed"
"""In the session: whether the account has a second factor, and whether it was shown."""


@dataclass(frozen=True)
class Sitting:
    """A signed-in person at a post; every page of the desk is drawn for one."""

    account: Account
    post: Post
    posts: tuple[Post, ...]

    @property
    def actor(self) -> Actor:
        """Who the trail says acted."""
        return Actor.of_person(self.account.person_id, self.post.pk, self.post.full_title)

    @property
    def county_code(self) -> str:
        """The county whose desk this is."""
        return self.post.organisation.county_id

    @property
    def name(self) -> str:
        """The person's name, shown to herself and in the case's timeline to colleagues."""
        return self.account.person.name


class Hindrance(Enum):
    """Why somebody does not sit yet, and the page on which that is put right."""

    SIGN_IN = "desk:sign_in"
    POSTS_CHANGED = "desk:posts_changed"
    CHOOSE = "desk:choose_post"
    PASSWORD = "desk:password"  # noqa: S105  (the address of a page)
    FACTOR = "desk:second_factor"


def seated(request: HttpRequest) -> Sitting | Hindrance:
    """The sitting of a request, or what stands before it; looked up once."""
    if not hasattr(request, "seated"):
        request.seated = _seated(request)  # type: ignore[attr-defined]
    found: Sitting | Hindrance = request.seated  # type: ignore[attr-defined]
    return found


def _seated(request: HttpRequest) -> Sitting | Hindrance:
    account = request.user
    if not isinstance(account, Account):
        return Hindrance.SIGN_IN
    posts = tuple(with_further_grounds(posts_of(account.person_id, timezone.localdate())))
    if _changed(request, posts):
        return Hindrance.POSTS_CHANGED
    free = kept_apart(posts)
    chosen = request.session.get(CHOSEN)
    held = [p for p in free if p.pk == chosen] or (free if len(free) == 1 else ())
    if not held:
        return Hindrance.CHOOSE
    return _hindered(request, account, held[0], timezone.now()) or Sitting(account, held[0], tuple(free))


def sitting_of(request: HttpRequest) -> Sitting | None:
    """The sitting of a request; None where nobody signed in, she holds no post today, or something is wanting."""
    found = seated(request)
    return found if isinstance(found, Sitting) else None


def at_a_post(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let only a person at a post in; others sign in, choose a post, show the second factor. Sets `request.sitting`."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        sitting = seated(request)
        if sitting is Hindrance.SIGN_IN:
            return redirect_to_login(request.get_full_path())
        if sitting is Hindrance.POSTS_CHANGED:
            logout(request)
        if isinstance(sitting, Hindrance):
            return redirect_to_login(request.get_full_path(), reverse(sitting.value))
        request.sitting = sitting  # type: ignore[attr-defined]
        request.county = sitting.post.organisation.county  # type: ignore[attr-defined]
        return page(request, *args, **kwargs)

    return guarded


def as_oneself(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let in whoever signed in, and showed the second factor if she has one: for pages about her own account."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not isinstance(request.user, Account):
            return redirect_to_login(request.get_full_path())
        if owes_factor(request):
            return redirect_to_login(request.get_full_path(), reverse(Hindrance.FACTOR.value))
        request.county = request.user.person.county  # type: ignore[attr-defined]
        return page(request, *args, **kwargs)

    return guarded


def kept_apart(posts: Sequence[Post]) -> list[Post]:
    """The posts she may sit at: of administrator, security officer and auditor none, while she holds two of them."""
    three = {role for post in posts for role in KEPT_APART.intersection(post.roles)}
    return [post for post in posts if len(three) < 2 or not KEPT_APART.intersection(post.roles)]


def owes_factor(request: HttpRequest) -> bool:
    """Whether the account has a second factor that this session has not shown yet."""
    return bool(request.session.get(OWED)) and not request.session.get(PASSED)


def _hindered(request: HttpRequest, account: Account, post: Post, at: datetime) -> Hindrance | None:
    rules = rules_of(post.organisation.county)
    if owes_factor(request):
        return Hindrance.FACTOR
    if request.session.get(MEANS) != OUTSIDE and must_change(account, rules, at):
        return Hindrance.PASSWORD
    if rules.asks_second_factor(post) and not request.session.get(PASSED):
        return Hindrance.FACTOR
    return None


def standing_of(posts: Sequence[Post]) -> str:
    """What a session remembers of the posts somebody holds, and of their roles."""
    said = ";".join(f"{post.pk}:{','.join(sorted(post.roles))}" for post in sorted(posts, key=lambda one: one.pk))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _changed(request: HttpRequest, posts: Sequence[Post]) -> bool:
    """Whether she holds other posts, or her posts have other roles, than when the session was begun."""
    now = standing_of(posts)
    return bool(request.session.get(STANDING, now) != now)
