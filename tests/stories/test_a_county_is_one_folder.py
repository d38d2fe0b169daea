"""The county in `docs/how/write-a-pack.md`, as it stands there: written, checked, laid and worked in."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from jingwei.policy import prove
from people_fixtures.qingshi import STOOD_UP, Qingshi

GUIDE = (Path(__file__).parents[2] / "docs" / "how" / "write-a-pack.md").read_text(encoding="utf-8")
CODE = "990777"
TODAY = date(2026, 3, 2)
AT = STOOD_UP


@pytest.fixture
def luyuan(tmp_path: Path) -> Path:
    """The guide's folder, written file by file."""
    folder = tmp_path / "packs" / "luyuan"
    folder.mkdir(parents=True)
    files = re.findall(r"`packs/luyuan/([\w.]+)`:\n\n```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert [name for name, _text in files] == [
        "pack.toml", "places.toml", "organisations.toml", "casework.toml", "demo.toml",
    ]  # fmt: skip
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with override("zh-hans"):
        return [str(fault) for fault in prove(folder, today=TODAY)]


def test_the_guide_s_pack_has_no_fault_and_its_slip_is_told_as_the_guide_tells(luyuan: Path) -> None:
    assert faults(luyuan) == []
    found = re.search(r"Had the file above said\n\n```toml\n(.*?)\n```.*?```text\n(.*?)\n```", GUIDE, re.DOTALL)
    assert found is not None
    slip, told = found.groups()
    file = luyuan / "casework.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:-1], slip]), encoding="utf-8")

    assert faults(luyuan) == [told]


@pytest.mark.django_db
def test_the_guide_s_county_stands_and_works_with_the_guide_s_kind(
    luyuan: Path,
    rectification: Any,
    qingshi: Qingshi,
    client: Client,
) -> None:
    from jingwei.affairs.county import set_up
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.opening import Intake, open_case
    from jingwei.casework.acts.steps import take
    from jingwei.casework.models import Case
    from jingwei.casework.needs import Evidence
    from jingwei.places.models import Place
    from jingwei.trail.actor import Actor

    # The new kind's clock has no time in the guide's pack.
    assert [one.split("：")[0] for one in faults(luyuan)] == ["packs/luyuan/casework.toml:11"]
    # It was set up long ago, and its passwords must not be over today.
    (luyuan / "accounts.toml").write_text("[accounts]\npassword_days = 0\n")
    set_up(luyuan, lambda *said: None, at=AT, data_folder=luyuan)

    lake = Place.objects.get(county_id=CODE, code="990777100001")
    intake = Intake(place=lake, title="湖边有死鱼", source="counter", grade="general", category="lake")
    case = open_case(Incident, intake, actor=Actor.machine("residents' door"), at=AT)
    assert Incident.suggested(case)[0].post.full_title.startswith("湖区管理处")
    handling = case.clocks.get(name="acceptance")
    assert handling.due_at == AT + timedelta(minutes=20)

    desk = qingshi.sign_in(client, "ly_dispatcher")
    assert "湖边有死鱼" in desk.get("/desk/").content.decode()
    take(Incident.assign, case, actor=qingshi.actor("ly_dispatcher"), at=AT + timedelta(minutes=5),
         evidence=Evidence(posts={"handler": Incident.suggested(case)[0].post.pk}))  # fmt: skip
    assert "湖边有死鱼" in qingshi.sign_in(Client(), "ly_lake").get("/desk/").content.decode()

    inspector = qingshi.sign_in(Client(), "ly_inspector")
    opened = inspector.get("/desk/open/rectification/")
    assert opened.status_code == 200
    problem = open_case(rectification, Intake(place=lake, title="栏杆松动", source=""),
                        actor=qingshi.actor("ly_inspector"), at=AT)  # fmt: skip
    done = Evidence(words={"words": "已加固"})
    take(rectification.put_right, problem, actor=qingshi.actor("ly_dispatcher"), at=AT, evidence=done)
    take(rectification.pass_it, problem, actor=qingshi.actor("ly_inspector"), at=AT)
    assert Case.objects.get(pk=problem.pk).stage == "passed"
