"""What the hostile tests share."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from drawn import Some

_FETCHED: list[Any] = []


@pytest.fixture
def answered(qingshi: Any, settings: Settings, tmp_path: Path, some: Some) -> list[Any]:
    """Every answer, as `hostile.everything` fetches them; by the first test that asks, for the others of its group."""
    if not _FETCHED:
        from hostile.everything import NUMBER, every_answer
        from hostile.world import build
        from jingwei.files.acts import make_waiting_ready

        settings.FILING_NUMBER, settings.FILES_ROOT = NUMBER, tmp_path / "files"
        world = build(qingshi)
        make_waiting_ready(world.at)
        _FETCHED.extend(every_answer(world, some))
    return _FETCHED
