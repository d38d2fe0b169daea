"""By-laws of rosters: read as written, tried, adopted once, handed back with reasons, taken back."""

import argparse
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.cli.import_file import _import
from jingwei.cli.refusal import Refusal
from jingwei.cli.said import Steps
from jingwei.duties.models import Turn
from jingwei.imports import handing, keeping, trying
from jingwei.imports.models import Handed, KeptMap, Made, Run
from jingwei.imports.returning import write_back
from jingwei.organisations.acts.posts import create_post
from jingwei.organisations.acts.tree import found
from jingwei.places.models import Place
from jingwei.policy.models import County
from jingwei.trail.models import Line
from rosters.sheets import table

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def hand_in(qingshi: Any, data: bytes, name: str = "网格.xlsx") -> Handed:
    actor = qingshi.actor("administrator")
    return handing.take(data, name, county=qingshi.county_code, ground=f"{qingshi.county_code}/", actor=actor, at=AT)


def ask(qingshi: Any, handed: Handed, *, adopt: bool = False) -> Handed:
    trying.ask(handed, adopt=adopt, key="k", actor=qingshi.actor("administrator"), at=AT)
    return Handed.objects.get(pk=handed.pk)


def grids() -> set[tuple[str, str, int | None]]:
    found = Place.objects.filter(layer="grid", path__startswith="990302", parent__name__in=["桥头社区", "河湾村"])
    return {(one.parent.name, one.name, one.households) for one in found}  # type: ignore[union-attr]


def test_a_list_of_grids_goes_in_comes_back_and_doubles_nothing(qingshi: Any, grid_list: bytes) -> None:
    before = Place.objects.count()
    handed = hand_in(qingshi, grid_list)
    with keeping.file_of(handed) as path:
        found = handing.seen(handed, path)
    assert (found.roster.name, found.top, found.row, found.missing) == ("places", 3, 4, [])
    assert found.columns == {
        "town": "所属街道（乡镇）",
        "community": "所属村（社区）",
        "grid": "网格情况/网格名称",
        "households": "网格情况/住户数",
    }

    tried = ask(qingshi, handed)
    assert tried.counts == {"read": 4, "new": 3, "changed": 0, "same": 0, "refused": 1}
    assert (Place.objects.count(), Run.objects.count()) == (before, 0)

    adopted = ask(qingshi, tried, adopt=True)
    assert ask(qingshi, adopted, adopt=True).run_id == adopted.run_id
    assert adopted.counts == tried.counts
    assert grids() == {
        ("桥头社区", "桥头社区第一网格", 320),
        ("桥头社区", "桥头社区第二网格", 415),
        ("河湾村", "河湾村第一网格", 300),
    }
    assert Made.objects.count() == Place.objects.count() - before == 6

    out = io.BytesIO()
    with keeping.file_of(adopted) as path:
        write_back(path, handing.seen(adopted, path), keeping.refused_of(adopted), out)
    page = openpyxl.load_workbook(out).active
    assert page is not None
    assert page["A1"].value == "青石县2026年网格划分一览表"
    assert [cell.value for cell in page[5]][1:5] == ["新桥镇", "河湾村", "河湾村第二网格", "不详"]
    assert "不详" in str(page["G5"].value)

    page["E5"].value = "280户"
    mended = io.BytesIO()
    page.parent.save(mended)  # type: ignore[union-attr]
    again = hand_in(qingshi, mended.getvalue(), "退回.xlsx")
    assert ask(qingshi, again).counts == {"read": 1, "new": 1, "changed": 0, "same": 0, "refused": 0}
    second = ask(qingshi, Handed.objects.get(pk=again.pk), adopt=True)
    whole = ask(qingshi, hand_in(qingshi, grid_list))
    assert whole.counts == {"read": 4, "new": 0, "changed": 0, "same": 3, "refused": 1}

    who = qingshi.actor("administrator")
    with pytest.raises(handing.adopting.CannotUndo) as no:
        handing.take_back(adopted, actor=who, at=AT + timedelta(hours=1))
    assert "河湾村" in str(no.value)
    assert handing.take_back(second, actor=who, at=AT + timedelta(hours=1)) == 1
    assert handing.take_back(adopted, actor=who, at=AT + timedelta(hours=1)) == 6
    assert handing.take_back(adopted, actor=who, at=AT + timedelta(hours=2)) == 0
    assert Place.objects.count() == before
    verbs = list(Line.objects.filter(verb__startswith="imports.").order_by("pk").values_list("verb", flat=True))
    assert verbs.count("imports.roster_adopted") == 2
    assert verbs.count("imports.roster_undone") == 2


def test_a_code_that_breaks_the_scheme_is_refused_in_its_row(qingshi: Any) -> None:
    town = "990302188"
    first = ask(
        qingshi, hand_in(qingshi, table(["乡镇", "村", "代码"], ["新桥镇", "", "188"], ["新桥镇", "石坎村", ""]))
    )
    assert ask(qingshi, first, adopt=True).counts["new"] == 2
    rows = [
        ["新桥镇", "石坎村", "", "990302188299"],
        ["新桥镇", "东坡村", "", f"{town}20"],
        ["新桥镇", "西坡村", "", "990302199207"],
        ["新桥镇", "南坡村", "", f"{town}000"],
        ["新桥镇", "北坡村", "", f"{town}288"],
        ["新桥镇", "北坡村", "第一网格", "007"],
    ]
    handed = ask(qingshi, hand_in(qingshi, table(["乡镇", "村", "网格", "代码"], *rows)))
    handed = ask(qingshi, handed, adopt=True)
    assert handed.counts == {"read": 6, "new": 2, "changed": 0, "same": 0, "refused": 4}
    assert keeping.refused_of(handed) == [
        (2, f"“石坎村”的代码是 {town}200，这一行写的是 990302188299，请改正这一行。"),
        (3, f"社区（村）编码是12位数字；“{town}20”不符合。"),
        (4, f"编码990302199207表示它属于990302199，而它应当属于{town}。"),
        (5, f"编码{town}000中的“000”不符合规定：社区（村）序号，从001起。"),
    ]
    grid = Place.objects.get(county=qingshi.county_code, parent__name="北坡村")
    assert (grid.code, grid.path[-8:]) == (f"{town}288007", "288/007/")


def test_the_command_reads_a_roster_by_its_column_names(qingshi: Any, tmp_path: Path) -> None:
    file = tmp_path / "网格.xlsx"
    file.write_bytes(table(["乡镇", "村", "网格"], ["新桥镇", "石坎村", "第一网格"]))
    said = argparse.Namespace(
        file=file, as_="places", map_=None, county=qingshi.county_code, dry_run=True, refused=None
    )
    steps = Steps()
    assert (_import(said, steps).loaded, Place.objects.filter(name="石坎村").count()) == (1, 0)
    said.dry_run = False
    assert (_import(said, steps).loaded, Place.objects.filter(name="石坎村").count()) == (1, 1)
    assert _import(said, steps).unchanged == 1
    said.as_ = "orders"
    with pytest.raises(Refusal, match="--map"):
        _import(said, steps)
    file.write_bytes(table(["甲", "乙"], ["子", "丑"]))
    said.as_ = "grid_workers"
    with pytest.raises(Refusal, match="列名认不全"):
        _import(said, steps)


def test_what_a_person_mends_is_kept_for_sheets_with_the_same_columns(qingshi: Any) -> None:
    sheet = table(["片区", "居住地", "格子"], ["新桥镇", "桥头社区", "第一网格"])
    handed = hand_in(qingshi, sheet)
    handing.choose(handed, roster="places", sheet="", row=1)
    columns = {"town": "片区", "community": "居住地", "grid": "格子", "compound": "", "code": "", "households": ""}
    who = qingshi.actor("administrator")
    handing.mend(Handed.objects.get(pk=handed.pk), columns, keep=True, actor=who, at=AT)
    assert Line.objects.get(verb="imports.map_kept").subject_id == handed.pk
    assert ask(qingshi, Handed.objects.get(pk=handed.pk)).counts["new"] == 1
    assert KeptMap.objects.get().columns == columns

    later = hand_in(qingshi, table(["格子", "片区", "居住地"], ["第二网格", "新桥镇", "桥头社区"], title="表"))
    assert ask(qingshi, later).counts["new"] == 1


def test_a_roster_in_the_database_is_locked_and_goes_in_time(qingshi: Any) -> None:
    from django.db import connection

    from jingwei.people.erasing import expire
    from jingwei.policy.models import County
    from jingwei.trail.actor import Actor

    handed = hand_in(qingshi, table(["社区", "网格", "户数"], ["桥头社区", "一", "不详"]))
    ask(qingshi, handed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, refused FROM imports_handed")
        assert all(said.startswith("locked:") for said in cursor.fetchone())
    county = County.objects.get(pk=qingshi.county_code)
    expire(county, actor=Actor.machine("test"), at=AT + timedelta(days=31))
    row = Handed.objects.get(pk=handed.pk)
    assert (row.content, row.refused, row.erased_at) == ("", "", AT + timedelta(days=31))


def test_a_member_of_an_owners_committee_is_brought_in_only_with_the_decision_by_which_she_is_one(
    qingshi: Any,
) -> None:
    said, village = {"actor": qingshi.actor("administrator"), "at": AT}, qingshi.organisation("community_1")
    committee = found(village.county, name="河畔业委会", kind="owners_committee", ground=village.ground, **said)
    create_post(committee, title="主任", **said)
    row, basis = ["甄业主", "13800009001", "河畔业委会", "主任"], "新桥街办〔2025〕8号"
    columns = ["姓名", "联系电话", "单位", "职务"]
    without = hand_in(qingshi, table(columns, row, title="业委会人员名册"), "业委会.xlsx")
    tried = ask(qingshi, without)
    assert tried.counts == {"read": 1, "new": 0, "changed": 0, "same": 0, "refused": 1}
    assert "请加一列“依据文件”，写明任职依据。" in str(list(keeping.refused_of(tried)))
    withit = hand_in(qingshi, table([*columns, "任职依据"], [*row, basis], title="业委会人员名册"), "依据.xlsx")
    assert ask(qingshi, ask(qingshi, withit), adopt=True).counts["new"] == 1
    line = Line.objects.filter(verb="organisations.appointed").latest("pk")
    assert (line.facts["title"], line.facts["taken_over"]) == ("主任", basis)


def test_an_import_is_not_taken_back_while_a_duty_or_a_case_rests_on_what_it_made(
    qingshi: Any, grid_list: bytes
) -> None:
    adopted = ask(qingshi, ask(qingshi, hand_in(qingshi, grid_list)), adopt=True)
    grid, who = Place.objects.get(name="桥头社区第一网格"), qingshi.actor("administrator")
    turn = Turn.objects.create(
        county_id=qingshi.county_code, key="visit", organisation=qingshi.organisation("community_1"), place=grid,
        first=AT.date(), last=AT.date(), due=AT.date(), laid_at=AT,
        edition_id=County.objects.get(pk=qingshi.county_code).edition_id,
    )  # fmt: skip

    def refused() -> tuple[str, ...]:
        with pytest.raises(handing.adopting.CannotUndo) as no:
            handing.take_back(adopted, actor=who, at=AT + timedelta(hours=1))
        return no.value.reasons

    assert "“桥头社区第一网格”名下已有应办或已办的记录，不能撤销这次导入。" in refused()
    turn.delete()
    open_case(Incident, Intake(place=grid, title="路灯不亮", source="counter", grade="general"),
              actor=qingshi.actor("clerk"), at=AT)  # fmt: skip
    assert "其中有的内容已经使用，被保留的记录引用着。" in refused()
    assert Place.objects.filter(pk=grid.pk).exists()
