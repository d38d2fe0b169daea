"""The plain build's hands: requests handed to its views in process."""

import json
from typing import Any
from uuid import uuid4

from django.test import RequestFactory

from bench.hands import Work
from bench.ours import WORDS
from bench.plain.views import Assign, Open


def intake(facts: dict[str, Any], _client: int) -> Work:
    """Open an incident as `ours.intake` does."""
    view, factory = Open.as_view(), RequestFactory()

    def work(_number: int) -> object:
        said = {"key": str(uuid4()), "place": facts["place"], "words": WORDS, "grade": "general", "source": "hotline"}
        return _answered(view(_request(factory, facts, said)), 201)

    return work


def step(facts: dict[str, Any], client: int) -> Work:
    """Assign a case as `ours.step` does."""
    view, factory = Assign.as_view(), RequestFactory()

    def work(number: int) -> object:
        said = {"key": str(uuid4()), "case": facts["cases"][client][number], "handler": facts["lead"]}
        return _answered(view(_request(factory, facts, said)), 200)

    return work


def _request(factory: RequestFactory, facts: dict[str, Any], said: dict[str, Any]) -> Any:
    return factory.post(
        "/", json.dumps(said), content_type="application/json", HTTP_POST=str(facts["post"]),
        HTTP_PERSON=str(facts["person"]),
    )  # fmt: skip


def _answered(response: Any, status: int) -> object:
    response.render()
    if response.status_code != status:
        raise RuntimeError(response.content[:500])
    return response
