"""Every address and form tried with values nobody would think of, by schemathesis, as the site describes itself."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from pytest_django import Settings

from hostile.describing import described
from hostile.world import World, build

BEHIND_THE_GATE = "our dispatcher"


@pytest.fixture
def world(own_database: str, qingshi: Any, settings: Settings, tmp_path: Path) -> World:
    settings.FILES_ROOT = tmp_path / "files"
    return build(qingshi)


class Site(WSGIHandler):
    """The site, to whom a form's own token is shown elsewhere (test_sessions_and_headers)."""

    def get_response(self, request: Any) -> Any:
        request._dont_enforce_csrf_checks = True
        return super().get_response(request)


def tried(world: World, examples: int) -> tuple[list[str], int]:
    """What broke when every operation was tried with so many values, and how often was tried."""
    site, wrong, sent = Site(), list[str](), 0
    cookies = {name: cookie.value for name, cookie in world.person(BEHIND_THE_GATE).client.cookies.items()}
    for operation in schemathesis.openapi.from_dict(described(world)).get_all_operations():
        one = operation.ok()
        if one.path != "/desk/sign-out/":  # it would end the sitting
            found, n = tried_one(one, site, cookies, examples)
            wrong, sent = wrong + found, sent + n
    return wrong, sent


def tried_one(one: Any, site: Site, cookies: dict[str, str], examples: int) -> tuple[list[str], int]:
    """The same for one operation."""
    wrong, met = [], []

    @settings(
        max_examples=examples, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(one.as_strategy())
    def send(case: Any) -> None:
        answer = case.call(base_url="http://testserver", app=site, cookies=cookies)
        met.append(answer.status_code)
        if answer.status_code >= 500 and not one.path.startswith("/-/"):
            wrong.append(
                f"{answer.status_code} {one.method} {one.path} {case.path_parameters} {case.query} {case.body}"
            )

    send()
    return wrong, len(met)


def test_no_address_and_no_form_ends_in_an_error_of_ours(world: World) -> None:
    wrong, sent = tried(world, 3)
    assert wrong == []
    assert sent > 100


@pytest.mark.long
def test_no_address_and_no_form_ends_in_an_error_of_ours_however_long_one_tries(world: World) -> None:
    wrong, sent = tried(world, 100)
    assert wrong == []
    assert sent > 3000
