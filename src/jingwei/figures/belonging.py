"""What the rows of a figure belong to (a case), so that they can be kept added up; and with which eyes it is seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet

if TYPE_CHECKING:
    from jingwei.places.models import Place
    from jingwei.trail.actor import Actor


class Eyes(Enum):
    """How much of a place a reader sees by her post: all of it; or all that is not apart, the rest row by row."""

    ALL = "all"
    NOT_APART = "not apart"


@dataclass(frozen=True, eq=False)
class Belonging:
    """What the rows of a figure belong to (a case), where whatever changes them is one act upon it.

    Figures of such rows can be rolled up. path: from the row to it. ground: its ground as it is now. open_to_ground:
    which of them are seen by everybody who watches over their ground; the others, and parts on ground that is not
    theirs any more, are apart. eyes: how much of a place a reader sees; None: it has to be asked of every row.
    seen: those that she sees. elsewhere: the field that names it, and rows that tell of it on other ground than now.
    """

    model: type[Model]
    path: str
    ground: str
    open_to_ground: Q
    eyes: Callable[[Actor, Place], Eyes | None]
    seen: Callable[[Actor], QuerySet[Any]]
    elsewhere: tuple[str, QuerySet[Any]]
