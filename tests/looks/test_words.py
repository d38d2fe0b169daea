"""Every sentence has its Chinese, written as an official writes it."""

import os
from pathlib import Path

import polib
import pytest

from jingwei.looks import words
from jingwei.looks.said import said_in


def write(folder: Path, room: str, english: str, chinese: str) -> None:
    (folder / f"{room}.po").write_text(f'msgid "{english}"\nmsgstr "{chinese}"\n', encoding="utf-8")


def test_every_sentence_has_its_chinese() -> None:
    assert words.missing_words() == []


def test_no_translation_is_left_over() -> None:
    assert words.unused_words() == []


def test_every_translation_keeps_its_placeholders_and_full_width_marks() -> None:
    assert [str(fault) for fault in words.faults()] == []


def test_two_rooms_cannot_translate_one_sentence_differently(tmp_path: Path) -> None:
    write(tmp_path, "desk", "Return", "退回")
    write(tmp_path, "doorstep", "Return", "返回")
    with pytest.raises(words.TwoTranslations, match=r"'退回' in desk\.po and '返回' in doorstep\.po"):
        words.merged(words.fragments(tmp_path))


def test_two_rooms_may_say_the_same(tmp_path: Path) -> None:
    write(tmp_path, "desk", "Close", "关闭")
    write(tmp_path, "doorstep", "Close", "关闭")
    assert list(words.merged(words.fragments(tmp_path))) == [words.Key("", "Close")]


def test_the_catalogue_is_compiled_when_a_fragment_says_something_else_whatever_its_time(tmp_path: Path) -> None:
    fragments, catalogue = tmp_path / "fragments", tmp_path / "zh_Hans" / "django.mo"
    fragments.mkdir()
    write(fragments, "desk", "Close", "关闭")
    assert words.compile_catalogue(fragments, catalogue) is True
    assert words.compile_catalogue(fragments, catalogue) is False
    assert [entry.msgstr for entry in polib.mofile(str(catalogue))] == ["关闭"]
    later = catalogue.stat().st_mtime + 5
    os.utime(fragments / "desk.po", (later, later))
    assert words.compile_catalogue(fragments, catalogue) is False
    write(fragments, "desk", "Close", "合上")
    os.utime(fragments / "desk.po", (0, 0))
    assert words.compile_catalogue(fragments, catalogue) is True
    assert [entry.msgstr for entry in polib.mofile(str(catalogue))] == ["合上"]
    (fragments / "desk.po").rename(fragments / "doorstep.po")
    assert words.compile_catalogue(fragments, catalogue) is True


@pytest.mark.parametrize(
    ("english", "chinese", "wrong"),
    [
        ("Sent to %(post)s", "已派单", 1),
        ("Sent to %(post)s", "已派给 %(post)s", 0),
        ("Sent.", "已派单.", 1),
        ("Sent (again)", "已派单(再次)", 1),
        ("Sent (again)", "已派单（再次）", 0),
        ("At %(clock)s", "时间 %(clock)s，编号 12345.6", 0),
        ("Save as .xlsx", "请另存为 .xlsx 文件", 0),
    ],
)
def test_a_translation_that_reads_wrong_is_a_fault(english: str, chinese: str, wrong: int) -> None:
    wanted = frozenset(words.PLACEHOLDER.findall(english))
    assert len(list(words._wrong(chinese, {wanted}))) == wrong


def test_sentences_are_found_in_code_and_in_templates(tmp_path: Path) -> None:
    templates = tmp_path / "room" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "room" / "acts.py").write_text('a = _("Assign")\nb = ngettext("%(n)s day", "%(n)s days", 2)\n')
    (templates / "page.html").write_text(
        "<div>\n    {% if x %}\n  <c-button label=\"{% translate 'Close' %}\" />\n{% endif %}"
        "{% blocktranslate %}{{ n }} open{% endblocktranslate %}{% firstof a _('Else') %}</div>"
    )
    found = said_in(tmp_path)
    assert {key.msgid for key in found} == {"Assign", "%(n)s day", "Close", "%(n)s open", "Else"}
    assert found[words.Key("", "Close")] == "room/templates/page.html:3"
