"""Importing orders into Qingshi, as the command does it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils.translation import override

from jingwei.imports import Mapping
from jingwei.imports.acts import Outcome, run
from jingwei.trail.actor import Actor

DATA = Path(__file__).parents[2] / "data"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEADINGS = (
    "seq,urgent,channel,district,street,text_len,工单状态,责任部门,是否提交督办,热线派单时间,责任部门回单时间,12345到期时间,"
    "提交督办时间,是否延时,延期时间,是否重办,重办派单时间,重办回访时间,重办回访结果,结案时间,是否退单"
)


def order(number: str, state: str, *, sent: str = "", replied: str = "", due: str = "2020-11-28 16:19:00") -> str:
    """A row of the water company's sheet."""
    return f"{number},0,来电,天桥区,大桥路,9,{state},泉娃饮用水公司,否,{sent},{replied},{due},,否,,否,,,,,否"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared as they are written in the code."""
    with override("en"):
        yield


@pytest.fixture
def imported(qingshi: object, tmp_path: Path) -> Callable[..., Outcome]:
    """Import rows of the water company's sheet, with what is replaced in its map."""

    def do(*rows: str, dry_run: bool = False, **instead: str) -> Outcome:
        file = tmp_path / "orders.csv"
        file.write_text("\n".join([HEADINGS, *rows]), encoding="utf-8")
        text = (DATA / "jinan12345_water_orders.map.toml").read_text(encoding="utf-8")
        for before, after in instead.items():
            text = "\n".join(after if line.startswith(f"{before} = ") else line for line in text.splitlines())
        mapping = Mapping.parse(text, "water.map.toml")
        return run(
            file, as_="orders", mapping=mapping, actor=Actor.machine("import"), at=AT, county="990302", dry_run=dry_run
        )

    return do
