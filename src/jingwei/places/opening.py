"""Adding one place by hand: a town, community, grid or compound that nobody has drawn yet."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.places.acts.changing import Counted, count
from jingwei.places.acts.chapters import open_chapters
from jingwei.places.models import Change, Place
from jingwei.places.pack import Layer, scheme_of
from jingwei.places.queries import new_qr, standing
from jingwei.places.refusals import CodeRefused
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

OPENED = verb("places.opened", gettext_lazy("add a place"), gettext_lazy("added a place"))

WITHIN = {
    Layer.TOWN: Layer.COUNTY,
    Layer.COMMUNITY: Layer.TOWN,
    Layer.GRID: Layer.COMMUNITY,
    Layer.COMPOUND: Layer.COMMUNITY,
}
"""In what a place of a layer lies."""

FIRST = {"街道": 1, "镇": 100, "乡": 200}
"""Where a town's own three digits begin, by the last words of its name (GB/T 10114)."""
FIRST_VILLAGE = 200
"""Where a village's three digits begin; communities of residents stand below (statistics bureau's rule)."""
RESIDENTS_COMMUNITY = "^[0-9]{9}[01][0-9]{2}$"
"""Codes of communities of residents, whose last three digits lie below a village's."""


class NotThere(ValueError):
    """A place lies in one that stands, under a code of its own; the sentence says what is wrong."""


@dataclass(frozen=True)
class NewPlace:
    """A place to be added; without a code it gets the next number below the place above it."""

    layer: Layer
    name: str
    above: Place
    code: str = ""
    grid: Place | None = None
    households: int | None = None
    source: str = ""


def open_place(new: NewPlace, *, actor: Actor, at: datetime) -> Place:
    """Add a place in the caller's transaction, with its line in the trail. Raises NotThere."""
    if new.above.layer != WITHIN[new.layer].value:
        raise NotThere(_("“%(name)s” cannot lie in “%(above)s”.") % {"name": new.name, "above": new.above})
    beside = new.layer is Layer.COMPOUND
    code = _code_of(new)
    ground, day = new.grid or new.above, localdate(at)
    change = Change.objects.create(
        county_id=new.above.county_id, verb=OPENED.name, day=day, at=at, by=actor.title[:200], basis=new.source[:200]
    )
    place = Place.objects.create(
        change=change,
        county_id=new.above.county_id,
        layer=new.layer.value,
        code=code,
        name=new.name,
        path=ground.path if beside else f"{new.above.path}{_last_part(new, code)}/",
        rank=int(beside),
        parent=new.above,
        grid=new.grid,
        households=new.households,
        households_source=new.source[:120] if new.households is not None else "",
        qr=new_qr(),
        since=day,
    )
    Change.objects.filter(pk=change.pk).update(subject=place)
    open_chapters(change, [place])
    facts = {"layer": place.layer, "code": code, "name": place.name}
    record(actor, OPENED, at=at, subject=("place", place.pk), place=place.path, facts=facts)
    return place


def _last_part(new: NewPlace, code: str) -> str:
    """What a place adds to the sight path of the one above it."""
    return scheme_of(new.above.county_id, new.layer).segments(code)[-1] if new.code else code[-3:]


def note_households(place: Place, households: int, source: str, *, actor: Actor, at: datetime) -> bool:
    """Note how many households a place has, and who says so; whether that was news."""
    if place.households == households:
        return False
    count({place.pk: Counted(households=households, households_source=source)}, actor=actor, at=at)
    return True


def _code_of(new: NewPlace) -> str:
    """The code that was given, checked, or the next free one."""
    if new.layer is Layer.COMPOUND:
        return _free(new, _own_code(new)) if new.code else _next_compound(new)
    if not new.code:
        return _next(new)
    return _free(new, _written_by_scheme(new))


def _written_by_scheme(new: NewPlace) -> str:
    """The code as the county's scheme for the layer writes it; the place's own last digits are enough."""
    scheme = scheme_of(new.above.county_id, new.layer)
    short = len(new.code) == 3 and len(new.above.code) + 3 == scheme.digits
    code = f"{new.above.code}{new.code}" if short else new.code
    try:
        scheme.beneath(code, new.above.code)
        scheme.read(code)
    except CodeRefused as wrong:
        raise NotThere(wrong.sentence) from wrong
    return code


def _own_code(new: NewPlace) -> str:
    """A compound's code as the county's scheme writes it; it lies beside the sight path."""
    try:
        scheme_of(new.above.county_id, new.layer).read(new.code)
    except CodeRefused as wrong:
        raise NotThere(wrong.sentence) from wrong
    return new.code


def _free(new: NewPlace, code: str) -> str:
    there = standing(new.above.county_id, new.layer.value).filter(code=code).first()
    if there is not None:
        raise NotThere(_("The code %(code)s is that of “%(name)s” already.") % {"code": code, "name": there.name})
    return code


def first_town(name: str) -> int:
    """Where the numbers of a town's sort begin, by the last words of its name."""
    return next((number for word, number in FIRST.items() if name.endswith(word)), 100)


def _next(new: NewPlace) -> str:
    taken = set(
        Place.objects.filter(county_id=new.above.county_id, layer=new.layer.value, code__startswith=new.above.code)
        .values_list("code", flat=True)
    )  # fmt: skip
    first = 1
    if new.layer is Layer.TOWN:
        first = first_town(new.name)
    elif new.layer is Layer.COMMUNITY and new.name.endswith("村"):
        first = FIRST_VILLAGE
    number = next(n for n in range(first, 1000) if f"{new.above.code}{n:03}" not in taken)
    return f"{new.above.code}{number:03}"


def _next_compound(new: NewPlace) -> str:
    taken = set(
        Place.objects.filter(county_id=new.above.county_id, layer="compound", code__startswith=new.above.code)
        .values_list("code", flat=True)
    )  # fmt: skip
    return next(code for n in range(1, 100_000) if (code := f"{new.above.code}C{n:04}") not in taken)


def close_up(place: Place) -> None:
    """Take back a place that was added by mistake and on which nothing stands, as if it had never been."""
    changes = list(Change.objects.filter(subject=place).values_list("pk", flat=True))
    Change.objects.filter(pk__in=changes).update(subject=None)
    place.delete()
    Change.objects.filter(pk__in=changes).delete()
