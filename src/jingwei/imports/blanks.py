"""An empty roster to fill in: the usual names of its columns, what each may hold, and nothing else."""

from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from jingwei.imports.cells import LONGEST
from jingwei.imports.importers import Field
from jingwei.imports.pack import RosterWords
from jingwei.imports.rosters import Roster


def write_blank(roster: Roster, words: RosterWords, out: BinaryIO) -> None:
    """Write the empty roster to `out` as .xlsx; needed columns are marked, words to choose from are offered."""
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(str(roster.title)[:31])
    bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    for column, each in enumerate(each for each in roster.fields if each.most <= LONGEST):
        usual = (words.columns.get(each.name) or (str(each.title),))[0]
        page.write_string(0, column, usual + ("*" if each.required else ""), bold)
        page.write_comment(0, column, _explained(each))
        page.set_column(column, column, 22, text)
        if offered := [said[0] for said in words.values.get(each.name, {}).values() if said]:
            page.data_validation(
                1,
                column,
                2000,
                column,
                {"validate": "list", "source": offered[:20], "ignore_blank": True, "error_type": "warning"},
            )
    page.freeze_panes(1, 0)
    book.close()


def _explained(each: Field) -> str:
    kinds = {
        "day": _("A date, such as 2025-03-01"),
        "count": _("A whole number"),
        "telephone": _("One telephone number"),
        "yes_no": _("Yes or no"),
    }
    said = [kinds.get(each.kinds[0], _("Text, at most %(most)s characters") % {"most": each.most})]
    if each.down:
        said.append(_("may be written once for the rows below"))
    return "；".join(said)
