"""Fills the seats of a demonstration with people that nobody is, and lets some of them sign in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import cycle
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jingwei.accounts.acts import Asked, open_accounts, set_password
from jingwei.accounts.models import Account
from jingwei.accounts.passwords import kept_in
from jingwei.organisations.acts.appointing import Appointing, appoint_each
from jingwei.organisations.drawing import DrawnPost, drawn
from jingwei.organisations.models import Appointment, Post
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import DemoSection, SignInLine
from jingwei.people.acts import take_in
from jingwei.people.models import Person
from jingwei.policy import Book
from jingwei.policy.county import CountySection
from jingwei.policy.models import County
from jingwei.trail.actor import Actor

SETTING_UP = Actor.machine("setting up the county")

Seat = tuple[DrawnPost, Post]
Named = dict[str, int]
"""Usernames of the pack, and the persons they are for."""


@transaction.atomic
def fill_the_seats(book: Book, *, at: datetime) -> None:
    """Fill every empty seat with an invented person; those the pack names can sign in. Done again, no more."""
    county, demo = County.objects.get(pk=book[CountySection].code), book[DemoSection]
    posts = _posts(book, county)
    seats = _empty(posts, demo, county)
    lines = _lines(demo, seats)
    others = _others(demo)
    before = Person.objects.filter(county=county, purpose=Person.OFFICIAL).count()
    persons = take_in(
        [_official(county, lines[n].name if n in lines else next(others), before + n) for n in range(len(seats))],
        county,
        actor=SETTING_UP,
        at=at,
    )
    named = {line.username: persons[n].pk for n, line in lines.items()}
    pairs = [(post, person.pk) for (_one, post), person in zip(seats, persons, strict=True)]
    pairs += _second_posts(demo, posts, named)
    grades = _grades(book)
    asked = [
        Appointing(post, person, grade=next(grades[post.team])) if post.team in grades else Appointing(post, person)
        for post, person in pairs
    ]
    appoint_each(asked, actor=SETTING_UP, at=at)
    _let_sign_in(county, demo, named, at)


def _grades(book: Book) -> dict[str, Iterator[str]]:
    """For each place in a grid's team whose holders have a grade: the county's grades, one after another, for ever."""
    offices = book[OfficesSection]
    standing = [line.key for line in offices.grades if not line.retired]
    return {line.key: cycle(standing) for line in offices.teams if line.graded and standing}


def accounts_of(county_code: str, demo: DemoSection) -> list[Account]:
    """The accounts of those the pack names; where another county has the name, ours ends in the county's code."""
    order = [name for line in demo.sign_ins for name in (line.username, f"{line.username}.{county_code}")]
    found = Account.objects.filter(username__in=order, person__county_id=county_code).select_related("person")
    return sorted(found, key=lambda account: order.index(account.username))


def password_file() -> Path:
    """Where the demonstration's one password is kept."""
    return Path(settings.STATE) / "keys" / "demo-password"


def _posts(book: Book, county: County) -> list[Seat]:
    """The pack's posts beside the county's."""
    standing = Post.objects.filter(organisation__county=county, until=None)
    by_key = {(post.organisation.key, post.key): post for post in standing.select_related("organisation", "ground")}
    return [(one, by_key[one.organisation, one.key]) for one in drawn(book)[1]]


def _empty(posts: Sequence[Seat], demo: DemoSection, county: County) -> list[Seat]:
    """A post as often as it has empty seats. A seat somebody holds as her second post is hers."""
    held = Appointment.objects.filter(post__organisation__county=county, until=None)
    filled = Counter(held.values_list("post_id", flat=True))
    second = Counter((line.also, line.place) for line in demo.sign_ins)
    return [
        (one, post)
        for one, post in posts
        for _seat in range(one.seats - filled[post.pk] - second[one.path, one.number])
    ]


def _lines(demo: DemoSection, seats: Sequence[Seat]) -> dict[int, SignInLine]:
    """Which seat, counted from 0, each person the pack names takes: the first of her post."""
    first: dict[tuple[str, int], int] = {}
    for n, (one, _post) in enumerate(seats):
        first.setdefault((one.path, one.number), n)
    return {first[line.post, line.place]: line for line in demo.sign_ins if (line.post, line.place) in first}


def _second_posts(demo: DemoSection, posts: Sequence[Seat], named: Named) -> Iterator[tuple[Post, int]]:
    """The posts that persons the pack names hold beside their own."""
    second = {(line.also, line.place): line.username for line in demo.sign_ins}
    for one, post in posts:
        username = second.get((one.path, one.number))
        if username in named:
            yield post, named[username]


def _others(demo: DemoSection) -> Iterator[str]:
    """Invented names without end, those first that nobody who signs in has."""
    names = [demo.name(n) for n in range(len(demo.family_names) * len(demo.given_names))]
    taken = {line.name for line in demo.sign_ins}
    return cycle([name for name in names if name not in taken] or names)


def _official(county: County, name: str, n: int) -> Person:
    """A person nobody is. No telephone number in China begins with 100 0000."""
    return Person.named(county.code, name, f"1000000{n:04}", purpose=Person.OFFICIAL, ground="duty")


def _let_sign_in(county: County, demo: DemoSection, named: Named, at: datetime) -> None:
    password, fresh = kept_in(password_file())
    if fresh and (before := accounts_of(county.code, demo)):
        set_password(before, password, actor=SETTING_UP, at=at)
    taken = set(Account.objects.filter(username__in=named).values_list("username", flat=True))
    asked = [
        Asked(username, person, f"{username}@county-{county.code}.example")
        for name, person in named.items()
        for username in [f"{name}.{county.code}" if name in taken else name]
    ]
    open_accounts(asked, password, actor=SETTING_UP, at=at)
