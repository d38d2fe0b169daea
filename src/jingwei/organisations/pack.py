"""What a county's pack says about who answers: organisations, their posts, and assigned responsibility."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Meta

from jingwei.organisations.natures import Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack_titles import DEMO_TITLES, ORGANISATIONS_TITLES
from jingwei.places.pack import Layer, PlacesSection
from jingwei.policy.sections import POSTS, Key, Keyed, Label, Section, Text, Wrong, in_language, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class Role(StrEnum):
    """What a post may do; the code knows these, a pack gives them titles and holders."""

    RESIDENT = "resident"
    GRID_WORKER = "grid_worker"
    CLERK = "clerk"
    DISPATCHER = "dispatcher"
    DEPARTMENT = "department"
    SECTION = "section"
    SIGNER = "signer"
    INSPECTOR = "inspector"
    CALLER = "caller"
    ARBITER = "arbiter"
    LEADER = "leader"
    FIRST_SECRETARY = "first_secretary"
    COMMITTEE_MEMBER = "committee_member"
    TEAM = "team"
    """A service team, which takes up orders of its own accord."""
    ADMINISTRATOR = "administrator"
    SECURITY_OFFICER = "security_officer"
    AUDITOR = "auditor"
    LEAD = "lead"
    """The department that leads a case, towards those it asked to assist; follows from the case."""
    OWNER = "owner"
    """Whichever post owes the case; follows from the case."""
    OPENER = "opener"
    """The unit that opened the case, received at its front desk; follows from the case."""
    SYSTEM = "system"
    """A step the system takes by itself."""


UNIT = (Role.DEPARTMENT, Role.SECTION)
"""Whoever of a unit does its work: the post that receives it, and the section it passes it on to."""
KEPT_APART = frozenset({Role.ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR})
"""三员分立: nobody holds two of these at once, and none of them sees cases (GB/T 22239-2019)."""


MANY = 100_000
"""More places than any county has of a layer."""
Seats = Annotated[int, Meta(ge=1, le=2000, examples=[1])]
PostPath = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$",
        description=gettext_noop("an organisation's key, a full stop, a post's key"),
        examples=["town_centre.dispatcher"],
    ),
]


class PostLine(Section, frozen=True, kw_only=True):
    """A post of an organisation: its title, what it may do, and how many seats it has."""

    key: Key
    title: Text
    english: str = ""
    roles: tuple[Role, ...] = ()
    front_desk: bool = False
    """Where work sent to the organisation arrives."""
    seats: Seats = 1
    each: Layer | None = None
    """A seat for every place of this layer on the organisation's ground, instead of `seats`."""
    spread: Seats | None = None
    """With `each`: seats in the whole county. Each place gets one; the rest go where most households are."""
    team: str = ""
    """Its place in the team of the grid it is for, one of `[[offices.teams]]`."""
    retired: bool = False
    successor: PostPath | None = None
    """The post that owes, once this one is retired, what this one owed."""

    def __str__(self) -> str:
        return in_language(self.title, self.english)


class OrganisationLine(Keyed, frozen=True, kw_only=True):
    """An organisation, or with `each` one for every place of a layer; `{place}` stands for its name.

    With `many` there are so many in the whole county, dealt evenly over the places of `each`, or all on the one
    `ground`; `{n}` stands for their number there.
    """

    kind: Key
    """One of the county's kinds of organisation, `[[offices.kinds]]`."""
    ground: Layer | None = None
    """The layer it works on: the whole county, or the pack's first town. Not given where `each` is."""
    each: Layer | None = None
    many: Seats | None = None
    serves: Layer | None = None
    """The places of this layer on its ground are served by it, dealt evenly where there are several: a branch its
    grids."""
    parent: str = ""
    """Key of the organisation above it; where there are several on its ground, they take turns."""
    awaited: bool = False
    """Named so that work can be meant for it, and founded when the county's roster brings it in."""
    also: tuple[Text, ...] = ()
    """Other names it goes by in rosters."""
    posts: tuple[PostLine, ...] = ()
    successor: PostPath | None = None
    """The post that owes, once this organisation is retired, what its posts owed."""

    def post(self, key: str) -> PostLine:
        """The post with that key."""
        return next(p for p in self.posts if p.key == key)

    def named(self, place: Label | str, n: int = 1) -> Label:
        """Its name with `{place}` and `{n}` filled in."""
        here = place if isinstance(place, Label) else Label(name=place, english=place)
        return Label(
            name=self.name.replace("{place}", here.name).replace("{n}", str(n)),
            english=self.english.replace("{place}", here.english or here.name).replace("{n}", str(n)),
        )


class ResponsibilityLine(Keyed, frozen=True, kw_only=True):
    """Assigned responsibility 包联: a post's seats are dealt evenly, in code order, over a layer's places."""

    post: PostPath
    over: Layer
    sort: str = ""
    """One of the county's sorts, `[[offices.responsibilities]]`."""
    source: str = ""


class OrganisationsSection(Section, frozen=True, kw_only=True):
    """Who answers for what in the county."""

    organisations: tuple[OrganisationLine, ...]
    responsibilities: tuple[ResponsibilityLine, ...] = ()

    def organisation(self, key: str) -> OrganisationLine | None:
        """The organisation with that key, if there is one."""
        return next((o for o in self.organisations if o.key == key), None)

    def post(self, path: str) -> tuple[OrganisationLine, PostLine] | None:
        """The organisation and post of `town_centre.dispatcher`, if both are there."""
        organisation = self.organisation(path.partition(".")[0])
        key = path.partition(".")[2]
        if organisation is None or all(p.key != key for p in organisation.posts):
            return None
        return organisation, organisation.post(key)

    def with_role(self, role: Role) -> Iterator[tuple[OrganisationLine, PostLine]]:
        """Every post that may act as `role`."""
        return ((o, p) for o in self.organisations for p in o.posts if role in p.roles)


class SignInLine(Label, frozen=True, kw_only=True):
    """An invented person who can sign in to the demo, and the post she holds."""

    username: Key
    post: PostPath
    place: Annotated[int, Meta(ge=1, le=MANY, examples=[1])] = 1
    """Where there is one for each place: which, counted from 1 in code order."""
    also: PostPath | None = None
    """A second post she holds, of the same place; she chooses one when she signs in."""


class DemoSection(Section, frozen=True, kw_only=True):
    """People that nobody is: family names and given names that are seen at once to be invented."""

    family_names: tuple[Text, ...] = ()
    given_names: tuple[Text, ...] = ()
    sign_ins: tuple[SignInLine, ...] = ()

    def name(self, n: int) -> str:
        """The `n`-th invented name; the same number is always the same name."""
        given, family = divmod(n, len(self.family_names))
        return self.family_names[family] + self.given_names[given % len(self.given_names)]


def _check(section: OrganisationsSection, book: Book) -> Iterator[Wrong]:
    keys = [o.key for o in section.organisations]
    for n, organisation in enumerate(section.organisations):
        at = ("organisations", n)
        if organisation.parent and organisation.parent not in keys:
            yield Wrong(
                (*at, "parent"),
                _("no organisation has the key «%(key)s».") % {"key": organisation.parent},
                _("one of: %(keys)s") % {"keys": ", ".join(keys)},
            )
        if (organisation.ground is None) == (organisation.each is None):
            yield Wrong(
                at,
                _("an organisation has either ground or each, not both and not neither."),
                'ground = "county"',
            )
        if organisation.many is not None and "{n}" not in organisation.name:
            yield Wrong(
                (*at, "name"),
                _("there are several of it, and all would have one name."),
                f'name = "{organisation.name}{{n}}"',
            )
        yield from _check_words(organisation, at, book[OfficesSection])
        yield from _check_posts(organisation, at, book[OfficesSection].nature(organisation.kind))
        yield from _check_successors(section, organisation, at)
    yield from _check_tree(section)
    yield from _check_layers(section)
    for n, line in enumerate(section.responsibilities):
        if section.post(line.post) is None:
            yield Wrong(("responsibilities", n, "post"), *_no_post(section, line.post))
        sorts = [one.key for one in book[OfficesSection].responsibilities if not one.retired]
        if line.sort and line.sort not in sorts:
            yield Wrong(
                ("responsibilities", n, "sort"),
                _("«%(said)s» is nowhere in this pack.") % {"said": line.sort},
                _("one of: %(keys)s") % {"keys": ", ".join(sorts)},
            )
    for role in (Role.DISPATCHER, Role.INSPECTOR, Role.CALLER, Role.ARBITER):
        if not any(True for _post in section.with_role(role)):
            yield Wrong(
                ("organisations",),
                _("no post has the role «%(role)s», so work would be left standing.") % {"role": role.value},
                f'roles = ["{role.value}"]',
            )


def _check_words(organisation: OrganisationLine, at: tuple[str | int, ...], offices: OfficesSection) -> Iterator[Wrong]:
    kinds = [line.key for line in offices.kinds if not line.retired]
    if organisation.kind not in kinds:
        said = _("no kind of organisation has the key «%(key)s».") % {"key": organisation.kind}
        yield Wrong((*at, "kind"), said, _("one of: %(keys)s") % {"keys": ", ".join(kinds)})
    teams = [line.key for line in offices.teams if not line.retired]
    for m, post in enumerate(organisation.posts):
        if post.team and post.team not in teams:
            said = _("no place in a grid's team has the key «%(key)s».") % {"key": post.team}
            yield Wrong((*at, "posts", m, "team"), said, _("one of: %(keys)s") % {"keys": ", ".join(teams)})


def _check_successors(
    section: OrganisationsSection, organisation: OrganisationLine, at: tuple[str | int, ...]
) -> Iterator[Wrong]:
    named = [(at, organisation.successor)]
    named += [((*at, "posts", m), post.successor) for m, post in enumerate(organisation.posts)]
    for where, path in named:
        if path is not None and section.post(path) is None:
            yield Wrong((*where, "successor"), *_no_post(section, path))


def _check_posts(organisation: OrganisationLine, at: tuple[str | int, ...], nature: Nature) -> Iterator[Wrong]:
    titles = [p.title for p in organisation.posts if not p.retired]
    for m, post in enumerate(organisation.posts):
        if not post.retired and titles.count(post.title) > 1 and titles.index(post.title) != m:
            yield Wrong(
                (*at, "posts", m, "title"),
                _("two posts of «%(name)s» have the title «%(title)s».") % {"name": organisation, "title": post.title},
                _("a title that no other post here has; several seats of one post are «seats»"),
            )
        if len(KEPT_APART.intersection(post.roles)) and len(post.roles) > 1:
            yield Wrong(
                (*at, "posts", m, "roles"),
                _("a post that administers, keeps security or audits has no other role, and sees no cases."),
                f'roles = ["{next(role for role in post.roles if role in KEPT_APART).value}"]',
            )
        if post.spread is not None and post.each is None:
            yield Wrong(
                (*at, "posts", m, "spread"),
                _("spread needs each, the layer over which the seats are spread."),
                'each = "grid"',
            )
    desks = sum(p.front_desk for p in organisation.posts)
    if nature in (Nature.DEPARTMENT, Nature.CENTRE) and desks != 1:
        yield Wrong(
            at,
            _("work sent to «%(name)s» arrives at %(desks)s front desks; it needs exactly one.")
            % {"name": organisation, "desks": desks},
            "front_desk = true",
        )


def _check_tree(section: OrganisationsSection) -> Iterator[Wrong]:
    parents = {o.key: o.parent for o in section.organisations}
    for n, organisation in enumerate(section.organisations):
        seen, key = {organisation.key}, organisation.parent
        while key and key not in seen:
            seen.add(key)
            key = parents.get(key, "")
        if key == organisation.key:
            yield Wrong(
                ("organisations", n, "parent"),
                _("«%(name)s» stands above itself.") % {"name": organisation},
                _("an organisation that is not below this one"),
            )


_FROM_ABOVE = list(Layer)
"""The layers, each below the one before it; those that cross each other stand last."""


def _check_layers(section: OrganisationsSection) -> Iterator[Wrong]:
    """Nobody answers to an organisation of a smaller place, and no post is for a larger place than its organisation."""
    layers = {o.key: layer for o in section.organisations if (layer := o.each or o.ground) is not None}
    for n, organisation in enumerate(section.organisations):
        own, above = layers.get(organisation.key), layers.get(organisation.parent)
        if own is None:
            continue
        if above is not None and _FROM_ABOVE.index(above) > _FROM_ABOVE.index(own):
            yield Wrong(
                ("organisations", n, "parent"),
                _("«%(name)s» is of the layer «%(layer)s», and what stands above it only of «%(above)s».")
                % {"name": organisation, "layer": own.value, "above": above.value},
                _("an organisation of the same layer or of one above it"),
            )
        for m, post in enumerate(organisation.posts):
            if post.each is not None and _FROM_ABOVE.index(post.each) < _FROM_ABOVE.index(own):
                yield Wrong(
                    ("organisations", n, "posts", m, "each"),
                    _("the layer «%(layer)s» is larger than the organisation's, «%(own)s».")
                    % {"layer": post.each.value, "own": own.value},
                    f'each = "{own.value}"',
                )


def _check_demo(demo: DemoSection, book: Book) -> Iterator[Wrong]:
    organisations = book[OrganisationsSection]
    usernames = [s.username for s in demo.sign_ins]
    for n, line in enumerate(demo.sign_ins):
        if organisations.post(line.post) is None:
            yield Wrong(("demo", "sign_ins", n, "post"), *_no_post(organisations, line.post))
        if line.also is not None and organisations.post(line.also) is None:
            yield Wrong(("demo", "sign_ins", n, "also"), *_no_post(organisations, line.also))
        places = _places_of(organisations.post(line.post), book[PlacesSection])
        if line.place > places:
            yield Wrong(
                ("demo", "sign_ins", n, "place"),
                _("there is no place %(place)s: «%(post)s» stands for %(places)s of them.")
                % {"place": line.place, "post": line.post, "places": places},
                f"place = {places}",
            )
        if usernames.index(line.username) != n:
            yield Wrong(("demo", "sign_ins", n, "username"), _twice(line.username), _("another username"))
    for table, names in (("family_names", demo.family_names), ("given_names", demo.given_names)):
        if demo.sign_ins and not names:
            yield Wrong(("demo", table), _("the list is empty."), f'{table} = ["…", "…"]')


def _places_of(found: tuple[OrganisationLine, PostLine] | None, places: PlacesSection) -> int:
    """For how many places a post stands, as far as the pack says; a very great number where it does not."""
    if found is None or (counts := places.counts) is None:
        return MANY
    match found[1].each or found[0].each:
        case None:
            return 1
        case Layer.TOWN:
            return len(places.towns)
        case Layer.COMMUNITY:
            return len(places.communities)
        case Layer.GRID:
            return counts.grids
        case _:
            return MANY


def _no_post(section: OrganisationsSection, path: str) -> tuple[str, str]:
    organisation = section.organisation(path.partition(".")[0])
    known = (
        [f"{organisation.key}.{p.key}" for p in organisation.posts]
        if organisation
        else [f"{o.key}.{p.key}" for o in section.organisations for p in o.posts]
    )
    return (
        _("there is no post «%(path)s».") % {"path": path},
        _("one of: %(keys)s") % {"keys": ", ".join(known)},
    )


def _twice(key: str) -> str:
    return _("the key «%(key)s» stands here twice.") % {"key": key}


section(
    "organisations",
    OrganisationsSection,
    tables=("organisations", "responsibilities"),
    check=_check,
    titles=ORGANISATIONS_TITLES,
    refers={
        "kind": ("offices", "kinds"),
        "parent": ("organisations",),
        "team": ("offices", "teams"),
        "successor": POSTS,
        "post": POSTS,
    },
)
section("demo", DemoSection, check=_check_demo, titles=DEMO_TITLES, refers={"post": POSTS, "also": POSTS})
