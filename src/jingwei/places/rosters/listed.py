"""Rosters of places, as communities keep them: towns, communities and villages, grids, compounds."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.imports.importers import Field, Passage, Record
from jingwei.imports.refusals import RowRefused
from jingwei.imports.rosters import Roster, StandsInTheWay, What, Wrote, goes_along, roster
from jingwei.places.models import Place
from jingwei.places.opening import NewPlace, NotThere, close_up, note_households, open_place
from jingwei.places.pack import Layer
from jingwei.places.queries import standing

LEVELS = (Layer.TOWN, Layer.COMMUNITY, Layer.GRID)

FIELDS = (
    Field("town", gettext_lazy("Town or subdistrict"), down=True),
    Field("community", gettext_lazy("Community or village"), down=True),
    Field("grid", gettext_lazy("Grid")),
    Field("compound", gettext_lazy("Compound")),
    Field("code", gettext_lazy("Code of the place"), most=24),
    Field("households", gettext_lazy("Households"), kinds=("count",)),
)


class _Row:
    """One row on its way down: what it names is found, or added where it is not there yet."""

    def __init__(self, record: Record, passage: Passage) -> None:
        self.values, self.passage = record.values, passage
        self.made: list[tuple[str, int]] = []
        self.named = [layer for layer in (*LEVELS, Layer.COMPOUND) if self.values.get(layer.value)]

    def write(self) -> Wrote:
        """Walk down from the county to what the row is about."""
        if not self.named:
            raise RowRefused(_("The row names no place. Fill in the town, the community, the grid or the compound."))
        at = county_of(self.passage.county)
        for layer in LEVELS:
            if layer in self.named:
                at = self._step(at, layer)
        if Layer.COMPOUND in self.named:
            at = self._compound(at)
        self._same_code(at)
        households = self.values.get("households")
        news = False
        if isinstance(households, float) and ("place", at.pk) not in self.made:
            news = note_households(
                at, int(households), _("the roster handed in"), actor=self.passage.actor, at=self.passage.at
            )
        fresh = ("place", at.pk) in self.made
        return Wrote(What.NEW if fresh else What.CHANGED if news else What.SAME, tuple(self.made))

    def _same_code(self, place: Place) -> None:
        """Raises RowRefused where the row gives another code than the place has; its last digits are enough."""
        code = str(self.values.get("code") or "")
        short = place.parent.code if place.parent and len(code) == 3 else ""
        if code and ("place", place.pk) not in self.made and place.code not in (code, f"{short}{code}"):
            said = _("“%(name)s” has the code %(there)s; the row says %(code)s. Correct the row.")
            raise RowRefused(said % {"name": place.name, "there": place.code, "code": code})

    def _step(self, above: Place, layer: Layer) -> Place:
        name, above = str(self.values[layer.value]), self._right_above(above, layer)
        found = standing(above.county_id, layer.value).filter(parent=above, name=name).first()
        return found or self._add(layer, name, above)

    def _right_above(self, above: Place, layer: Layer) -> Place:
        """The place above: where a county has one town, or a community's name is unique, it need not be named."""
        wanted = {Layer.COMMUNITY: Layer.TOWN, Layer.GRID: Layer.COMMUNITY, Layer.COMPOUND: Layer.COMMUNITY}.get(layer)
        if wanted is None or above.layer == wanted.value:
            return above
        if layer is Layer.COMPOUND and above.parent and above.layer == Layer.GRID.value:
            return above.parent
        those = list(standing(above.county_id, wanted.value).filter(path__startswith=above.path)[:2])
        if len(those) == 1:
            return those[0]
        words = {Layer.TOWN: _("the town or subdistrict"), Layer.COMMUNITY: _("the community or village")}[wanted]
        raise RowRefused(
            _("It is not said in which place “%(name)s” lies. Fill in %(above)s.")
            % {"name": self.values[layer.value], "above": words}
        )

    def _compound(self, at: Place) -> Place:
        name = str(self.values["compound"])
        community = self._right_above(at, Layer.COMPOUND)
        found = standing(community.county_id, "compound").filter(parent=community, name=name).first()
        return found or self._add(Layer.COMPOUND, name, community, grid=at if at.layer == "grid" else None)

    def _add(self, layer: Layer, name: str, above: Place, grid: Place | None = None) -> Place:
        last = layer is self.named[-1]
        households = self.values.get("households") if last else None
        new = NewPlace(
            layer,
            name,
            above,
            code=str(self.values.get("code") or "") if last else "",
            grid=grid,
            households=int(households) if isinstance(households, float) else None,
            source=_("the roster handed in"),
        )
        try:
            place = open_place(new, actor=self.passage.actor, at=self.passage.at)
        except NotThere as no:
            raise RowRefused(str(no)) from no
        self.made.append(("place", place.pk))
        return place


def county_of(code: str) -> Place:
    """The county's own place. Raises RowRefused where its ground was never laid."""
    found = standing(code, "county").first()
    if found is None:
        raise RowRefused(_("The county itself is not laid yet; run ./jingwei county first."))
    return found


OF_A_PLACE = ("Chapter", "Succession")
"""What a place was before, and what became of it: a part of the place."""


def unmake(kind: str, pk: int, passage: Passage) -> None:
    """Take back a place on which nothing stands."""
    place = Place.objects.select_for_update().get(pk=pk)
    if place.place_children.exists() or place.place_within_grid.exists():
        raise StandsInTheWay(_("Other places lie in “%(name)s”.") % {"name": place})
    if place.organisations.exists() or place.posts.exists() or place.responsibilities.exists():
        raise StandsInTheWay(_("Organisations or posts stand on “%(name)s”.") % {"name": place})
    if goes_along(place, OF_A_PLACE):
        raise StandsInTheWay(_("Of “%(name)s” there are records by now, of what is owed or done.") % {"name": place})
    close_up(place)


PLACES = roster(
    Roster(
        name="places",
        title=gettext_lazy("Places"),
        hint=gettext_lazy(
            "Towns and subdistricts, communities and villages, grids, compounds: a row is about the smallest place it "
            "names; those above it are added where they are not there yet."
        ),
        fields=FIELDS,
        known_by=("town", "community", "grid", "compound"),
        write=lambda record, passage: _Row(record, passage).write(),
        unmake=unmake,
        order=10,
    )
)
