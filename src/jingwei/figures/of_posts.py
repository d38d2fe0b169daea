"""The figures of organisations and posts: who there is, and which seats stand empty. No person is counted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.figures.declared import About, Condition, Dimension, Figures, Share, Sight, Stock, Told
from jingwei.organisations.models import Appointment, Organisation, Post
from jingwei.organisations.pack import Role
from jingwei.policy.books import Book
from jingwei.trail.actor import Actor

SEATS = _("County practice: posts and who holds them")
UNITS = _("County practice: organisations around the communities")
WORKERS = _("County practice: full-time grid workers")


def _seen(_actor: Actor) -> Q:
    """Which organisations and posts there are is no secret within the county."""
    return Q()


def _told_posts(rows: Sequence[Model], _post: Post, _at: datetime) -> list[Told]:
    whole = Post.objects.select_related("organisation", "ground").in_bulk([row.pk for row in rows])
    return [Told(str(p), str(p.organisation), (str(p.ground),)) for row in rows if (p := whole.get(row.pk))]


def _told_seats(rows: Sequence[Model], post: Post, at: datetime) -> list[Told]:
    return _told_posts([Post(pk=row.post_id) for row in rows], post, at)  # type: ignore[attr-defined]


def _told_units(rows: Sequence[Model], _post: Post, _at: datetime) -> list[Told]:
    whole = Organisation.objects.select_related("ground").in_bulk([row.pk for row in rows])
    return [Told(str(o), str(o.ground), ()) for row in rows if (o := whole.get(row.pk))]


def _kinds(_of: Book, _values: Iterable[Any]) -> Mapping[Any, str]:
    return {key: str(title) for key, title in KINDS.items()}


KINDS = {
    "leadership": _("Leading bodies"),
    "centre": _("Centres"),
    "department": _("Departments"),
    "committee": _("Committees"),
    "community": _("Communities and villages"),
    "station": _("Stations"),
    "property": _("Property companies"),
    "social": _("Social organisations"),
}
KIND = Dimension("kind", _("Sort of organisation"), "kind", _kinds)

POSTS = About(Post, "organisation__county_id", "ground__path", Sight(_seen, _told_posts))
SEATS_HELD = About(Appointment, "post__organisation__county_id", "post__ground__path", Sight(_seen, _told_seats))
ORGANISATIONS = About(Organisation, "county_id", "ground__path", Sight(_seen, _told_units), by=(KIND,))


def empty(at: datetime) -> Condition:
    """Posts that nobody holds on that day."""
    day = timezone.localdate(at)
    held = Appointment.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day, post=OuterRef("pk"))
    return ~Exists(held)


class PostFigures(Figures, name="posts", about=POSTS):
    """Who answers, and where nobody does."""

    title = _("Organisations and posts")

    organisations = Stock(
        _("Organisations"), _("Organisations that stood on the last day."), UNITS,
        about=ORGANISATIONS, days=True, unit=_("organisations"),
    )  # fmt: skip
    posts = Stock(
        _("Posts"), _("Posts of the organisations that stood on the last day."), SEATS,
        since="organisation__since", until="until", days=True, unit=_("posts"),
    )  # fmt: skip
    vacant = Stock(
        _("Vacant posts"), _("Posts of these that nobody held on the last day."), SEATS,
        since="organisation__since", until="until", days=True, unit=_("posts"), rows=empty, late=True,
    )  # fmt: skip
    grid_workers = Stock(
        _("Grid workers' seats held"), _("Appointments to a grid worker's post that ran on the last day."), WORKERS,
        about=SEATS_HELD, days=True, unit=_("seats"), rows=Q(post__roles__contains=[Role.GRID_WORKER.value]),
    )  # fmt: skip
    vacancy_rate = Share(_("Vacancy rate"), _("Vacant posts, of all posts."), SEATS, part=vacant, of=posts, least=1)
