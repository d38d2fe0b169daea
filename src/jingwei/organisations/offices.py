"""What a county's pack calls things here: kinds of organisation and their levels, grades of grid workers, promises.

Two tables: `[offices]` names what is shown and chosen from; the code knows only the natures of organisation, since
a few rules turn on them (who keeps a second list, whose own work is not theirs to verify).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext as _
from msgspec import Meta

from jingwei.organisations.natures import Nature, PartyBody
from jingwei.organisations.pack_titles import OFFICES_TITLES
from jingwei.policy.sections import Key, Keyed, Section, Wrong, section, words_of

if TYPE_CHECKING:
    from jingwei.policy.books import Book

Level = Annotated[int, Meta(ge=0, le=12, examples=[3])]
HeadLevel = Annotated[int, Meta(ge=0, le=5, examples=[1])]
Many = Annotated[int, Meta(ge=0, le=100, examples=[4])]


class KindLine(Keyed, frozen=True, kw_only=True):
    """A kind of organisation: what the county calls it, what it is to the code, and where it stands."""

    nature: Nature
    level: Level = 0
    """In the county's own order of levels, counted from above; 0 stands outside it."""
    below: tuple[Key, ...] = ()
    """Kinds it may stand below; empty: any."""
    body: PartyBody | None = None
    """For organisations of the Party: committee, general branch, branch, group or hub household."""
    community_workers: bool = False
    """Whether the county counts whoever holds a post in it, outside grid teams, as a community worker."""


class GradeLine(Keyed, frozen=True, kw_only=True):
    """A grade of full-time grid workers, within a class 三类六等."""

    within: str
    """The class it belongs to, as the county writes it: A, B, C."""


class TeamLine(Keyed, frozen=True, kw_only=True):
    """A place in a grid's team: full-time worker, part-time worker, head of a level, informant, legal worker."""

    wanted: Many = 0
    """How many a grid should have; 一专四兼 is one full-time and four part-time. 0: as many as there are."""
    works: bool = False
    """Whether a grid with none of these has no worker."""
    graded: bool = False
    """Whether whoever holds such a post has a grade."""
    head: HeadLevel = 0
    """For heads of grids: 1 for the general head, 2 for the head, 3 for the small head; 0: no head."""
    community_workers: bool = False
    """Whether the county counts whoever holds such a post as a community worker."""


class SortLine(Keyed, frozen=True, kw_only=True):
    """A sort of assigned responsibility, of agreement, of help to a new organisation; or where somebody came from."""


class AllianceLine(Keyed, frozen=True, kw_only=True):
    """A sort of alliance: the core and the sorts of member it has; what is none of them is a further member (N)."""

    core: tuple[Nature, ...] = ()
    """Natures that may be its core; empty: any."""
    members: tuple[Keyed, ...] = ()
    """The standing sorts of member: five in 1+5+N."""


class OfficesSection(Section, frozen=True, kw_only=True):
    """Words for organisations, posts and grid teams, and what may be chosen."""

    kinds: tuple[KindLine, ...] = ()
    grades: tuple[GradeLine, ...] = ()
    teams: tuple[TeamLine, ...] = ()
    chosen_from: tuple[SortLine, ...] = ()
    """Where holders of posts were chosen from."""
    responsibilities: tuple[SortLine, ...] = ()
    alliances: tuple[AllianceLine, ...] = ()
    agreements: tuple[SortLine, ...] = ()
    support: tuple[SortLine, ...] = ()
    """What a new organisation is given: room, training, practice in a community."""
    objections: tuple[SortLine, ...] = ()
    """Why a candidate of an owners' committee is not put forward; no other reason is kept."""

    def kind(self, key: str) -> KindLine | None:
        """The kind with that key."""
        return next((line for line in self.kinds if line.key == key), None)

    def nature(self, kind: str) -> Nature:
        """What a kind is to the code; a kind no longer known is OTHER."""
        return line.nature if (line := self.kind(kind)) else Nature.OTHER

    def kinds_of(self, *natures: Nature) -> list[str]:
        """The keys of the kinds of these natures, retired ones too."""
        return [line.key for line in self.kinds if line.nature in natures]

    def team(self, key: str) -> TeamLine | None:
        """The place in a grid's team with that key."""
        return next((line for line in self.teams if line.key == key), None)


def word(lines: Sequence[Keyed], key: str) -> str:
    """What the pack calls `key`; the key itself where it does not any more."""
    return next((str(line) for line in lines if line.key == key), key)


def offered(lines: Sequence[Keyed]) -> list[tuple[str, str]]:
    """What may be chosen today, as (key, words)."""
    return list(words_of(lines).items())


def _check(offices: OfficesSection, book: Book) -> Iterator[Wrong]:
    for n, line in enumerate(offices.kinds):
        if line.body is not None and line.nature is not Nature.PARTY:
            said = _("body is said of organisations of the Party only; «%(name)s» is none.") % {"name": line}
            yield Wrong(("offices", "kinds", n, "body"), said, 'nature = "party"')
    known = [line.key for line in offices.kinds]
    for n, line in enumerate(offices.kinds):
        for m, key in enumerate(line.below):
            if key not in known:
                said = _("no kind of organisation has the key «%(key)s».") % {"key": key}
                yield Wrong(
                    ("offices", "kinds", n, "below", m), said, _("one of: %(keys)s") % {"keys": ", ".join(known)}
                )


section("offices", OfficesSection, check=_check, titles=OFFICES_TITLES, refers={"below": ("offices", "kinds")})
