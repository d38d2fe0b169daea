"""The guide's duty, in a pack and in the code, does what the guide says."""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.utils.translation import gettext_lazy as _

from duties.conftest import NEW_YEAR
from jingwei.duties import declared
from jingwei.duties.acts import lay_out
from jingwei.duties.declared import Duty, Found, Record
from jingwei.duties.models import Turn
from jingwei.policy import load
from jingwei.policy.acts import adopt
from jingwei.trail.actor import Actor
from people_fixtures.qingshi import CODE, PACK, Qingshi

GUIDE = (Path(__file__).parents[2] / "docs" / "how" / "add-a-duty.md").read_text(encoding="utf-8")


def said(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.django_db
def test_the_line_of_the_guide_is_owed_by_every_committee_on_a_working_day(qingshi: Qingshi, tmp_path: Path) -> None:
    pack = tmp_path / "qingshi"
    shutil.copytree(PACK, pack)
    with (pack / "duties.toml").open("a", encoding="utf-8") as duties:
        duties.write("\n" + said("toml"))
    adopt(load(pack), CODE, actor=Actor.machine("import"), at=NEW_YEAR)
    lay_out(CODE, at=NEW_YEAR)
    turns = Turn.objects.filter(key="residents_tea").values_list("organisation__kind", "first", "due")
    villages = qingshi.organisation("community_1").__class__.objects.filter(county=CODE, kind="community").count()
    owed = {(kind, str(first), str(due)) for kind, first, due in turns}
    assert (len(turns), owed) == (villages, {("community", "2026-02-01", "2026-02-24")})  # 15 February begins the feast


def test_the_lines_of_the_guide_in_the_code_declare_a_duty(monkeypatch: pytest.MonkeyPatch) -> None:
    def teas_of(turns: Sequence[Turn]) -> Iterator[Found]:
        yield from ()

    monkeypatch.setattr(declared, "DUTIES", {})
    exec(said("python"), {"Record": Record, "Duty": Duty, "_": _, "teas_of": teas_of})
    assert [(duty.name, duty.met_by.name) for duty in declared.DUTIES.values()] == [("tea", "tea")]
