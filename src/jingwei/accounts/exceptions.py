"""What an exception for security or an emergency may permit: a short list that stands in the code, and no more.

A county chooses in its pack which of these may be asked for at all. What 国办函〔2026〕12号 calls formalism is no
exception here, whatever the reason: being signed in by place, tracks, points, rankings and time online cannot be
registered.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from msgspec import Meta

from jingwei.policy.models import County
from jingwei.policy.queries import edition_book
from jingwei.policy.sections import Section, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book

LONGEST = timedelta(days=30)
"""No exception is in force for longer, and none is renewed: a new one is asked for and decided."""


class Scene(StrEnum):
    """The two occasions for which there may be exceptions at all (国办函〔2026〕12号, 安保、应急)."""

    SECURITY = "security"
    EMERGENCY = "emergency"


SCENES = {Scene.SECURITY: gettext_lazy("Security of an event"), Scene.EMERGENCY: gettext_lazy("Emergency")}


class Widens(StrEnum):
    """What an exception can widen: what a post sees, or what a step asks for. There is nothing else to widen."""

    SIGHT = "sight"
    EVIDENCE = "evidence"


NEVER = re.compile(
    r"check.?in|clock.?in|sign.?in|attend|patrol|track|trail|locat|position|gps|whereabouts|point|score|credit|rank|"
    r"league|online|login|duration|hours|presence|face|video|打卡|签到|考勤|点名|轨迹|定位|积分|排名|排行|在线|时长|登录|人脸|视频"
)
"""Words of what no exception permits, however it is called."""


class NeverPermitted(ValueError):
    """An exception cannot permit check-ins, tracks, points, rankings or counting somebody's time."""


@dataclass(frozen=True)
class Permission:
    """One thing that an exception may permit, in English as the catalogue of words knows it."""

    name: str
    titled: str
    tells: str
    widens: Widens

    @property
    def title(self) -> str:
        """What it permits, as officials choose it."""
        return _(self.titled)

    @property
    def told(self) -> str:
        """What it permits, as those it affects are told."""
        return _(self.tells)


_registered: dict[str, Permission] = {}


def permission(name: str, titled: str, tells: str, widens: Widens) -> Permission:
    """Register what an exception may permit. Raises NeverPermitted."""
    if NEVER.search(f"{name} {titled} {tells}".lower()):
        raise NeverPermitted(f"«{name}» cannot be permitted by any exception; see what this module says.")
    return _registered.setdefault(name, Permission(name, titled, tells, Widens(widens)))


def permissions() -> Iterator[Permission]:
    """Everything an exception may permit."""
    return iter(tuple(_registered.values()))


def permission_named(name: str) -> Permission:
    """The permission with that name. Raises KeyError."""
    return _registered[name]


WIDER_SIGHT = permission(
    "wider_sight",
    gettext_noop("A post sees the open cases of a further ground"),
    gettext_noop("a further post may read the cases of this ground that are open and not confidential"),
    Widens.SIGHT,
)
PHOTOGRAPH_ASKED = permission(
    "photograph_asked",
    gettext_noop("A step asks for a photograph on a ground"),
    gettext_noop("one step of the work on this ground asks for a photograph of the matter"),
    Widens.EVIDENCE,
)

Days = Annotated[int, Meta(ge=1, le=LONGEST.days, examples=[7])]


class ExceptionsSection(Section, frozen=True, kw_only=True):
    """Which exceptions may be asked for in the county; a pack that says nothing allows none."""

    allowed: tuple[str, ...] = ()
    """Names of what the code registers."""
    longest_days: Days = 7
    """For how many days at most; never more than thirty."""

    @property
    def permissions(self) -> list[Permission]:
        """What may be asked for."""
        return [permission_named(name) for name in self.allowed]


def exceptions_of(county: County) -> ExceptionsSection:
    """What the pack of a county says today; no query."""
    return edition_book(county.edition_id)[ExceptionsSection]


def _check(exceptions: ExceptionsSection, book: "Book") -> Iterator[Wrong]:
    for n, name in enumerate(exceptions.allowed):
        at = ("exceptions", "allowed", n)
        if name not in _registered:
            what = _("no exception can permit «%(name)s».") % {"name": name}
            yield Wrong(at, what, _("one of: %(keys)s") % {"keys": ", ".join(_registered)})
        elif name in exceptions.allowed[:n]:
            yield Wrong(at, _("«%(key)s» stands here twice.") % {"key": name}, _("each of them once"))


TITLES = {
    "": gettext_lazy("Exceptions"),
    "allowed": gettext_lazy("May be asked for"),
    "longest_days": gettext_lazy("Days at most"),
}

section("exceptions", ExceptionsSection, check=_check, titles=TITLES)
