"""The kind in `docs/how/add-a-kind.md`, as it stands there: written to a file, opened and clicked to its end."""

import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from stories.hands import Hands

GUIDE = Path(__file__).parents[2] / "docs" / "how" / "add-a-kind.md"


@pytest.fixture
def rectification(tmp_path: Path) -> Iterator[Any]:
    """The guide's kind, let into the house for one test."""
    from jingwei import affairs
    from jingwei.casework.entering import enter_all
    from jingwei.casework.kinds import KINDS
    from jingwei.trail import verbs

    found = re.search(r"```python\n(.*?)```", GUIDE.read_text(), re.S)
    assert found is not None
    (tmp_path / "rectifications.py").write_text(found[1])
    affairs.__path__.append(str(tmp_path))
    module = import_module("jingwei.affairs.rectifications")
    enter_all()
    yield module.Rectification
    affairs.__path__.remove(str(tmp_path))
    del sys.modules["jingwei.affairs.rectifications"]
    kind = KINDS.pop("rectification")
    for verb in kind.verbs.values():
        del verbs._registered[verb.name]


@pytest.mark.browser
def test_the_guide_s_kind_is_opened_and_clicked_to_its_end(
    rectification: Any, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    from jingwei.casework.models import Case

    inspector = somebody("inspector")
    inspector.goto(f"{site}/desk/open/rectification/")
    inspector.locator('[name="title"]').fill("消防通道堆了杂物")
    inspector.locator('[name="place"]').select_option(index=1)
    inspector.get_by_role("button", name="立案").click()
    inspector.wait_for_url("**/desk/case/**")
    case = Case.objects.get(kind="rectification")
    assert case.stage == "found"

    hands = Hands(site, "desk")
    hands.take(somebody("dispatcher"), case.number, "put_right", words="已经清走。")
    hands.take(inspector, case.number, "find_again", words="东侧还有。")
    hands.take(somebody("dispatcher"), case.number, "put_right", words="东侧也清走了。")
    hands.take(inspector, case.number, "pass_it")
    case.refresh_from_db()
    assert (case.stage, case.is_open, case.owner_id) == ("passed", False, None)


@pytest.mark.django_db
def test_a_kind_needs_no_migration(rectification: Any) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
