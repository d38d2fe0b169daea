"""Giving refused rows back as a sheet, the reason beside each, to be corrected and imported again."""

from datetime import datetime
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from jingwei.imports.acts import Outcome
from jingwei.imports.cells import LONGEST


def write_refused(outcome: Outcome, out: BinaryIO) -> None:
    """Write the refused rows to `out` as .xlsx, under the names their sheet had.

    All cells are written as plain values: words beginning with = + - @ stay words and never become a
    formula on the desk of whoever opens the sheet.
    """
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    header = [*outcome.header, _("Row in the sheet"), _("Why it was refused")]
    for column, name in enumerate(header):
        page.write_string(0, column, name, bold)
    for at, refused in enumerate(outcome.refused, start=1):
        cells = [refused.cells.get(name) for name in outcome.header]
        for column, cell in enumerate([*cells, float(refused.number), refused.reason]):
            match cell:
                case datetime():
                    page.write_datetime(at, column, cell, moment)
                case float():
                    page.write_number(at, column, cell)
                case str():
                    page.write_string(at, column, cell[:LONGEST])
    page.freeze_panes(1, 0)
    book.close()
