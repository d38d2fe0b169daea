"""What the interface answers: one structure for each answer, from which its description is made as well."""

from datetime import datetime

import msgspec


class Fault(msgspec.Struct):
    """Why there is no answer, in a sentence that says what to do."""

    sentence: str


class Declared(msgspec.Struct):
    """A figure, as it is declared. `kind`: flow, stock or share; a share names its part and its whole."""

    name: str
    book: str
    title: str
    kind: str
    unit: str
    definition: str
    leaves_out: str
    named_by: str
    dimensions: list[str]
    part: str | None = None
    whole: str | None = None


class DeclaredList(msgspec.Struct):
    """Every figure there is."""

    figures: list[Declared]


class Value(msgspec.Struct):
    """A number; of a share both its numbers. `number` is null where the figure says nothing, and `why` says why.

    `rows`: the address of exactly the rows counted; null for a share, and where there are none.
    """

    key: str
    title: str
    number: int | None
    whole: int | None = None
    share: float | None = None
    why: str = ""
    rows: str | None = None


class Table(msgspec.Struct):
    """The number by period, place, or something that the rows differ by."""

    name: str
    title: str
    values: list[Value]
    note: str = ""


class Asked(msgspec.Struct):
    """What was asked: place, period, and the cut-off, after which nothing is counted."""

    place: str
    place_title: str
    period: str
    known: datetime
    counted: str


class Told(msgspec.Struct):
    """What a figure says of a place and a period, under the sight of the post that asks."""

    figure: Declared
    asked: Asked
    value: Value
    last_period: Value | None
    tables: list[Table]


class Row(msgspec.Struct):
    """A row that was counted."""

    title: str
    words: str
    meta: list[str]
    address: str


class Rows(msgspec.Struct):
    """A page of the rows that were counted, the newest first; `after` asks for the next one."""

    asked: Asked
    number: int
    rows: list[Row]
    after: str


class Published(msgspec.Struct):
    """A number of a closed period; null where it is withheld. `unseen`: rows the post that asks may not open."""

    place: str
    category: str
    number: int | None
    unseen: int


class Reading(msgspec.Struct):
    """A figure of a closed period as it was published, and the reading that it corrects."""

    id: int
    figure: str
    period: str
    known: datetime
    by: str
    least: int
    corrects: int | None
    cells: list[Published]
