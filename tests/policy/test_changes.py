"""What changed between two editions is named by its key, said in words, and read at the desk with its dates."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils.translation import override

from jingwei.policy import Book, load
from jingwei.policy.acts import adopt
from jingwei.policy.changes import ABSENT, changes
from jingwei.policy.queries import adoptions, edition_book
from jingwei.policy.reading import bare
from jingwei.policy.sections import Section, registered
from jingwei.policy.telling import COMMON, Teller, structs_of
from jingwei.trail.actor import Actor
from people_fixtures.qingshi import CODE, PACK, Qingshi

from .conftest import Shelf


def said(shelf: Shelf, weishui: Book) -> list[tuple[str, str, str]]:
    after = load(shelf.folder / "weishui")
    with override("zh-hans"):
        told = [Teller(weishui, after).told(one) for one in changes(weishui, after)]
        return [(" › ".join(one.where), one.before, one.after) for one in told]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "base/casework.toml",
            'general = "3 working days"',
            'general = "5 working days"',
            ("案卷办理 › 办理期限 › 事件 › 处置 › 一般", "3个工作日", "5个工作日"),
        ),
        (
            "base/casework.toml",
            "shares = [0.5]",
            "shares = [0.5, 0.755]",
            ("案卷办理 › 提醒 › 期限过去多少时提醒", "50%", "50%、75.5%"),
        ),
        (
            "base/incidents.toml",
            'handler = "police"',
            'handler = "fire"',
            ("诉求事件 › 类别 › 违停占道 › 处置单位", "公安局", "消防救援大队"),
        ),
        (
            "base/casework.toml",
            'roles = ["department", "section", "grid_worker"]',
            'roles = ["department", "clerk"]',
            ("案卷办理 › 常用语 › 已联系 › 职责", "部门收文岗、科室经办岗、网格员", "部门收文岗、受理岗"),
        ),
        (
            "weishui/demo.toml",
            '"town_centre.clerk"',
            '"town_centre.dispatcher"',
            (
                "演示人员 › 可登录的人员 › 吴样本 › 岗位",
                "微水镇网格化服务管理中心 · 受理岗",
                "微水镇网格化服务管理中心 · 指挥调度岗",
            ),
        ),
        (
            "base/promise.toml",
            'key = "hard"',
            'key = "hard"\nretired = true',
            ("物业服务承诺 › 轻重程度 › 较难 › 停用", "", "是"),
        ),
    ],
)
def test_a_change_is_told_as_an_official_says_it(
    shelf: Shelf, weishui: Book, file: str, old: str, new: str, told: tuple[str, str, str]
) -> None:
    shelf.spoil(file, old, new)

    assert said(shelf, weishui) == [told]


def test_an_entry_that_comes_and_one_that_goes_are_told_whole(shelf: Shelf, weishui: Book) -> None:
    heading = "[[rectification.drives]]"
    shelf.spoil("base/rectification.toml", heading, f'{heading}\nkey = "new"\nname = "新"\n\n{heading}')
    after = load(shelf.folder / "weishui")
    path = ("rectification", "drives", "new")

    assert [(one.path, one.before) for one in changes(weishui, after)] == [(path, ABSENT)]
    assert [(one.path, one.after) for one in changes(after, weishui)] == [(path, ABSENT)]
    assert said(shelf, weishui) == [("整改 › 问题来源 › 新", "", "名称：新")]


def test_another_order_and_another_type_are_changes_too() -> None:
    one, two = {"key": "one"}, {"key": "two"}
    turned = changes(Book("a", {"t": [one, two]}), Book("a", {"t": [two, one]}))
    typed = changes(Book("a", {"t": 1}), Book("a", {"t": True}))

    assert [(c.path, c.before, c.after) for c in turned] == [(("t",), ["one", "two"], ["two", "one"])]
    assert [(c.path, c.before, c.after) for c in typed] == [(("t",), 1, True)]
    assert changes(Book("a", {"t": 1}), Book("a", {"t": 1})) == []


def words_of_packs() -> Iterator[tuple[str, str, bool]]:
    for one in registered():
        for struct in structs_of(one.struct):
            for field in msgspec.structs.fields(struct):
                names = {field.encode_name, f"{struct.__name__}.{field.encode_name}"}
                yield one.name, max(names, key=len), not names.isdisjoint({*COMMON, *one.titles})


def test_every_word_of_a_pack_has_a_title_for_the_page_of_changes() -> None:
    assert sorted({(room, word) for room, word, titled in words_of_packs() if not titled}) == []


def numbers(kind: Any, struct: type[Section], word: str) -> Iterator[str]:
    kind = bare(kind)
    parts = getattr(kind, "__metadata__", ())
    if getattr(kind, "__origin__", kind) in (int, float):
        lower = any(m.ge is not None or m.gt is not None for m in parts)
        upper = any(m.le is not None or m.lt is not None for m in parts)
        if not (lower and upper):
            yield f"{struct.__name__}.{word}"


def test_every_number_of_a_pack_has_bounds() -> None:
    """An absurd number is refused with the bounds, so there have to be some."""
    structs = {struct for one in registered() for struct in structs_of(one.struct)}
    unbound = [name for s in structs for f in msgspec.structs.fields(s) for name in numbers(f.type, s, f.encode_name)]
    assert unbound == []


@pytest.fixture
def two_editions(qingshi: Qingshi, tmp_path: Any) -> Callable[[str, str], Book]:
    """Lets Qingshi work by another edition from tomorrow on, with one thing replaced in a file."""

    def adopted(file: str, old_new: str) -> Book:
        folder = tmp_path / "qingshi"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(PACK, folder)
        old, new = old_new.split(" → ")
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        book = load(folder)
        at = max(one.since for one in adoptions(CODE)) + timedelta(days=1)
        adopt(book, CODE, actor=Actor.machine("import"), at=at)
        return book

    return adopted


@pytest.mark.django_db
def test_the_desk_reads_what_changed_since_when_and_for_whom(
    qingshi: Qingshi, two_editions: Callable[[str, str], Book], client: Client
) -> None:
    edition_book.cache_clear()
    page = qingshi.sign_in(client, "dispatcher")
    alone = page.get("/desk/editions/changes/").content.decode()
    assert "目前只有一个版本" in alone

    first = adoptions(CODE)[0]
    book = two_editions("casework.toml", 'all = "1 working hour" → all = "2 working hours"')
    two_editions("casework.toml", 'all = "1 working hour" → all = "2 working hours"')  # the same again is no edition
    latest = adoptions(CODE)[0]
    assert (latest.edition, latest.before, latest.until) == (book.edition, first.edition, None)
    assert [(one.edition, one.until) for one in adoptions(CODE)][1:] == [(first.edition, latest.since)]

    listed = page.get("/desk/editions/").content.decode()
    assert (listed.count(f">{first.short}<"), listed.count(f">{latest.short}<"), "1处" in listed) == (1, 1, True)
    read = page.get("/desk/editions/changes/").content.decode()
    assert "办理期限 › 事件 › 受理 › 各等级通用" in " ".join(read.split())
    told = ("1个工作小时", "2个工作小时", "casework.spans.incident.acceptance.all")
    assert [one for one in told if one not in read] == []
    assert page.get(f"/desk/editions/changes/?before={book.edition}&after={book.edition}").status_code == 200
    assert page.get(f"/desk/editions/changes/?before={'0' * 64}").status_code == 404
    assert "2个工作小时" in page.get("/desk/editions/changes/print/").content.decode()


@pytest.mark.django_db
def test_how_the_gate_is_kept_is_told_to_the_three_officers_alone(
    qingshi: Qingshi, two_editions: Callable[[str, str], Book], client: Client
) -> None:
    edition_book.cache_clear()
    two_editions("accounts.toml", "password_days = 0 → locked_minutes = 77\npassword_days = 0")

    told = {}
    for name in ("dispatcher", "auditor"):
        page = qingshi.sign_in(Client(), name)
        listed = page.get("/desk/editions/").content.decode()
        told[name] = ("locked_minutes" in page.get("/desk/editions/changes/").content.decode(), "0处" in listed)
    assert told == {"dispatcher": (False, True), "auditor": (True, False)}
