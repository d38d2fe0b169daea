"""The figures of places: how many towns, communities, grids, compounds and households a county has."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from jingwei.figures.declared import About, Condition, Figures, Narrowing, Share, Sight, Stock, Told, Word
from jingwei.organisations.models import Appointment, Post
from jingwei.organisations.pack import Role
from jingwei.places.models import Place
from jingwei.trail.actor import Actor

GRIDS = _("County practice: division into grids")
COMPOUNDS = _("County practice: compounds of the communities")
REGISTER = _("County practice: communities; region codes of the national statistics bureau")


def _seen(_actor: Actor) -> Q:
    """Ground is no secret: whoever sits at a post of the county sees its places."""
    return Q()


def _told(rows: Sequence[Model], _post: Post, _at: datetime) -> list[Told]:
    above = Place.objects.in_bulk({p for row in rows if (p := row.parent_id or row.grid_id)})  # type: ignore[attr-defined]
    return [_one(row, above.get(row.parent_id or row.grid_id or 0)) for row in rows if isinstance(row, Place)]


def _one(place: Place, above: Place | None) -> Told:
    words = said("%(n)d households") % {"n": place.households} if place.households is not None else ""
    return Told(str(place), words, tuple(str(part) for part in (above, place.code) if part))


PLACES = About(Place, "county_id", "path", Sight(_seen, _told))


def without_a_worker(at: datetime) -> Condition:
    """Grids on whose own ground nobody holds the post of a grid worker on that day."""
    day = timezone.localdate(at)
    held = Appointment.objects.filter(
        Q(until=None) | Q(until__gt=day),
        since__lte=day,
        post__ground=OuterRef("pk"),
        post__roles__contains=[Role.GRID_WORKER.value],
    )
    return Q(layer="grid") & ~Exists(held)


def _places(title: Word, says: Word, source: Word, rows: Narrowing, unit: Word) -> Stock:
    return Stock(title, says, source, rows=rows, unit=unit, days=True)


class PlaceFigures(Figures, name="places", about=PLACES):
    """The ground as it is divided."""

    title = _("Places")

    towns = _places(
        _("Towns and subdistricts"), _("Towns and subdistricts that stood on the last day."), REGISTER,
        Q(layer="town"), _("towns"),
    )  # fmt: skip
    communities = _places(
        _("Communities and villages"), _("Communities and villages that stood on the last day."), REGISTER,
        Q(layer="community"), _("communities"),
    )  # fmt: skip
    grids = _places(_("Grids"), _("Grids that stood on the last day."), GRIDS, Q(layer="grid"), _("grids"))
    without_worker = _places(
        _("Grids without a worker"),
        _("Grids that stood on the last day and on whose ground nobody held a grid worker's post."),
        GRIDS, without_a_worker, _("grids"),
    )  # fmt: skip
    with_worker = _places(
        _("Grids with a worker"),
        _("Grids that stood on the last day and on whose ground somebody held a grid worker's post."),
        GRIDS, lambda at: Q(layer="grid") & ~without_a_worker(at), _("grids"),
    )  # fmt: skip
    compounds = _places(
        _("Compounds"), _("Compounds that stood on the last day."), COMPOUNDS, Q(layer="compound"), _("compounds")
    )
    buildings = _places(
        _("Buildings"), _("Buildings that stood on the last day."), COMPOUNDS, Q(layer="building"), _("buildings")
    )
    households = Stock(
        _("Households"), _("Households of the grids that stood on the last day, as last counted there."), GRIDS,
        rows=Q(layer="grid"), adds="households", days=True, unit=_("households"),
        leaves_out=_("Grids whose households nobody has counted."),
    )  # fmt: skip
    covered = Share(
        _("Grids that have a worker"),
        _("Grids with a worker, of all grids."),
        GRIDS,
        part=with_worker,
        of=grids,
        least=1,
    )
