"""What a post owes, asked of every room that lets posts owe something; and handing all of it to another post.

Rooms above say here what is owed through them (`holds`), so that no post can end while anything is owed by it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from jingwei.organisations.models import Organisation, Post
from jingwei.trail.actor import Actor


@dataclass(frozen=True)
class Owed:
    """One thing that a post owes, as a list to be handed over names it; never a resident's words."""

    sort: str
    number: str
    title: str
    due: datetime | None = None


@dataclass(frozen=True)
class Holder:
    """A room through which posts owe.

    `counted`: how much each of these posts owes, those that owe nothing left out. `listed`: what one post owes, as
    far as a reader may see it.
    `handed`: hand all of it to another post, in the caller's transaction, with the room's own acts; how much it was.
    Raises Unfit where the other post cannot do it.
    """

    name: str
    title: str | Promise
    counted: Callable[[Sequence[int]], dict[int, int]]
    listed: Callable[[Post, Actor], Iterable[Owed]]
    handed: Callable[[Post, Post, Actor, datetime], int]
    inherited: Callable[[Organisation, Organisation], None] | None = None
    """What an organisation had its hands on goes to the one that stands in its place."""


HOLDERS: dict[str, Holder] = {}


def holds(holder: Holder) -> None:
    """Register a room through which posts owe; a name said twice is a mistake in the code."""
    if HOLDERS.setdefault(holder.name, holder) is not holder:
        raise ValueError(f"«{holder.name}» is registered already; give this holder another name.")


def counts(posts: Iterable[Post]) -> dict[int, int]:
    """How much each of the posts owes, through all rooms; those that owe nothing are left out."""
    asked = [post.pk for post in posts]
    found: dict[int, int] = {}
    for holder in HOLDERS.values():
        for pk, many in holder.counted(asked).items():
            found[pk] = found.get(pk, 0) + many
    return {pk: many for pk, many in found.items() if many}


def owed_by(post: Post, reader: Actor) -> list[tuple[Holder, list[Owed]]]:
    """All that a post owes and `reader` may see, room by room; rooms with nothing are left out."""
    listed = [(holder, list(holder.listed(post, reader))) for holder in HOLDERS.values()]
    return [(holder, owed) for holder, owed in listed if owed]


def hand_all(post: Post, to: Post, actor: Actor, at: datetime) -> dict[str, int]:
    """Hand everything that `post` owes to another; how much, by holder."""
    return {name: holder.handed(post, to, actor, at) for name, holder in HOLDERS.items()}


def inherit(organisation: Organisation, heir: Organisation) -> None:
    """Let `heir` go on with what the organisation had its hands on."""
    for holder in HOLDERS.values():
        if holder.inherited is not None:
            holder.inherited(organisation, heir)
