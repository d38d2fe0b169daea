"""What goes on paper: text that can be read back whole, whatever it says, within bounds, in fonts that hold it."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.translation import override
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from jingwei.paper import press
from jingwei.paper.letters import COVERED, FONTS, drawable, printed, wanting
from jingwei.paper.press import NotPrinted, PressBusy, pressed
from jingwei.paper.subset import RARE, runs

AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
CODE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def poster(**said: Any) -> PdfReader:
    """A poster as it would be read by whoever opens the file."""
    usual = {
        "title": "周五志愿服务日", "unit": "东风社区居民委员会", "county": "微水", "when": ["11月27日 9:00"],
        "where": "南门广场", "words": "带上手套。", "code": CODE, "code_alt": "二维码", "invitation": "扫码报名。",
        "address": "https://example.test/activities/1/",
    }  # fmt: skip
    return PdfReader(io.BytesIO(pressed("poster", usual | said, AT)))


def text_of(pdf: PdfReader) -> str:
    return "".join("".join(page.extract_text() for page in pdf.pages).split())


HOSTILE = (
    '#panic("x")', "$x^2$", "*粗* _斜_ `码`", "= 标题", "#set page()", '#read("/etc/passwd")', '"+sys.inputs+"',
    "\\u{4e2d}", "@ref <label>", "=HYPERLINK(1)", "<script>alert(1)</script>", "//注", "/* 注 */", "${jndi}", "%s %d",
)  # fmt: skip


def test_whatever_a_title_says_is_set_as_text_and_carried_out_by_nobody() -> None:
    words = "\n".join(HOSTILE)
    pdf = poster(title=HOSTILE[0] + "周五", words=words)
    said = text_of(pdf)
    assert [one for one in HOSTILE if "".join(one.split()) not in said] == []
    assert (pdf.metadata or {})["/Title"] == '#panic("x")周五'
    assert len(pdf.pages) == 1


def test_what_is_unseen_or_turns_others_around_goes_and_what_cannot_be_drawn_is_marked() -> None:
    assert printed("甲\x00\x1b\u202e乙\u2067\ufeff\u200b丙\ud800丁\n戊\u2028\te\u0301🎉") == "甲乙丙丁\n戊é〓"
    assert printed("\u3000全角　空格\xa0") == "\u3000全角　空格\xa0"
    assert wanting("好🎉好🎉𠀀") == "🎉𠀀"
    assert text_of(poster(title="反\u202e转🎉", words="")).count("反转〓") == 1


def test_a_sheet_is_tagged_says_its_language_and_embeds_only_what_it_uses() -> None:
    pdf = poster()
    root: Any = pdf.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], "/StructTreeRoot" in root) == (True, "zh-CN", True)
    with override("en"):
        assert poster().trailer["/Root"]["/Lang"] == "en-US"  # type: ignore[index]
    assert len(pressed("poster", {**dict.fromkeys(("unit", "county", "where", "words", "invitation", "address"), "甲"),
                                  "title": "乙", "when": [], "code": CODE, "code_alt": "丙"}, AT)) < 40_000  # fmt: skip


def test_the_same_sheet_is_the_same_file_and_bears_the_day_of_its_making() -> None:
    first, again = (poster() for _n in range(2))
    assert first.stream.getvalue() == again.stream.getvalue()  # type: ignore[attr-defined]
    assert first.metadata is not None
    assert first.metadata.creation_date is not None
    assert first.metadata.creation_date.replace(tzinfo=UTC) == AT


def test_what_takes_too_long_is_too_large_or_wrong_is_refused_and_the_next_is_set(monkeypatch: Any) -> None:
    with pytest.raises(NotPrinted):
        poster(words="长" * press.LARGEST)
    with pytest.raises(NotPrinted):
        poster(code="no drawing")
    monkeypatch.setattr(press, "SECONDS", 0.001)
    with pytest.raises(NotPrinted):
        poster()
    monkeypatch.undo()
    monkeypatch.setattr(press, "PATIENCE", 0.01)
    for _n in range(2):
        press.AT_ONCE.acquire()
    try:
        with pytest.raises(PressBusy):
            poster()
    finally:
        for _n in range(2):
            press.AT_ONCE.release()
    assert "南门广场" in text_of(poster())


def test_the_fonts_hold_what_the_list_says_and_every_character_of_the_national_table() -> None:
    regular, bold = (TTFont(FONTS / f"NotoSansCJKsc-{one}.otf").getBestCmap() for one in ("Regular", "Bold"))
    assert COVERED.read_text().split() == list(runs(regular))
    assert set(bold) <= set(regular)
    gbk = {bytes([high, low]) for high in range(0x81, 0xFE) for low in (*range(0x40, 0x7F), *range(0x80, 0xFF))}
    named = {char for two in gbk if "\u4e00" <= (char := two.decode("gbk", "ignore")[:1] or " ") <= "\u9fff"}
    assert (len(named), [char for char in sorted(named | set(RARE)) if not drawable(char)]) == (20902, [])
