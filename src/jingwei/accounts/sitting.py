"""Who is at the desk: a person who signed in, and the post she sits at now."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from jingwei.accounts.models import Account
from jingwei.organisations.models import Post
from jingwei.organisations.queries import posts_of
from jingwei.trail.actor import Actor

CHOSEN = "post"


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


def sitting_of(request: HttpRequest) -> Sitting | None:
    """The sitting of a request; None where nobody signed in, she holds no post today, or must choose."""
    account = request.user
    if not isinstance(account, Account):
        return None
    posts = tuple(posts_of(account.person_id, timezone.localdate()))
    if not posts:
        return None
    chosen = request.session.get(CHOSEN)
    held = [p for p in posts if p.pk == chosen] or (posts if len(posts) == 1 else ())
    return Sitting(account, held[0], posts) if held else None


def at_a_post(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let only a person at a post in; others sign in, or choose a post. Sets `request.sitting`."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        sitting = sitting_of(request)
        if sitting is None:
            return redirect_to_login(request.get_full_path(), reverse("desk:choose_post"))
        request.sitting = sitting  # type: ignore[attr-defined]
        request.county = sitting.post.organisation.county  # type: ignore[attr-defined]
        return page(request, *args, **kwargs)

    return guarded
