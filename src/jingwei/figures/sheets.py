"""The figures of a page as a spreadsheet: numbers with their definition, source, period and cut-off; no persons."""

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, TypeAlias, cast

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import at_a_post
from jingwei.figures.asking import Asked
from jingwei.figures.counting import Answer
from jingwei.figures.declared import BOOKS, Figure, every_figure
from jingwei.figures.pages import answered, asked_by, blocks_of, figure_or_404
from jingwei.looks.periods import period_title

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell: TypeAlias = "str | int | float | None"


@require_safe
@at_a_post
@answered
def figures_sheet(request: HttpRequest) -> HttpResponse:
    """All figures of a place and a period."""
    asked = asked_by(request)
    lines: list[Sequence[Cell]] = []
    told = asked.ask_all(every_figure(), asked.period.back(2))
    for book in reversed(BOOKS.values()):
        for figure in book.figures.values():
            *before, now = told[figure.full_name]
            last = before[0] if before else Answer(None)
            names = (str(book.title), str(figure.title), str(figure.unit))
            lines.append(
                (*names, *_cells(now), _cells(last)[0], str(figure.says), str(figure.leaves_out), str(figure.source))
            )
    headings = (
        _("About"), _("Figure"), _("Unit"), _("This period"), _("Part"), _("Whole"), _("Last period"), _("Definition"),
        _("What it leaves out"), _("Named by"),
    )  # fmt: skip
    return _file(asked, [(_("Figures"), headings, lines)])


@require_safe
@at_a_post
@answered
def figure_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: its trend, its places and whatever it differs by, each on a sheet."""
    figure = figure_or_404(name)
    asked = asked_by(request, figure)
    headings = ("", str(figure.title), _("Part"), _("Whole"))
    pages = [
        (block.title, headings, [(line.title, *_cells(line.answer)) for line in block.lines])
        for block in blocks_of(figure, asked)
    ]
    return _file(asked, pages, figure)


def _cells(answer: Answer) -> tuple[Cell, Cell, Cell]:
    """The number as a number; a share with its part and its whole."""
    if answer.whole is None:
        return answer.number, None, None
    share = answer.share
    return Rate(share * answer.per) if share is not None and answer.per != 100 else share, answer.number, answer.whole


class Rate(float):
    """A share told of so many, which is no percentage."""


def _file(
    asked: Asked, pages: Iterable[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]], figure: Figure | None = None
) -> HttpResponse:
    name = str(figure.title) if figure else _("figures")
    told = [
        (_("Place"), str(asked.place)),
        (_("Period"), period_title(asked.period)),
        (_("As of"), f"{timezone.localtime(asked.known):%Y-%m-%d %H:%M}"),
        (_("Counted"), _("what the post %(post)s may see") % {"post": asked.post.full_title}),
    ]
    if figure is not None:
        told += [(_("Definition"), str(figure.says)), (_("Named by"), str(figure.source))]
    filename = f"{name}-{asked.place}-{asked.period}.xlsx"
    response = FileResponse(_written(told, pages), as_attachment=True, filename=filename, content_type=XLSX)
    return cast(HttpResponse, response)


def _written(
    told: Sequence[tuple[str, str]], pages: Iterable[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]
) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, plain) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        percent = workbook.add_format({"num_format": "0.0%"})
        for title, headings, lines in pages:
            sheet = workbook.add_worksheet(title[:31])
            sheet.set_column(0, len(headings) - 1, 16)
            for row, (name, words) in enumerate(told):
                sheet.write_string(row, 0, name, bold)
                sheet.write_string(row, 1, words)
            top = len(told) + 1
            sheet.write_row(top, 0, headings, bold)
            for row, cells in enumerate(lines, top + 1):
                for column, cell in enumerate(cells):
                    if isinstance(cell, Rate):
                        sheet.write_number(row, column, round(cell, 1))
                    elif isinstance(cell, float):
                        sheet.write_number(row, column, cell, percent)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    file.seek(0)
    return file
