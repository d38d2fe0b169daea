"""The figures of organisations and posts: who there is, and which seats stand empty. No person is counted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from jingwei.figures.declared import About, Condition, Dimension, Figures, Share, Sight, Stock, Told
from jingwei.organisations.models import Appointment, Organisation, Post
from jingwei.organisations.offices import KindLine, OfficesSection
from jingwei.organisations.pack import Role
from jingwei.policy.books import Book
from jingwei.trail.actor import Actor

SEATS = _("County practice: posts and who holds them")
UNITS = _("County practice: organisations around the communities")
WORKERS = _("County practice: full-time grid workers")


def everybody(_actor: Actor) -> Q:
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


def _kinds(of: Book, _values: Iterable[Any]) -> Mapping[Any, str]:
    return {line.key: str(line) for line in of[OfficesSection].kinds}


def _levels(of: Book, _values: Iterable[Any]) -> Mapping[Any, str]:
    """Levels from above, each called after the kinds that stand on it; kinds outside the levels by themselves."""
    words: dict[str, str] = {}
    for level, lines in sorted(_by_level(of).items()):
        named = {"level": level, "kinds": said(", ").join(str(line) for line in lines)}
        words[f"{LEVEL_OF}{level}"] = said("Level %(level)d: %(kinds)s") % named
    return {**words, **{line.key: str(line) for line in of[OfficesSection].kinds if not line.level}}


def _on_levels(of: Book) -> dict[str, Sequence[str]]:
    return {f"{LEVEL_OF}{level}": [line.key for line in lines] for level, lines in _by_level(of).items()}


def _by_level(of: Book) -> dict[int, list[KindLine]]:
    found: dict[int, list[KindLine]] = {}
    for line in of[OfficesSection].kinds:
        if line.level:
            found.setdefault(line.level, []).append(line)
    return found


def _teams(of: Book, _values: Iterable[Any]) -> Mapping[Any, str]:
    return {line.key: str(line) for line in of[OfficesSection].teams}


def _grades(of: Book, _values: Iterable[Any]) -> Mapping[Any, str]:
    return {line.key: str(line) for line in of[OfficesSection].grades}


def _sources(of: Book, _values: Iterable[Any]) -> Mapping[Any, str]:
    return {line.key: str(line) for line in of[OfficesSection].chosen_from}


LEVEL_OF = "level "
"""Before a level's number where it stands for its kinds; no kind has a space in its key."""
KIND, LEVEL = _("Sort of organisation"), _("Level")


def _by_kind(way: str) -> tuple[Dimension, Dimension]:
    """Kind and level of the organisation to which `way` leads."""
    return Dimension("kind", KIND, f"{way}kind", _kinds), Dimension("level", LEVEL, f"{way}kind", _levels, _on_levels)


POSTS = About(
    Post, "organisation__county_id", "ground__path", Sight(everybody, _told_posts),
    by=(*_by_kind("organisation__"), Dimension("team", _("Place in the grid's team"), "team", _teams)),
)  # fmt: skip
SEATS_HELD = About(
    Appointment, "post__organisation__county_id", "post__ground__path", Sight(everybody, _told_seats),
    by=(
        *_by_kind("post__organisation__"),
        Dimension("team", _("Place in the grid's team"), "post__team", _teams),
        Dimension("grade", _("Grade of the worker"), "grade", _grades),
        Dimension("chosen_from", _("Chosen from"), "chosen_from", _sources),
    ),
)  # fmt: skip
ORGANISATIONS = About(Organisation, "county_id", "ground__path", Sight(everybody, _told_units), by=_by_kind(""))


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
        days=True, unit=_("posts"),
    )  # fmt: skip
    vacant = Stock(
        _("Vacant posts"), _("Posts of these that nobody held on the last day."), SEATS,
        days=True, unit=_("posts"), rows=empty, late=True,
    )  # fmt: skip
    seats = Stock(
        _("Seats held"), _("Appointments that ran on the last day; whoever holds two posts holds two seats."), SEATS,
        about=SEATS_HELD, days=True, unit=_("seats"),
    )  # fmt: skip
    grid_workers = Stock(
        _("Grid workers' seats held"), _("Appointments to a grid worker's post that ran on the last day."), WORKERS,
        about=SEATS_HELD, days=True, unit=_("seats"), rows=Q(post__roles__contains=[Role.GRID_WORKER.value]),
    )  # fmt: skip
    vacancy_rate = Share(_("Vacancy rate"), _("Vacant posts, of all posts."), SEATS, part=vacant, of=posts, least=1)
