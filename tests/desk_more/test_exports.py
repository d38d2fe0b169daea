"""Sheets taken away: what stands in them, for whom, and that it is remembered."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.models import Case
from jingwei.casework.pages import exports

ROOT = Path(__file__).parents[2]
REAL = ROOT / "data" / "office" / "jinan12345_export_layout_scrubbed.xls"
HOSTILE = ('=HYPERLINK("http://evil.example","点我")', "+1+1", "@SUM(A1)", "-2", "http://evil.example/", "0012345")


def sheet(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content[:400]
    return b"".join(answer.streaming_content)


def rows(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_what_a_resident_wrote_stays_text(seated: Callable[[str], Client], opened: Callable[..., Case]) -> None:
    for words in HOSTILE:
        opened(words)
    content = sheet(seated("dispatcher").get("/desk/export.xlsx", {"queue": "seen"}))
    cells = [cell for row in load_workbook(BytesIO(content)).active.iter_rows(min_row=2) for cell in row]
    assert {cell.value for cell in cells if cell.value in HOSTILE} == set(HOSTILE)
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert all(cell.hyperlink is None for cell in cells)
    titles = [row[3] for row in rows(content)[1:]]
    assert titles == list(reversed(HOSTILE))


def test_telephones_are_covered_and_words_stand_for_keys(
    seated: Callable[[str], Client], handled: Callable[..., Case]
) -> None:
    handled()
    content = sheet(seated("dispatcher").get("/desk/export.xlsx", {"queue": "seen"}))
    heads, row = rows(content)
    said = dict(zip([str(h) for h in exports.HEADINGS], row, strict=True))
    assert heads == list(said)
    assert row[5:9] + row[11:13] == [
        "维修不及时",
        "投诉",
        "一般",
        "窗口受理",
        "138****6021",
        str(Incident.calling_back.title),
    ]
    assert "13800006021" not in "".join(str(cell) for cell in row)


def test_the_sheet_holds_what_the_queue_holds(
    seated: Callable[[str], Client], opened: Callable[..., Case], handled: Callable[..., Case]
) -> None:
    waiting, _over = opened(), handled()
    heads_and_rows = rows(sheet(seated("dispatcher").get("/desk/export.xlsx")))
    assert [row[0] for row in heads_and_rows[1:]] == [waiting.number]
    narrowed = rows(sheet(seated("dispatcher").get("/desk/export.xlsx", {"queue": "seen", "stage": "calling_back"})))
    assert [row[0] for row in narrowed[1:]] == [_over.number]


def test_nobody_takes_away_what_she_may_not_see(seated: Callable[[str], Client], opened: Callable[..., Case]) -> None:
    opened()
    for who in ("housing", "auditor"):
        for name in ("export.xlsx", "export-hotline.xlsx"):
            content = sheet(seated(who).get(f"/desk/{name}", {"queue": "seen"}))
            assert len([r for r in rows(content) if any(r)]) == (1 if name == "export.xlsx" else 2)


def test_every_export_is_remembered_without_the_words_searched_for(
    seated: Callable[[str], Client], opened: Callable[..., Case], qingshi: Any, told: Any
) -> None:
    opened()
    client = seated("dispatcher")
    sheet(client.get("/desk/export.xlsx", {"queue": "late", "q": "13800006021"}))
    sheet(client.get("/desk/export-hotline.xlsx", {"queue": "seen"}))
    assert [(line["actor_person"], line["facts"]) for line in told("case.exported")] == [
        (
            qingshi.person("dispatcher").pk,
            {
                "sheet": "queue",
                "filter": "queue=late",
                "searched": True,
                "rows": told("case.exported")[0]["facts"]["rows"],
            },
        ),
        (
            qingshi.person("dispatcher").pk,
            {"sheet": "hotline", "filter": "queue=seen", "searched": False, "rows": 1},
        ),
    ]


@pytest.mark.parametrize("name", ["export.xlsx", "export-hotline.xlsx"])
def test_a_list_that_is_too_long_is_not_cut_but_refused(
    seated: Callable[[str], Client], opened: Callable[..., Case], monkeypatch: pytest.MonkeyPatch, told: Any, name: str
) -> None:
    opened(), opened()
    monkeypatch.setattr(exports, "LIMIT", 1)
    answer = seated("dispatcher").get(f"/desk/{name}", {"queue": "seen"})
    assert answer.status_code == 422
    assert "清单超过 1 件" in answer.content.decode()
    assert told("case.exported") == []


class TestHotline:
    """The hotline's own columns."""

    def test_the_headings_are_those_of_the_real_sheet(
        self, seated: Callable[[str], Client], opened: Callable[..., Case]
    ) -> None:
        opened()
        content = sheet(seated("dispatcher").get("/desk/export-hotline.xlsx", {"queue": "seen"}))
        real = CalamineWorkbook.from_path(REAL).get_sheet_by_index(0).to_python()
        ours = rows(content)
        assert ours[1] == real[1]
        assert ours[0][1:] == [""] * 43
        assert [str(r) for r in load_workbook(BytesIO(content)).active.merged_cells.ranges] == ["A1:AR1"]

    def test_what_is_known_stands_there_and_what_is_not_stays_empty(
        self, seated: Callable[[str], Client], handled: Callable[..., Case], qingshi: Any
    ) -> None:
        case = handled()
        content = sheet(seated("dispatcher").get("/desk/export-hotline.xlsx", {"queue": "seen"}))
        heads, row = rows(content)[1:3]
        said = dict(zip(heads, row, strict=True))
        known = {
            "工单号": case.number, "转办意见": "请牵头办理。", "联系人": "钱**", "联系电话": "138****6021",
            "是否保密": "不保密", "是否回复": "回复", "来电类别": "投诉", "一级分类": "物业服务",
            "二级分类": "维修不及时", "工单类型": "办理单", "办理情况或回退（延期）理由": "已疏通，现排水正常。",
            "下级单位": "住建局",
        }  # fmt: skip
        assert {name: said[name] for name in known} == known
        unknown = ("紧急程度", "受理员工号", "三级分类", "领导意见", "签发人", "申请延期至", "答复时间", "联系电话1")
        assert [said[name] for name in unknown] == [""] * len(unknown)

    def test_the_sheet_is_in_chinese_whatever_the_desk_speaks(
        self, seated: Callable[[str], Client], handled: Callable[..., Case]
    ) -> None:
        handled()
        client = seated("dispatcher")
        chinese = sheet(client.get("/desk/export-hotline.xlsx", {"queue": "seen"}))
        client.cookies["language"] = "en"
        client.cookies["django_language"] = "en"
        assert rows(sheet(client.get("/desk/export-hotline.xlsx", {"queue": "seen"}))) == rows(chinese)
