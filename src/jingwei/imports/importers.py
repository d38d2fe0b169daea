"""What can be imported: each room registers what it takes, field by field, and how a row is loaded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jingwei.imports.mapping import Kind, Value
from jingwei.imports.mapping import Mapping as Map
from jingwei.imports.refusals import Fault, MapRefused
from jingwei.trail.actor import Actor


@dataclass(frozen=True)
class Field:
    """One field an importer understands: what it means, how it may be read, the values it allows."""

    name: str
    title: Promise | str
    kinds: tuple[Kind, ...] = ("text",)
    required: bool = False
    choices: tuple[str, ...] = ()
    down: bool = False
    """Of a roster: a group that stands once above its rows; an empty cell says what the one above it says."""
    most: int = 80
    """Of a roster: the most characters of a text."""


@dataclass(frozen=True)
class Record:
    """One row ready to load: `number` as Excel shows it, `values` by field (None: unknown).

    `known` is the id that `load` returned for the same number of the same system before.
    """

    number: int
    source: str
    values: Mapping[str, Value]
    known: int | None = None


@dataclass(frozen=True)
class Passage:
    """Who loads a sheet, at what moment, for which county (empty: the only one there is), and a place for what
    the importer looked up (never what it made: a refused row is undone, its memory is not)."""

    actor: Actor
    at: datetime
    county: str = ""
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Importer:
    """What a room takes in.

    `load` is called for each row that is new or has changed, in its own savepoint; it returns the id of the
    row it made or changed, or raises RowRefused with a sentence. `key` names the field which, together with
    the map's source, makes a row known again; without it every row is new. `check` is asked once for rules
    that concern a row alone, before anything is loaded. `load_many` loads rows that are new or have changed
    together, in fewer statements, and returns their ids in order; where it raises RowRefused all of them are
    undone and loaded one by one, so that the refused row alone is refused. `figures` tells what a system's rows
    came to in a county, a title and a count each, after all are loaded.
    """

    name: str
    title: Promise | str
    fields: tuple[Field, ...]
    load: Callable[[Record, Passage], int]
    key: str = ""
    check: Callable[[Record, Passage], None] | None = None
    load_many: Callable[[Sequence[Record], Passage], Sequence[int]] | None = None
    figures: Callable[[str, str], Sequence[tuple[Promise | str, int]]] | None = None

    def __getitem__(self, name: str) -> Field:
        return next(each for each in self.fields if each.name == name)

    def accept(self, mapping: Map) -> None:
        """Raises MapRefused unless the map speaks of these fields, in their kinds and values."""
        names = {each.name for each in self.fields}
        faults = []
        if mapping.about.of != self.name:
            faults.append(mapping.fault("map.of", _("The map is for something else."), f'of = "{self.name}"'))
        for at in [
            *(f"columns.{name}" for name in mapping.columns),
            *(f"constants.{n}" for n in mapping.constants),
        ]:
            if at.partition(".")[2] not in names:
                write = _("Use one of: %(fields)s.") % {"fields": ", ".join(sorted(names))}
                faults.append(mapping.fault(at, _("There is no such field."), write))
        for each in self.fields:
            faults += _field_faults(each, mapping)
        if faults:
            raise MapRefused(faults)


def _field_faults(each: Field, mapping: Map) -> list[Fault]:
    column, at = mapping.columns.get(each.name), f"columns.{each.name}"
    if column is None:
        missing = each.required and each.name not in mapping.constants
        return [mapping.fault(at, _("This field is needed."), f'[{at}] from = "…"')] if missing else []
    faults = []
    if column.kind not in each.kinds:
        write = " / ".join(f'kind = "{kind}"' for kind in each.kinds)
        faults.append(mapping.fault(f"{at}.kind", _("The field cannot be read like this."), write))
    for value in column.choices().values():
        if each.choices and value not in each.choices:
            write = _("Use one of: %(fields)s.") % {"fields": ", ".join(each.choices)}
            faults.append(mapping.fault(f"{at}.values", _("The field has no value “%(v)s”.") % {"v": value}, write))
    return faults


_registered: dict[str, Importer] = {}


class NoSuchImporter(LookupError):
    """Only what a room registered can be imported."""


def register(importer: Importer) -> Importer:
    """Make an importer known by its name; a second one of the same name is a programmer's error."""
    if _registered.setdefault(importer.name, importer) is not importer:
        raise ValueError(f"importer {importer.name!r} is registered twice; choose another name")
    return importer


def importer(name: str) -> Importer:
    """The importer of that name; raises NoSuchImporter with those there are."""
    try:
        return _registered[name]
    except KeyError:
        said = _("Nothing called “%(name)s” can be imported; there are: %(there)s.")
        raise NoSuchImporter(said % {"name": name, "there": ", ".join(sorted(_registered))}) from None


def registered() -> tuple[Importer, ...]:
    """Every importer, by name."""
    return tuple(_registered[name] for name in sorted(_registered))
