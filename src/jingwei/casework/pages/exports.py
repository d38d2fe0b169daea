"""Taking a queue home as a spreadsheet: the rows one may see, in words, with telephones covered."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, cast

import xlsxwriter
from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.kinds import KINDS
from jingwei.casework.may import post_of
from jingwei.casework.models import Case, Statement
from jingwei.casework.pages.lists import families_of, filter_of
from jingwei.casework.paging import Listing
from jingwei.casework.personal import REPLIES, WHERE, WORDS
from jingwei.casework.queries import Filter
from jingwei.casework.ways_out import shows_cases
from jingwei.organisations.models import Post
from jingwei.people.acts import share
from jingwei.people.lists import TELEPHONE
from jingwei.people.models import Sharing
from jingwei.policy.books import Book
from jingwei.policy.queries import book
from jingwei.search.masking import masked
from jingwei.search.queries import Among
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

EXPORTED = verb("case.exported", gettext_lazy("export"), gettext_lazy("exported a list"))

ON_A_SHEET = (TELEPHONE, WORDS, WHERE, REPLIES)
"""The personal fields that stand on the sheets, numbers covered."""

LIMIT = 20_000
"""Rows of one sheet: more than an office reads, and few enough to be made while one waits."""
CHUNK = 500
LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TooMany(Exception):
    """A sheet holds at most `LIMIT` rows; whoever wants more narrows the list first."""

    def __init__(self) -> None:
        self.sentence = _(
            "The list holds more than %(limit)d cases, and a sheet no more than that. "
            "Narrow it by stage, ground, sort or time, and export it in parts."
        ) % {"limit": LIMIT}
        super().__init__(self.sentence)


@dataclass(frozen=True)
class Table:
    """A sheet: the title merged over its columns (none if empty), their headings, and rows of text and numbers."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[str | int | None]]
    title: str = ""


def written(table: Table) -> IO[bytes]:
    """The table as an xlsx file. What a resident wrote stays text: no cell becomes a formula, a link or a number."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet(table.name)
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.set_column(0, len(table.headings) - 1, 18)
        row = 0
        if table.title:
            centred = workbook.add_format({"bold": True, "align": "center", "font_size": 14})
            sheet.merge_range(0, 0, 0, len(table.headings) - 1, table.title, centred)
            row = 1
        for column, heading in enumerate(table.headings):
            sheet.write_string(row, column, heading, bold)
        sheet.freeze_panes(row + 1, 0)
        for line, cells in enumerate(table.rows, row + 1):
            for column, cell in enumerate(cells):
                _put(sheet, line, column, cell)
    file.seek(0)
    return file


def _put(sheet: Any, row: int, column: int, cell: str | int | None) -> None:
    if isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, cell[:LONGEST_CELL])


def listed(post: Post, by: Filter, at: datetime, **only: str) -> list[int]:
    """The cases of a filter that the post may see, newest first, read as the list is; raises `TooMany`."""
    listing = Listing(post, by, at, families_of(book(post.organisation.county_id)))
    found = listing.everything(LIMIT + 1, **only)
    if len(found) > LIMIT:
        raise TooMany
    return found


def these(found: Sequence[int]) -> QuerySet[Case]:
    """The cases with these ids, newest first."""
    return Case.objects.filter(Among(F("pk"), found)).order_by("-id")


@shows_cases("sheet", "desk:export")
def on_the_sheet(actor: Actor, at: datetime) -> Iterable[int]:
    """What stands on the sheet of everything an actor sees."""
    post = post_of(actor)
    return listed(post, Filter(queue="seen"), at) if post else ()


def remember(
    sitting: Sitting, sheet: str, by: Filter, many: int, at: datetime, *, personal: bool = True
) -> None:  # fmt: skip
    """Write to the trail who took which list away, and how many rows. Words searched for may be a telephone number.

    personal: whether the sheet holds the personal fields of `ON_A_SHEET`.
    """
    parts = by.address(queue=by.queue)
    searched = bool(parts.pop("words", ""))
    facts: dict[str, str | int | bool | None] = {
        "sheet": sheet,
        "filter": urlencode(parts)[:200],
        "searched": searched,
        "rows": many,
    }
    record(
        sitting.actor, EXPORTED, at=at, subject=("post", sitting.post.pk), place=sitting.post.ground.path, facts=facts
    )
    if personal:
        _noted_as_shared(sitting, sheet, many, at)


def _noted_as_shared(sitting: Sitting, sheet: str, many: int, at: datetime) -> None:
    """A list with personal fields that is taken away is a handing-over, and is kept as one (PIPL 55–56)."""
    if many:
        sharing = Sharing(
            county_id=sitting.county_code,
            sort=Sharing.EXPORT,
            recipient=sitting.post.full_title[:120],
            purpose=sheet,
            ground=_("Duty of the post"),
            fields=[field.key for field in ON_A_SHEET],
            records=many,
        )
        share(sharing, actor=sitting.actor, at=at)


def answer(table: Table, name: str, at: datetime) -> HttpResponse:
    """The file as a download, dated."""
    filename = f"{name}-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"
    response = FileResponse(written(table), as_attachment=True, filename=filename, content_type=XLSX)
    return cast(HttpResponse, response)  # a page may stream; the guard of the desk only passes it on


def too_many(request: HttpRequest, refused: TooMany) -> HttpResponse:
    """The page that says so."""
    return render(request, "casework/sheets/too_many.html", {"sentence": refused.sentence}, status=422)


@at_a_post
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The queue, narrowed as in the address, as a spreadsheet."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    at, by = timezone.now(), filter_of(request.GET)
    try:
        found = listed(sitting.post, by, at)
    except TooMany as refused:
        return too_many(request, refused)
    with transaction.atomic():
        remember(sitting, "queue", by, len(found), at)
        table = Table(_("Cases"), [str(h) for h in HEADINGS], rows(these(found), book(sitting.county_code)))
        return answer(table, _("cases"), at)


HEADINGS = (
    gettext_lazy("Number"), gettext_lazy("Number at its source"), gettext_lazy("Kind"), gettext_lazy("Title"),
    gettext_lazy("What was said"), gettext_lazy("Sort of matter"), gettext_lazy("Class of request"),
    gettext_lazy("Grade"), gettext_lazy("Came in by"), gettext_lazy("Where it is"), gettext_lazy("Where exactly"),
    gettext_lazy("Telephone (covered)"), gettext_lazy("Stands at"), gettext_lazy("Owed by"),
    gettext_lazy("Unit that leads"), gettext_lazy("Came in at"), gettext_lazy("To be done by"),
    gettext_lazy("Ended at"), gettext_lazy("Round"), gettext_lazy("Times urged"), gettext_lazy("Times returned"),
    gettext_lazy("Times redone"), gettext_lazy("Under formal supervision"), gettext_lazy("Rating"),
    gettext_lazy("Rated by telephone"),
)  # fmt: skip


def rows(cases: QuerySet[Case], of: Book) -> Iterator[Sequence[str | int | None]]:
    """One row a case, read in chunks so that a long list does not fill the memory."""
    matter = Prefetch("statements", Statement.objects.filter(name="matter").order_by("id"), to_attr="matter")
    read = cases.select_related("place", "owner__organisation", "lead__organisation", "asker")
    words = {kind.name: kind.words(of) for kind in KINDS.values()}
    for case in read.prefetch_related(matter).iterator(chunk_size=CHUNK):
        yield _row(case, words[case.kind])


def _row(case: Case, words: dict[str, dict[str, str]]) -> Sequence[str | int | None]:
    def said(name: str) -> str:
        key: str = getattr(case, name)
        return words.get(name, {}).get(key, key)

    matter = "\n".join(s.words for s in case.matter)  # type: ignore[attr-defined]
    telephone = case.asker.masked_telephone if case.asker and not case.tier else ""
    return (
        case.number, case.source_number, str(case.of_kind.title), masked(case.title), masked(matter), said("category"),
        said("request_class"), said("grade"), said("source"), str(case.place), masked(case.where), telephone,
        str(case.at_stage.title), case.owner.full_title if case.owner else "",
        str(case.lead.organisation) if case.lead else "", moment(case.received_at), moment(case.due_at),
        moment(case.ended_at), case.round, case.urged, case.returned, case.redone, yes(case.supervised), case.rating,
        yes(case.rating_told) if case.rating else "",
    )  # fmt: skip


def moment(at: datetime | None) -> str:
    """A moment as it stands in a sheet; empty where it is not known."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def yes(said: bool) -> str:
    """Yes or no, in words."""
    return _("yes") if said else _("no")
