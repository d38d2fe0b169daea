"""By-laws of setting up a county by hand: a code, a name, and the offices' own lists."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jingwei.affairs.incidents.handlers import handler_of
from jingwei.cli.county import PACK, take_in
from jingwei.imports import handing, keeping, trying
from jingwei.imports.models import Handed
from jingwei.organisations.models import Appointment, Organisation, Post, Responsibility
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.trail.actor import Actor
from rosters.sheets import table

CODE = "990777"
CLERK = Actor.of_person(1, 1, "系统管理岗")

pytestmark = pytest.mark.django_db

PLACES = table(
    ["序号", "镇街", "社区（村）", "网格", "户数"],
    [1, "清泉镇", "泉东社区", "第一网格", "320户"],
    [2, "", "", "第二网格", 410],
    [3, "", "柳湾村", "第一网格", 350],
    title="清泉县网格划分一览表",
)
OFFICES = table(
    ["单位名称", "单位性质", "岗位", "岗位职责", "管辖区域"],
    ["县城管局", "", "受理岗", "", ""],
    ["", "", "执法科", "经办", ""],
    ["住建局", "", "", "", ""],
    ["泉东社区居委会", "", "党组织书记", "受理、部门受理", ""],
    ["柳湾村村民委员会", "", "村党支部书记", "", ""],
    ["清泉物业公司", "物业公司", "项目经理", "", "泉东社区"],
    ["县气象站", "", "站长", "", ""],
    title="机构岗位设置一览表",
)
PEOPLE = table(
    ["姓名", "单位", "职务", "手机号", "任职时间"],
    ["甲一测", "县网格化服务管理中心", "指挥调度岗", 10000000001, "2025年3月"],
    ["乙二测", "城市管理局", "受理岗", "１０００００００００２", "2025.3.1"],
    ["乙二测", "城管局", "执法科", "10000000002", 45717],
    ["丙三测", "城管局", "不存在的岗", "10000000003", ""],
    ["丁四测", "县网格化服务管理中心", "审计岗", "10000000004", ""],
    title="任职人员花名册",
)
WORKERS = table(
    ["网格员姓名", "所在社区", "所在网格", "专兼职", "等次", "联系电话", "上岗时间"],
    ["戊五测", "泉东社区", "第一网格", "专职", "A1", "10000000005", "20250301"],
    ["己六测", "", "", "兼职", "", "10000000006", "2025/3/1 0:00:00"],
    ["庚七测", "柳湾村", "第一网格", "专职", "特等", "", ""],
    title="网格员花名册",
)
DUTIES = table(
    ["包联单位", "包联对象"],
    ["住建局", "泉东社区/第二网格"],
    ["县城管局", "第一网格"],
    title="单位包联一览表",
)


def bring_in(data: bytes) -> tuple[str, dict[str, int], list[str]]:
    """Hand in, try, adopt; then once more, when nothing may be new."""
    told = []
    for _time in range(2):
        at = timezone.now()
        handed = handing.take(data, "表.xlsx", county=CODE, ground=f"{CODE}/", actor=CLERK, at=at)
        for adopt in (False, True):
            trying.ask(handed, adopt=adopt, key="k", actor=CLERK, at=at)
        handed = Handed.objects.get(pk=handed.pk)
        told.append((handed.roster, handed.counts, [reason for _number, reason in keeping.refused_of(handed)]))
    (roster, first, reasons), (_again, second, _same) = told
    assert (second["new"], second["changed"]) == (0, 0)
    assert second["same"] == first["new"] + first["same"]
    return roster, first, reasons


def counts(**said: int) -> dict[str, int]:
    return {"read": sum(said.values()), "new": 0, "changed": 0, "same": 0, "refused": 0} | said


def test_three_lists_set_up_a_county_and_a_case_finds_its_desk() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "pack"
        pack.mkdir()
        (pack / "pack.toml").write_text(PACK.format(code=CODE, name="清泉县", letters="QQ"), encoding="utf-8")
        take_in(pack)
        take_in(pack)
    assert list(Place.objects.filter(county=CODE).values_list("layer", "name")) == [("county", "清泉县")]
    assert list(Organisation.objects.filter(county=CODE).values_list("key", flat=True)) == ["county_centre"]

    assert bring_in(PLACES) == ("places", counts(new=3), [])
    assert Place.objects.filter(county=CODE).count() == 7

    roster, told, reasons = bring_in(OFFICES)
    assert (roster, told) == ("organisations", counts(new=6, refused=1))
    assert "县气象站" in reasons[0]
    assert Organisation.objects.get(county=CODE, name="县城管局").key == "urban_management"
    grid = Place.objects.get(county=CODE, name="第二网格")
    desk = handler_of(CODE, "street_light", grid.path)
    assert desk is not None
    assert desk.full_title == "县城管局·受理岗"
    assert desk.roles == ["department"]
    housing = handler_of(CODE, "sewage", grid.path)
    assert housing is not None
    assert (housing.organisation.name, housing.title) == ("住建局", "受理岗")
    community = handler_of(CODE, "owners_committee", grid.path)
    assert community is not None
    assert community.full_title == "泉东社区居委会·党组织书记"

    roster, told, reasons = bring_in(PEOPLE)
    assert (roster, told) == ("appointments", counts(new=3, refused=2))
    assert "受理岗、执法科" in reasons[0]
    assert Person.objects.filter(county=CODE).count() == 2
    since = dict(Appointment.objects.filter(person__county=CODE).values_list("post__title", "since"))
    assert set(since.values()) == {date(2025, 3, 1)}

    roster, told, reasons = bring_in(WORKERS)
    assert (roster, told) == ("grid_workers", counts(new=2, refused=1))
    assert "A类一等" in reasons[0]
    graded = Appointment.objects.filter(grade="a1").select_related("post__ground").get()
    assert (graded.person.name, graded.post.ground.name, graded.post.team) == ("戊五测", "第一网格", "full_time")
    assert Post.objects.filter(organisation__county=CODE, team="part_time").count() == 1

    roster, told, reasons = bring_in(DUTIES)
    assert (roster, told) == ("responsibilities", counts(new=1, refused=1))
    assert "第一网格" in reasons[0]
    assert Responsibility.objects.get(post__organisation__county=CODE).place == grid


def test_a_roster_is_taken_back_while_nothing_rests_on_it(qingshi: Any) -> None:
    at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    who = qingshi.actor("administrator")
    held = Appointment.objects.count()

    def adopt(data: bytes) -> Handed:
        code = qingshi.county_code
        handed = handing.take(data, "表.xlsx", county=code, ground=f"{code}/", actor=who, at=at)
        for adopted in (False, True):
            trying.ask(handed, adopt=adopted, key="k", actor=who, at=at)
        return Handed.objects.get(pk=handed.pk)

    offices = adopt(table(["机构名称", "机构类别", "岗位名称"], ["林业局", "部门", "受理岗"]))
    people = adopt(table(["姓名", "机构", "岗位", "电话"], ["辛八测", "林业局", "受理岗", "10000000009"]))
    assert (offices.counts["new"], people.counts["new"]) == (1, 1)

    with pytest.raises(handing.adopting.CannotUndo) as no:
        handing.take_back(offices, actor=who, at=at)
    assert "林业局·受理岗" in str(no.value)
    assert Organisation.objects.filter(name="林业局").exists()
    assert handing.take_back(people, actor=who, at=at) == 2
    assert handing.take_back(offices, actor=who, at=at) == 2
    assert not Organisation.objects.filter(name="林业局").exists()
    assert Appointment.objects.count() == held
