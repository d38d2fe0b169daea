"""Draws a county's organisations and posts from its pack, on ground that is laid, before anything is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heapreplace

from django.db.models import Q

from jingwei.organisations.pack import OrganisationLine, OrganisationsSection, PostLine
from jingwei.places.models import Place
from jingwei.places.pack import Layer
from jingwei.places.queries import standing
from jingwei.policy import Book, Label
from jingwei.policy.county import CountySection


class NoGround(LookupError):
    """Organisations stand on ground; lay the county's ground first, down to the layer they are meant for."""


@dataclass(frozen=True)
class DrawnOrganisation:
    """An organisation of the pack on its ground; `parent` is the key of the one above it, `serves` what it serves."""

    line: OrganisationLine
    key: str
    label: Label
    ground: Place
    parent: str
    serves: tuple[Place, ...] = ()


@dataclass(frozen=True)
class DrawnPost:
    """A post of an organisation on its ground.

    `path` is the pack's name for it, which several posts may share; `number` tells these apart, counted from 1
    in code order over the whole county. `seats` is how many persons hold it.
    """

    organisation: str
    line: PostLine
    path: str
    key: str
    label: Label
    ground: Place
    number: int
    seats: int


class Ground:
    """The standing places of a county's sight path, and its compounds, by layer, in the order of their codes."""

    def __init__(self, county_code: str) -> None:
        self._layers: dict[str, list[Place]] = {}
        found = standing(county_code).filter(Q(rank=0) | Q(layer="compound")).select_related("grid")
        for place in found.defer("boundary", "grid__boundary").order_by("code"):
            self._layers.setdefault(place.layer, []).append(place)

    def all(self, layer: Layer, within: Place | None = None) -> list[Place]:
        """The places of a layer, or those of them within a place; NoGround where the county has none."""
        places = self._layers.get(layer.value)
        if not places:
            raise NoGround(f"No {layer} stands in the county; lay its ground first.")
        return [place for place in places if within is None or within.covers(_path(place))]


def _path(place: Place) -> str:
    """Where a place lies: a compound in its grid."""
    return place.grid.path if place.rank and place.grid else place.path


def organisations(book: Book, ground: Ground) -> list[DrawnOrganisation]:
    """The organisations of the pack, those above before those below; one for each place where it says so."""
    section = book[OrganisationsSection]
    lines = [line for line in section.organisations if not line.retired and not line.awaited]
    made: list[DrawnOrganisation] = []
    while lines:
        waiting = {line.key for line in lines}
        now = [line for line in lines if line.parent not in waiting]
        for line in now:
            made.extend(_organisations(line, ground, made))
        lines = [line for line in lines if line not in now]
    return made


def _organisations(
    line: OrganisationLine, ground: Ground, above: Sequence[DrawnOrganisation]
) -> Iterator[DrawnOrganisation]:
    places = ground.all(line.each) if line.each else ground.all(line.ground or Layer.COUNTY)[:1]
    shares = [1] * len(places) if line.many is None else even(line.many, len(places))
    number = 0
    for place, many in zip(places, shares, strict=True):
        parents = [one.key for one in above if one.line.key == line.parent and one.ground.covers(place.path)]
        served = ground.all(line.serves, place) if line.serves else []
        for n in range(many):
            number += 1
            key = f"{line.key}_{number}" if line.each or line.many else line.key
            parent = parents[n % len(parents)] if parents else ""
            label = line.named(Label(name=place.name, english=place.english), n + 1)
            yield DrawnOrganisation(line, key, label, place, parent, tuple(_share(served, n, many)))


def even(many: int, over: int) -> list[int]:
    """How many of `many` each of `over` gets, so that no two differ by more than one; the first ones get more."""
    return [many // over + (n < many % over) for n in range(over)]


def _share(places: Sequence[Place], n: int, many: int) -> Sequence[Place]:
    """The part of `places` that the `n`-th of `many` serves, counted from 0: neighbours in code order, at least one."""
    first = n * len(places) // many
    return places[first : max(first + 1, (n + 1) * len(places) // many)]


def posts(book: Book, ground: Ground, drawn: Sequence[DrawnOrganisation]) -> list[DrawnPost]:
    """The posts of these organisations.

    `each` gives a post for every place of a layer. Where seats answer for different places (assigned
    responsibility), every seat is a post; otherwise all seats share one.
    """
    section = book[OrganisationsSection]
    answering = {line.post for line in section.responsibilities if not line.retired}
    made: list[DrawnPost] = []
    numbers: dict[str, int] = {}
    for organisation in drawn:
        for line in organisation.line.posts:
            path = f"{organisation.line.key}.{line.key}"
            here = [] if line.retired else _posts(organisation, line, path, ground, path in answering)
            for post in here:
                numbers[path] = numbers.get(path, 0) + 1
                made.append(replace(post, number=numbers[path]))
    return _spread(made)


def _posts(
    organisation: DrawnOrganisation, line: PostLine, path: str, ground: Ground, answering: bool
) -> Iterator[DrawnPost]:
    plain = DrawnPost(
        organisation=organisation.key,
        line=line,
        path=path,
        key=line.key,
        label=Label(name=line.title, english=line.english),
        ground=organisation.ground,
        number=1,
        seats=line.seats,
    )
    if line.each:
        for n, place in enumerate(ground.all(line.each, organisation.ground), start=1):
            label = _at(plain.label, place, organisation.ground)
            yield replace(plain, key=f"{line.key}_{n}", label=label, ground=place)
    elif answering and line.seats > 1:
        for n in range(1, line.seats + 1):
            label = Label(name=f"{line.title}（{n}）", english=f"{line.english} ({n})" if line.english else "")
            yield replace(plain, key=f"{line.key}_{n}", label=label, seats=1)
    else:
        yield plain


def _at(title: Label, place: Place, ground: Place) -> Label:
    """A title with the place it is for, without what the organisation's own name says: 第3网格专职网格员."""
    here = place.name.removeprefix(ground.name)
    there = place.english.removeprefix(ground.english).strip()
    return Label(
        name=f"{here}{title.name}",
        english=f"{title.english}, {there}" if title.english and there else title.english,
    )


def _spread(made: Sequence[DrawnPost]) -> list[DrawnPost]:
    """The posts with the seats of `spread` dealt out over them, by households."""
    seats: dict[tuple[str, int], int] = {}
    for path, line in {post.path: post.line for post in made if post.line.spread}.items():
        of_path = [post for post in made if post.path == path]
        shares = dealt(line.spread or 0, [post.ground.households or 0 for post in of_path])
        seats.update({(path, post.number): share for post, share in zip(of_path, shares, strict=True)})
    return [replace(post, seats=seats.get((post.path, post.number), post.seats)) for post in made]


def dealt(seats: int, households: Sequence[int]) -> list[int]:
    """How many of `seats` each place gets: one each, every further one where a seat has most households.

    Of two places alike, the earlier comes first. Fewer seats than places still give each its one.
    """
    shares = [1] * len(households)
    heap = [(-float(many), n) for n, many in enumerate(households)]
    heapify(heap)
    for _seat in range(seats - len(households)):
        if not heap:
            break
        n = heap[0][1]
        shares[n] += 1
        heapreplace(heap, (-households[n] / shares[n], n))
    return shares


def answers_for(posts: Sequence[DrawnPost], places: Sequence[Place]) -> Iterator[tuple[DrawnPost, Place]]:
    """Who answers for which place: each place goes to posts whose ground holds it, evenly, in code order.

    Where there are more posts than places, every post gets one, and a place several.
    """
    groups: dict[tuple[int, ...], list[Place]] = {}
    for place in places:
        able = tuple(n for n, post in enumerate(posts) if post.ground.covers(place.path))
        groups.setdefault(able, []).append(place)
    for able, dealt_out in groups.items():
        rounds = max(len(able), len(dealt_out)) if able else 0
        for n in range(rounds):
            yield posts[able[n * len(able) // rounds]], dealt_out[n * len(dealt_out) // rounds]


def drawn(book: Book) -> tuple[list[DrawnOrganisation], list[DrawnPost], Ground]:
    """All of the pack's organisations and posts, on the county's ground as it stands."""
    ground = Ground(book[CountySection].code)
    made = organisations(book, ground)
    return made, posts(book, ground, made), ground
