"""Why a sheet, a map or a row is not taken, in words that tell its owner what to do next.

SheetRefused
  TooLarge · TooManyRows · TooManyColumns · CellTooLong · Locked · WebPage · NotASheet · NoHeader
  NoSuchSheet
MapRefused
RowRefused
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _


class SheetRefused(ValueError):
    """A file that breaks a rule of this room is not read."""


class TooLarge(SheetRefused):
    """A sheet, and what is packed inside it, stays within the limits of size."""

    def __init__(self) -> None:
        super().__init__(_("The file is too large to read. Split it into several sheets and import each."))


class TooManyRows(SheetRefused):
    """A sheet has no more rows than the limit."""

    def __init__(self, most: int) -> None:
        said = _("The sheet has more than %(most)s rows. Split it into several sheets and import each.")
        super().__init__(said % {"most": most})


class TooManyColumns(SheetRefused):
    """A sheet has no more columns than the limit."""

    def __init__(self, most: int) -> None:
        said = _("The sheet has more than %(most)s columns. Delete those that are not needed.")
        super().__init__(said % {"most": most})


class Locked(SheetRefused):
    """A sheet is open to read: no password."""

    def __init__(self) -> None:
        super().__init__(_("The file is protected by a password. Save it without one and import it again."))


class WebPage(SheetRefused):
    """A sheet is a sheet by its content; many systems export a web page under the name .xls."""

    def __init__(self) -> None:
        super().__init__(
            _("This is a web page under the name of a sheet. Open it in Excel or WPS and save it as .xlsx.")
        )


class NotASheet(SheetRefused):
    """A sheet is CSV, .xls or .xlsx by its content, whole and in a known encoding."""

    def __init__(self) -> None:
        super().__init__(_("The file cannot be read as a sheet. Open it in Excel or WPS and save it as .xlsx or CSV."))


class CellTooLong(SheetRefused):
    """A cell holds no more text than Excel itself allows."""

    def __init__(self, number: int, most: int) -> None:
        said = _(
            "Row %(row)s has a cell of more than %(most)s characters, "
            "or a quotation mark that is never closed. Correct that cell."
        )
        super().__init__(said % {"row": number, "most": most})


class NoHeader(SheetRefused):
    """A sheet has a row with the names of its columns."""

    def __init__(self) -> None:
        super().__init__(_("No row with column names was found. Write the names in one row above the data."))


class NoSuchSheet(SheetRefused):
    """The sheet that the map names is in the workbook."""

    def __init__(self, wanted: str, there: Sequence[str]) -> None:
        said = _("The workbook has no sheet “%(wanted)s”; it has: %(there)s.")
        super().__init__(said % {"wanted": wanted, "there": "、".join(there)})


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place of a map: file, line (0: the whole), key, what is wrong, what to write."""

    file: str
    line: int
    key: str
    what: str
    write: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.key}: {self.what} {self.write}"


class MapRefused(ValueError):
    """A map says of every field where it stands in the sheet and how to read it, and nothing else."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class RowRefused(ValueError):
    """A row that cannot be taken as it is; the text says why and is shown beside the row."""
