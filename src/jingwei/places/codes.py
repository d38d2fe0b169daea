"""The codes of the national schemes: how each is written, what its digits mean, and what is wrong with one that is not.

GB/T 2260 (county, 6) and GB/T 10114 (town, 3), the statistics bureau's 12 digits (community, 3), the 15 digits of a
grid of digital city management, the 20 digits of CJ/T 349-2010, the 16 of a component (GB/T 30428.2), and the five
digits a building has in its community (DB6101/T 3185-2024). A county's pack chooses among them, layer by layer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.places.refusals import CodeRefused


@dataclass(frozen=True)
class Part:
    """Some digits of a code: how many, what they say, and which of their values are none."""

    digits: int
    title: Promise | str
    never: tuple[str, ...] = ()
    known: Callable[[str], bool] = lambda _said: True


@dataclass(frozen=True)
class Scheme:
    """A way of writing codes. `path` says which of the parts are those of the sight path, and `under` how many of the
    first of these are the code of the place above."""

    name: str
    title: Promise | str
    layers: tuple[str, ...]
    parts: tuple[Part, ...]
    path: tuple[int, ...] = ()
    under: int = 0

    @property
    def digits(self) -> int:
        """How long a code is; 0: as long as it likes."""
        return sum(part.digits for part in self.parts)

    def read(self, code: str) -> tuple[str, ...]:
        """The parts of a code; raises CodeRefused with what is wrong in it."""
        if not self.parts:
            return (_own(code),)
        if not (code.isascii() and code.isdigit()) or len(code) != self.digits:
            said = _("A code of %(scheme)s has %(many)s digits; “%(code)s” is not one.")
            raise CodeRefused(said % {"scheme": self.title, "many": self.digits, "code": code[:40]}, "code")
        read: list[str] = []
        at = 0
        for part in self.parts:
            read.append(code[at : (at := at + part.digits)])
            if read[-1] in part.never or not part.known(read[-1]):
                wrong = _("In %(code)s the digits %(said)s are no number of this kind: %(part)s.")
                raise CodeRefused(wrong % {"code": code, "said": read[-1], "part": part.title}, "code")
        return tuple(read)

    def segments(self, code: str) -> tuple[str, ...]:
        """The parts that stand in the sight path."""
        read = self.read(code)
        return tuple(read[n] for n in self.path) if self.path else read

    def beneath(self, code: str, above: str) -> None:
        """Raises CodeRefused unless the place above a code's place has the code `above`, of twelve digits or fewer."""
        if not self.under:
            return
        wanted = "".join(self.segments(code)[: self.under])
        if wanted != above[: len(wanted)] or len(wanted) > len(above):
            said = _("%(code)s says that it lies in %(wanted)s, but it is to lie in %(above)s.")
            raise CodeRefused(said % {"code": code, "wanted": wanted, "above": above}, "code")

    def moved(self, code: str, above: str, number: str = "") -> str:
        """The same code under another place above: its own digits, or `number`, are kept."""
        if not self.under:
            return code
        read = list(self.read(code))
        at, mine = 0, self.path[: self.under]
        for n in mine:
            read[n] = above[at : (at := at + self.parts[n].digits)]
        if number:
            read[self.path[-1]] = number
        return "".join(read)

    def number(self, n: int) -> str:
        """The `n`-th number of a place among its sisters, as this scheme writes it."""
        return f"{n:0{self.parts[self.path[-1]].digits}}"


def _own(code: str) -> str:
    if re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z\-_.]{0,23}", code) is None:
        said = _("A code has at most 24 letters, digits, hyphens and full stops; “%(code)s” is not one.")
        raise CodeRefused(said % {"code": code[:40]}, "code")
    return code


TOWN_SORTS = {
    "0": gettext_lazy("subdistrict"),
    "1": gettext_lazy("town"),
    "2": gettext_lazy("township"),
    "3": gettext_lazy("township"),
    "4": gettext_lazy("run by an enterprise or a zone"),
    "5": gettext_lazy("run by an enterprise or a zone"),
}
"""What the first of a town's three digits means (GB/T 10114)."""

RURAL = {
    "111": gettext_lazy("main urban area"),
    "112": gettext_lazy("where town and country meet"),
    "121": gettext_lazy("centre of a town"),
    "122": gettext_lazy("where a town and country meet"),
    "123": gettext_lazy("special area"),
    "210": gettext_lazy("centre of a township"),
    "220": gettext_lazy("village"),
}
"""The three digits of urban and rural classification behind the twelve (国统字〔2009〕91号)."""

_COUNTY = Part(6, gettext_lazy("county, GB/T 2260"), ("000000",), lambda said: "11" <= said[:2] <= "99")
_TOWN = Part(3, gettext_lazy("town, GB/T 10114: 0xx to 5xx"), ("000",), lambda said: said[0] in TOWN_SORTS)
_COMMUNITY = Part(3, gettext_lazy("community or village, from 001"), ("000",))
_GRID = Part(3, gettext_lazy("grid, from 001"), ("000",))

SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        Scheme("county_6", gettext_lazy("a county"), ("county",), (_COUNTY,), (0,)),
        Scheme("town_9", gettext_lazy("a town"), ("town",), (_COUNTY, _TOWN), (0, 1), 1),
        Scheme("community_12", gettext_lazy("a community"), ("community",), (_COUNTY, _TOWN, _COMMUNITY), (0, 1, 2), 2),
        Scheme(
            "grid_15", gettext_lazy("a grid"), ("grid", "special_grid"),
            (_COUNTY, _TOWN, _COMMUNITY, _GRID), (0, 1, 2, 3), 3,
        ),
        Scheme(
            "cjt349_20", gettext_lazy("a grid (CJ/T 349)"), ("grid", "special_grid"),
            (
                Part(6, gettext_lazy("what is managed or served, CJ/T 348"), ("000000",)),
                _COUNTY, _TOWN, _COMMUNITY, Part(2, gettext_lazy("part of a community, 00 where it is whole")),
            ),
            (1, 2, 3, 4), 3,
        ),
        Scheme(
            "building_17", gettext_lazy("a building"), ("building",),
            (_COUNTY, _TOWN, _COMMUNITY, Part(5, gettext_lazy("building, from 00001"), ("00000",))), (0, 1, 2, 3), 3,
        ),
        Scheme(
            "component_16", gettext_lazy("a component"), (),
            (
                _COUNTY, Part(2, gettext_lazy("class, 01 to 05"), (), lambda said: "01" <= said <= "05"),
                Part(3, gettext_lazy("kind: 001 to 079 national, from 080 own"), ("000",)),
                Part(5, gettext_lazy("number, from 00001"), ("00000",)),
            ),
            (0,), 1,
        ),
        Scheme("own", gettext_lazy("own numbering"), ("micro_grid", "special_grid", "compound", "building"), ()),
    )
}  # fmt: skip

USUAL = {
    "county": "county_6", "town": "town_9", "community": "community_12", "grid": "grid_15",
    "special_grid": "own", "micro_grid": "own", "compound": "own", "building": "own",
}  # fmt: skip
"""The scheme of a layer of which the pack says nothing."""


def path_of(code: str, layer: str = "", scheme: str = "") -> str:
    """The sight path of a code: `990121/100/001/003/`. Without a layer, of six, nine, twelve or fifteen digits."""
    if layer:
        return "".join(f"{part}/" for part in SCHEMES[scheme or USUAL[layer]].segments(code))
    return "".join(f"{part}/" for part in (code[:6], code[6:9], code[9:12], code[12:15]) if part)
