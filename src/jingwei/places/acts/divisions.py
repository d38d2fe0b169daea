"""The nation's register of divisions, from its five tables: provinces, prefectures, counties, towns, communities.

620,573 lines of communities go in by COPY, line by line, so that memory does not grow with them; a line whose
division above is not there is left out and told.
"""

import csv
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

REGISTERED = verb("places.divisions_loaded", _("load the divisions"), _("Loaded the register of divisions"))
TABLES = (("provinces", 2), ("cities", 4), ("areas", 6), ("streets", 9), ("villages", 12))
"""Files without their ending, from above, and how many digits their codes have."""
ABOVE = {4: ("provinceCode", 2), 6: ("cityCode", 4), 9: ("areaCode", 6), 12: ("streetCode", 9)}
"""The column with the code of the division above, and how long that is."""
MOST_TOLD = 50
"""Lines left out that are told one by one."""

Progress = Callable[..., object]
"""Called with the table and how many of its lines are done."""

_KEEP = """
INSERT INTO places_division (code, name, level, above_id) SELECT code, name, level, above FROM told
ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, above_id = excluded.above_id
WHERE (places_division.name, places_division.level, places_division.above_id)
      IS DISTINCT FROM (excluded.name, excluded.level, excluded.above_id)
"""


class NoTables(LookupError):
    """The folder of the divisions holds the five tables, plain or gzipped; the message names the missing one."""


@dataclass
class Registered:
    """How many lines each table had, how many were new or changed, and which were left out."""

    read: dict[str, int] = field(default_factory=dict)
    written: int = 0
    left_out: int = 0
    told: list[str] = field(default_factory=list)

    def leave_out(self, table: str, line: int, why: str) -> None:
        """Remember a line that is not kept."""
        self.left_out += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(f"{table}:{line}: {why}")


@transaction.atomic
def load_divisions(folder: Path, *, actor: Actor, at: datetime, progress: Progress = lambda *said: None) -> Registered:
    """Keep the five tables in `folder`; loaded again, what is the same stays as it is. Raises NoTables."""
    files = [(name, digits, _file(folder, name)) for name, digits in TABLES]
    outcome = Registered()
    above: set[int] = set()
    with connection.cursor() as cursor:
        cursor.execute(
            'CREATE TEMPORARY TABLE told (code text COLLATE "C", name text, level smallint, above text) ON COMMIT DROP'
        )
        for level, (name, digits, file) in enumerate(files, start=1):
            here: set[int] = set()
            with cursor.copy("COPY told (code, name, level, above) FROM STDIN") as copy:
                for row in _rows(name, digits, file, above, here, outcome, progress):
                    copy.write_row((row[0], row[1], level, row[2]))
            above = here
        cursor.execute(_KEEP)
        outcome.written = cursor.rowcount
        cursor.execute("DROP TABLE told")
    facts = {**outcome.read, "written": outcome.written, "left_out": outcome.left_out}
    record(actor, REGISTERED, at=at, subject=("divisions", 0), facts=facts)
    return outcome


def _file(folder: Path, name: str) -> Path:
    for file in (folder / f"{name}.csv", folder / f"{name}.csv.gz"):
        if file.is_file():
            return file
    raise NoTables(f"{name}.csv")


def _rows(
    table: str, digits: int, file: Path, above: set[int], here: set[int], outcome: Registered, progress: Progress
) -> Iterator[tuple[str, str, str | None]]:
    """The lines of a table that are kept: code, name, code above."""
    column, above_digits = ABOVE.get(digits, ("", 0))
    read = 0
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8-sig", newline="") as text:
        for read, line in enumerate(csv.DictReader(text), start=1):
            code, name, higher = line.get("code") or "", (line.get("name") or "").strip(), line.get(column) or ""
            if read % 20_000 == 0:
                progress(table, read)
            if not (code.isascii() and code.isdigit() and len(code) == digits) or not 0 < len(name) <= 80:
                outcome.leave_out(table, read + 1, f"{code[:20]!r}")
            elif int(code) in here:
                outcome.leave_out(table, read + 1, f"{code} ×2")
            elif column and (len(higher) != above_digits or not higher.isdigit() or int(higher) not in above):
                outcome.leave_out(table, read + 1, f"{code} → {higher[:20]!r}")
            else:
                here.add(int(code))
                yield code, name, higher or None
    outcome.read[table] = read
    progress(table, read)
