"""The kind in `docs/how/add-a-kind.md`, as it stands there: written to a file, opened and clicked to its end."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from stories.hands import Hands


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
