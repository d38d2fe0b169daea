"""What a county's pack says about its ground: layers, counts, sizes, and where the buildings come from."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Meta

from jingwei.places.codes import SCHEMES, USUAL, Scheme
from jingwei.places.pack_titles import PLACES_TITLES
from jingwei.planners.streets import Town
from jingwei.policy.county import CountySection
from jingwei.policy.sections import Label, Section, Share, Text, Wrong, in_language, section
from jingwei.policy.telling import says

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class Layer(StrEnum):
    """The layers of ground. County to grid hold each other, the others stand beside them."""

    COUNTY = "county"
    TOWN = "town"
    COMMUNITY = "community"
    GRID = "grid"
    SPECIAL_GRID = "special_grid"
    """专属网格: an institution, a park, a site; it belongs to a community and crosses its grids."""
    MICRO_GRID = "micro_grid"
    """微网格: a part of a grid."""
    COMPOUND = "compound"
    BUILDING = "building"


TownCode = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{9}$",
        description=gettext_noop("nine digits: the county's six and the town's three (GB/T 10114)"),
        examples=["990121100"],
    ),
]
CommunityCode = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{12}$",
        description=gettext_noop("twelve digits: the town's nine and the community's three"),
        examples=["990121100001"],
    ),
]
Count = Annotated[int, Meta(ge=1, le=100_000, examples=[50])]
Households = Annotated[int, Meta(ge=1, le=100_000, examples=[300])]
Seed = Annotated[int, Meta(ge=0, le=2**31 - 1, examples=[20260101])]


class TownLine(Label, frozen=True, kw_only=True):
    """A town or subdistrict of the county."""

    code: TownCode


class CommunityLine(Label, frozen=True, kw_only=True):
    """A community or village; its town is the first nine digits of its code."""

    code: CommunityCode


class Counts(Section, frozen=True, kw_only=True):
    """How many there are of each, as the county's own document says."""

    communities: Count
    compounds: Count
    grids: Count
    source: Text


class Band(Label, frozen=True, kw_only=True):
    """How many households a grid of this sort should hold; outside the band is a warning, never a refusal."""

    least: Households
    most: Households

    def holds(self, households: int) -> bool:
        """Whether a grid of so many `households` is of a usual size."""
        return self.least <= households <= self.most


class Bands(Section, frozen=True, kw_only=True):
    """Usual sizes of the general grid and of the micro grid inside it."""

    general: Band
    micro: Band


class Buildings(Section, frozen=True, kw_only=True):
    """The file of building outlines (GeoJSON, WGS-84, may end in .gz), inside the project's data folder."""

    file: Text
    floors: Text
    """The property of each outline that counts floors."""
    licence: Text
    note: Label
    """What a page says about where the outlines come from."""


Lon = Annotated[float, Meta(ge=73, le=136, examples=[104.6])]
Lat = Annotated[float, Meta(ge=3, le=54, examples=[38.4])]
Floors = Annotated[int, Meta(ge=1, le=60, examples=[6])]


class Streets(Section, frozen=True, kw_only=True):
    """A town that stands nowhere, drawn for a demonstration whose document masks its ground, or shows none."""

    buildings: Count
    fewest_floors: Floors
    most_floors: Floors
    lon: Lon
    lat: Lat
    """Where the drawing lies on the map; nothing of what really lies there is in it."""
    seed: Seed
    note: Label

    def town(self) -> Town:
        """What the planner is asked for."""
        return Town(self.buildings, self.fewest_floors, self.most_floors, self.lon, self.lat, self.seed)


class HouseholdEstimate(Section, frozen=True, kw_only=True):
    """Households reckoned from floor area where nobody counted them; a page that shows one shows `note`."""

    square_metres: Annotated[float, Meta(ge=20, le=1000, examples=[100])]
    """Floor area of one household."""
    dwelling_share: Share
    """The part of all floor area that is lived in."""
    note: Label

    def of(self, footprint: float, floors: int) -> int:
        """Households in a building of `footprint` square metres with so many `floors`."""
        return round(footprint * floors * self.dwelling_share / self.square_metres)


class Carve(Section, frozen=True, kw_only=True):
    """The stored chance by which communities, compounds and grids are cut; the same seed cuts the same."""

    seed: Seed
    note: Label


class Notice(Section, frozen=True, kw_only=True):
    """What the public notice of a grid says of its worker; whoever publishes more names the law that wants it."""

    worker_name: bool = False
    worker_telephone: bool = False
    supervision_telephone: str = ""
    """Empty: the county's hotline."""
    law: str = ""


class PlacesSection(Section, frozen=True, kw_only=True):
    """The county's ground."""

    layers: dict[Layer, Label]
    codes: dict[Layer, str] = {}
    """How places of a layer are numbered, where not as usual: one of the schemes that the code knows."""
    notice: Notice = Notice()
    grid_sizes: Bands
    counts: Counts | None = None
    towns: tuple[TownLine, ...] = ()
    communities: tuple[CommunityLine, ...] = ()
    buildings: Buildings | None = None
    """With `households` and `carve`: the file from which a demonstration's ground is drawn. A county that brings its
    places in by rosters and maps has none of the three."""
    streets: Streets | None = None
    """Instead of `buildings`: streets that are invented."""
    households: HouseholdEstimate | None = None
    carve: Carve | None = None

    def communities_of(self, town: str) -> tuple[CommunityLine, ...]:
        """The communities of the town with that nine-digit code."""
        return tuple(c for c in self.communities if c.code.startswith(town))


def _check(places: PlacesSection, book: Book) -> Iterator[Wrong]:
    county = book[CountySection].code
    for layer in Layer:
        if layer not in places.layers:
            yield Wrong(
                ("places", "layers"),
                _("the layer «%(layer)s» has no word.") % {"layer": layer.value},
                f'{layer.value} = {{name = "…", english = "…"}}',
            )
    yield from _schemes(places)
    if (places.notice.worker_name or places.notice.worker_telephone) and not places.notice.law:
        yield Wrong(
            ("places", "notice", "law"),
            _("publishing a worker's name or telephone needs a law that asks for it."),
            'law = "《滨州市社会治理网格化服务管理条例》"',
        )
    for name, band in (("general", places.grid_sizes.general), ("micro", places.grid_sizes.micro)):
        if band.least > band.most:
            yield Wrong(
                ("places", "grid_sizes", name),
                _("the least, %(least)s, is more than the most, %(most)s.") % {"least": band.least, "most": band.most},
                f"least = {band.most}, most = {band.least}",
            )
    yield from _codes_under(county, [t.code for t in places.towns], "towns", "100")
    for n, community in enumerate(places.communities):
        if community.code[:9] not in {t.code for t in places.towns}:
            yield Wrong(
                ("places", "communities", n, "code"),
                _("no town has the code %(code)s, with which this community's begins.") % {"code": community.code[:9]},
                f'code = "{places.towns[0].code if places.towns else county + "100"}{community.code[9:]}"',
            )
    yield from _counted_twice([c.code for c in places.communities], "communities")
    yield from _check_drawing(places)


def _check_drawing(places: PlacesSection) -> Iterator[Wrong]:
    """What is needed together where ground is drawn, and counts that do not contradict the names."""
    if (counts := places.counts) is None:
        return
    if len(places.communities) != counts.communities:
        yield Wrong(
            ("places", "counts", "communities"),
            _("it counts %(said)s communities, but %(named)s are named.")
            % {"said": counts.communities, "named": len(places.communities)},
            f"communities = {len(places.communities)}",
        )
    if counts.grids < counts.communities:
        yield Wrong(
            ("places", "counts", "grids"),
            _("there are fewer grids than communities; every community has at least one."),
            f"grids = {counts.communities}",
        )
    if places.streets and places.buildings:
        yield Wrong(
            ("places", "streets"),
            _("the ground is drawn either on a file of buildings or on invented streets, not on both."),
            _("one of the two"),
        )
    if places.streets and places.streets.most_floors < places.streets.fewest_floors:
        yield Wrong(
            ("places", "streets", "most_floors"),
            _("the least, %(least)s, is more than the most, %(most)s.")
            % {"least": places.streets.fewest_floors, "most": places.streets.most_floors},
            f"most_floors = {places.streets.fewest_floors}",
        )
    drawn_on = places.buildings or places.streets
    for name, said in (("buildings", drawn_on), ("households", places.households), ("carve", places.carve)):
        if said is None:
            yield Wrong(
                ("places", name),
                _("ground that is drawn needs «%(name)s» too; ground that is brought in needs no counts.")
                % {"name": name},
                f"[places.{name}]",
            )


def _schemes(places: PlacesSection) -> Iterator[Wrong]:
    for layer, name in places.codes.items():
        if (scheme := SCHEMES.get(name)) is None or layer not in scheme.layers:
            known = sorted(one.name for one in SCHEMES.values() if layer in one.layers)
            yield Wrong(
                ("places", "codes", layer.value),
                _("there is no scheme «%(name)s» for codes of this layer; there are: %(known)s.")
                % {"name": name, "known": ", ".join(known)},
                f'{layer.value} = "{USUAL[layer]}"',
            )


def scheme_of(county_code: str, layer: Layer) -> Scheme:
    """How the county numbers the places of a layer."""
    from jingwei.policy.queries import book

    return SCHEMES[book(county_code)[PlacesSection].codes.get(layer, USUAL[layer])]


def _codes_under(county: str, codes: list[str], table: str, example: str) -> Iterator[Wrong]:
    for n, code in enumerate(codes):
        if not code.startswith(county):
            yield Wrong(
                ("places", table, n, "code"),
                _("the code %(code)s does not begin with the county's, %(county)s.") % {"code": code, "county": county},
                f'code = "{county}{code[6:] or example}"',
            )
    yield from _counted_twice(codes, table)


def _counted_twice(codes: list[str], table: str) -> Iterator[Wrong]:
    for n, code in enumerate(codes):
        if code in codes[:n]:
            yield Wrong(
                ("places", table, n, "code"),
                _("the code %(code)s stands here twice.") % {"code": code},
                _("the code of this place, which no other has"),
            )


section("places", PlacesSection, check=_check, titles=PLACES_TITLES)


def _layers(document: dict[str, Any]) -> dict[str, str]:
    """What the county calls the layers of its ground."""
    said = document.get("places", {}).get("layers", {})
    return {key: in_language(label["name"], label.get("english", "")) for key, label in said.items()}


says(Layer, _layers)
