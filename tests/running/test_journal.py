"""By-laws of what is written down: enough to mend what broke, and nothing about a person."""

import json
import logging
import logging.config
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from django.db import DataError, IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from jingwei.running.journal import fault_of, logging_settings
from jingwei.running.models import Bucket
from jingwei.running.statements import shown

from .test_answers import failing, with_page

NUMBER, NAME, CODE = "13812346021", "陈雨", "K7P4X29XDM"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Journal:
    """What was written."""

    def __init__(self) -> None:
        self.out = StringIO()

    @property
    def text(self) -> str:
        return self.out.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line, which must be an object of JSON."""
        return [json.loads(line) for line in self.text.splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == "jingwei.requests"]


@pytest.fixture
def journal() -> Iterator[Journal]:
    """The journal as the settings make it, into memory."""
    kept = Journal()
    said = logging_settings("WARNING")
    formatter = logging.config.DictConfigurator(said).configure_formatter(dict(said["formatters"]["json"]))  # type: ignore[attr-defined]
    handler = logging.StreamHandler(kept.out)
    handler.setFormatter(formatter)
    for one in logging.getLogger().handlers:
        for found in one.filters:
            handler.addFilter(found)
    root = logging.getLogger()
    root.addHandler(handler)
    yield kept
    root.removeHandler(handler)


@pytest.mark.django_db
def test_a_request_is_one_line_that_says_which_page_and_not_whose(journal: Journal, qingshi: Any) -> None:
    client = qingshi.sign_in(Client(), "dispatcher")
    answer = client.get("/desk/", {"q": NUMBER})
    line = journal.requests()[-1]
    assert {name: line[name] for name in ("view", "method", "status", "actor", "post", "request")} == {
        "view": "desk:queue",
        "method": "GET",
        "status": 200,
        "actor": "person",
        "post": qingshi.post_of("dispatcher").pk,
        "request": answer["X-Request-Id"],
    }
    assert line["ms"] > 0
    assert line["statements"] > 3
    assert NUMBER not in journal.text


@pytest.mark.django_db
def test_no_code_no_word_and_no_token_is_written(journal: Journal, qingshi: Any) -> None:
    client = Client()
    client.get(f"/c/{CODE}/")
    client.post("/progress/", {"code": CODE})
    client.get(f"/q/{CODE}/")
    client.get(f"/{CODE}/{NUMBER}/", {"name": NAME})
    client.post("/desk/sign-in/", {"username": NAME, "password": CODE})
    Client(enforce_csrf_checks=True).post("/desk/sign-in/", {"username": NAME})
    client.get("/", headers={"host": f"{CODE}.example", "user-agent": NUMBER, "referer": f"http://x/{CODE}"})
    views = [line["view"] for line in journal.requests()]
    assert views[:3] == ["doorstep:progress_by_code", "doorstep:look_up", "doorstep:report_at"]
    assert len(views) == 7
    assert [secret for secret in (CODE, NUMBER, NAME) if secret in journal.text] == []


def test_an_error_is_written_by_class_and_place_without_its_words(journal: Journal) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        telephone = NUMBER
        return HttpResponse(int(f"{telephone}x"))

    with with_page(page) as address:
        answer = Client(raise_request_exception=False).get(address)
    line = journal.requests()[-1]
    assert (line["level"], line["status"], line["fault"]) == ("error", 500, "ValueError")
    assert line["request"] == answer["X-Request-Id"]
    assert line["trace"][-1].endswith("page")
    assert NUMBER not in journal.text


@pytest.mark.django_db
def test_a_database_s_error_is_written_without_the_values_it_quotes(journal: Journal) -> None:
    Bucket.objects.create(key=NUMBER, full_at=MONDAY)
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        Bucket.objects.create(key=NUMBER, full_at=MONDAY)
    assert NUMBER in str(twice.value), "the database itself does quote it"
    with with_page(failing(twice.value)) as address:
        Client(raise_request_exception=False).get(address)
    line = journal.requests()[-1]
    assert (line["sqlstate"], line["constraint_name"]) == ("23505", "running_bucket_pkey")
    assert NUMBER not in journal.text


@pytest.mark.django_db
def test_an_error_below_an_error_is_told_by_class_too() -> None:
    with pytest.raises(DataError) as long, transaction.atomic():
        Bucket.objects.create(key=NUMBER * 9, full_at=MONDAY)
    try:
        try:
            raise long.value
        except DataError as first:
            raise RuntimeError(NAME) from first
    except RuntimeError as error:
        said = fault_of(error)
    assert [cause["fault"] for cause in said["causes"]] == [
        "django.db.utils.DataError",
        "psycopg.errors.StringDataRightTruncation",
    ]
    assert NUMBER not in repr(said)
    assert NAME not in repr(said)


def test_other_people_s_loggers_are_held_to_it_too(journal: Journal) -> None:
    try:
        raise ValueError(NUMBER)
    except ValueError as error:
        logging.getLogger("some.library").exception("it failed: %s", error)
        structlog.get_logger("some.other").error("it failed", exc_info=True)
    assert [line["fault"] for line in journal.lines] == ["ValueError", "ValueError"]
    assert journal.lines[0]["event"] == "it failed: ValueError"
    assert NUMBER not in journal.text


@pytest.mark.django_db
def test_a_slow_statement_is_written_without_its_values(journal: Journal, settings: Any) -> None:
    settings.SLOW_QUERY_MS = 20

    def page(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_sleep(0.05), %s, '{NAME}', {NUMBER}", [CODE])
        return HttpResponse()

    with with_page(page) as address:
        Client().get(address)
    (line,) = [line for line in journal.lines if line["logger"] == "jingwei.slow"]
    assert (line["view"], line["nth"]) == ("odd", 1)
    assert line["sql"] == "SELECT pg_sleep(0.05), %s, ?, ?"
    assert 50 <= line["ms"] < 5000
    assert [secret for secret in (CODE, NUMBER, NAME) if secret in journal.text] == []


@pytest.mark.django_db
def test_a_page_that_asks_too_often_is_a_warning(journal: Journal, settings: Any) -> None:
    settings.MANY_QUERIES = 3

    def page(request: HttpRequest) -> HttpResponse:
        for _ in range(4):
            Bucket.objects.count()
        return HttpResponse()

    with with_page(page) as address:
        Client().get(address)
    line = journal.requests()[-1]
    assert (line["level"], line["statements"], line["many_statements"]) == ("warning", 4, True)


def test_literals_of_a_statement_are_blotted_out() -> None:
    said = "SELECT *\n FROM x WHERE a = 'it''s 138' AND b = 13812346021 AND c = $$secret$$ AND d = 12 AND e = %s"
    assert shown(said) == "SELECT * FROM x WHERE a = ? AND b = ? AND c = ? AND d = 12 AND e = %s"
