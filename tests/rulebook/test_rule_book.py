"""The county's rule book: all that is declared stands in it, on the page and on paper, in both languages."""

import io
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from jingwei.casework.kinds import KINDS
from jingwei.figures.declared import every_figure
from jingwei.policy.books import Book
from jingwei.policy.proving import load
from jingwei.rulebook.parts import CHAPTERS, Loop, Table, chapters
from jingwei.rulebook.wording import spoken

PACKS = Path(__file__).parents[2] / "packs"
WHOLE = sorted(one.parent.name for one in PACKS.glob("*/places.toml") if one.parent.name != "base")


class Read(HTMLParser):
    """The text of a page, and the ids and links of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.ids, self.links = "", list[str](), list[str]()
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.ids += [said["id"] or ""] if "id" in said else []
        self.links += [(said["href"] or "")[1:]] if tag == "a" and (said.get("href") or "").startswith("#") else []


def told(book: Book) -> dict[str, list[Any]]:
    """The parts of each chapter."""
    return {one.key: [part for section in one.told(book) for part in section.parts] for one in chapters(public=False)}


@pytest.mark.parametrize(("pack", "language"), [*((pack, "zh-hans") for pack in WHOLE), ("weishui", "en")])
def test_every_stage_step_time_and_figure_of_a_county_stands_in_it(pack: str, language: str) -> None:
    with override(language):
        book = load(PACKS / pack)
        parts = told(book)
        cells = "\n".join(cell for one in parts["kinds"] if isinstance(one, Table) for row in one.rows for cell in row)
        loops = [one for one in parts["kinds"] if isinstance(one, Loop)]
        assert len(loops) == len(KINDS)
        for kind in KINDS.values():
            reached = [s for s in kind.stages.values() if any(s in w.targets for w in kind.steps.values())]
            wanted = [*(s.title for s in reached), *(step.title for step in kind.steps.values())]
            assert [str(one) for one in wanted if str(one) not in cells] == []
        figures = {row[0] for one in parts["figures"] if isinstance(one, Table) for row in one.rows}
        assert figures == {str(one.title) for one in every_figure()}
        for one in (table for tables in parts.values() for table in tables if isinstance(table, Table)):
            assert {len(row) for row in one.rows} == {len(one.head)}
            assert all(cell.strip() for row in one.rows for cell in row[:1])


def test_times_are_said_as_people_say_them() -> None:
    said = ("30 minutes", "1 hour", "2 days", "30 working minutes", "4 working hours", "15 working days")
    assert [spoken(one) for one in said] == [
        "30分钟", "1小时", "2天", "30分钟（工作时间）", "4小时（工作时间）", "15个工作日",
    ]  # fmt: skip
    with override("en"):
        assert [spoken(one) for one in said[:4]] == ["30 minutes", "1 hour", "2 days", "30 minutes of office time"]


@pytest.mark.django_db
def test_staff_read_all_of_it_and_residents_what_they_may_expect(qingshi: Any, client: Client) -> None:
    from jingwei.policy.models import County

    qingshi.sign_in(client, "dispatcher")
    edition = County.objects.get(pk=qingshi.county_code).edition_id[:12]
    desk = client.get("/desk/rules/").content.decode()
    read = Read(desk)
    assert (sorted(set(read.ids)), [link for link in read.links if link not in read.ids]) == (sorted(read.ids), [])
    assert read.ids.count("kinds") == 1
    assert desk.count("<svg ") - desk.count('<svg class="icon"') >= len(KINDS)
    assert client.get(f"/desk/rules/{edition}/").content.count(b'class="loop"') == len(KINDS)
    door = Client().get(f"/rules/{edition}/").content.decode()
    assert [key for key in CHAPTERS if f'id="{key}"' in door] == [key for key, one in CHAPTERS.items() if one.public]
    assert Client().get("/rules/").status_code == 200
    for address in (
        "/desk/rules/000000000000/",
        "/rules/000000000000/",
        f"/rules/{edition[:6]}/",
        "/rules/ab/rules.pdf",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_on_paper_it_says_the_same_as_on_the_page(qingshi: Any, client: Client) -> None:
    from jingwei.policy.models import County

    qingshi.sign_in(client, "dispatcher")
    edition = County.objects.get(pk=qingshi.county_code).edition_id[:12]
    staff = client.get(f"/desk/rules/{edition}/rules.pdf")
    assert staff["Content-Type"] == "application/pdf"
    headings = [one["/Title"] for one in flat(PdfReader(io.BytesIO(staff.content)).outline)]
    assert [str(kind.title) for kind in KINDS.values() if str(kind.title) not in headings] == []
    door = Client()
    pages = PdfReader(io.BytesIO(door.get(f"/rules/{edition}/rules.pdf").content)).pages
    printed = squeezed("".join(page.extract_text() for page in pages))
    main = door.get(f"/rules/{edition}/").content.decode().partition("<main")[2].partition("</main>")[0]
    headings = re.findall(r"<(?:h2|h3|th|caption)\b[^>]*>(.*?)</(?:h2|h3|th|caption)>", main)
    said = [unescape(squeezed(re.sub("<[^>]+>", "", one))) for one in headings]
    assert [one for one in said if one and one != "目录" and one not in printed] == []
    assert "起执行" in printed
    assert [edition in one for one in (printed, squeezed(re.sub("<[^>]+>", "", main)))] == [False, False]
    told = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(staff.content)).pages[:1]))
    assert squeezed(f"版本 {edition}") in told


def flat(outline: Any) -> list[Any]:
    """Bookmarks of all depths."""
    return [one for entry in outline for one in (flat(entry) if isinstance(entry, list) else [entry])]


def squeezed(words: str) -> str:
    return "".join(words.split())


@pytest.mark.django_db
def test_an_edition_of_before_still_opens_and_says_so(qingshi: Any, client: Client) -> None:
    from django.utils import timezone

    from jingwei.policy.acts import adopt
    from jingwei.policy.models import County
    from jingwei.policy.queries import book

    old = book(qingshi.county_code)
    document = old.document
    document["casework"]["reopen_span"] = "77 days"
    adopt(Book(old.pack, document), qingshi.county_code, actor=qingshi.actor("dispatcher"), at=timezone.now())
    qingshi.sign_in(client, "dispatcher")
    before, now = client.get(f"/desk/rules/{old.edition[:12]}/"), client.get("/desk/rules/")
    assert ["以前的版本" in one.content.decode() for one in (before, now)] == [True, False]
    assert ["77天" in one.content.decode() for one in (before, now)] == [False, True]
    assert County.objects.get(pk=qingshi.county_code).edition_id[:12] in before.content.decode()
