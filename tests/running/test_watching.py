"""By-laws of what is told to whoever watches the server, and to nobody else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from jingwei.outbox.acts import put
from jingwei.outbox.models import Round
from jingwei.running import gauges, metrics
from jingwei.running.own_gauges import wanted_migrations
from jingwei.running.watching import faults
from jingwei.trail.sealer import seal_all

FAR = {"REMOTE_ADDR": "203.0.113.9"}


def found() -> dict[str, list[str]]:
    """What each look says is wrong."""
    return {name: [fault.words for fault in of] for name, of in faults(timezone.now()).items() if of}


def came_round() -> None:
    Round.objects.update_or_create(task="x", defaults={"ran_at": timezone.now()})


@pytest.fixture
def sealed(own_database: str, qingshi: Any, settings: Settings, tmp_path: Path) -> None:
    """The trail of a county is sealed, however long ago it was made to stand."""
    settings.STATE = tmp_path
    seal_all(timezone.now())


def test_it_lives_without_a_database(client: Client) -> None:
    answer = client.get("/-/alive")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.usefixtures("sealed")
def test_all_is_well_with_a_county_and_a_worker(client: Client, qingshi: Any) -> None:
    came_round()
    assert found() == {}
    assert client.get("/-/ready").content == b"ok\n"
    said = client.get("/-/ready", headers={"accept": "application/json"}).json()
    assert said["state"] == "ok"
    assert {"database", "tables", "disk", "worker", "outbox", "seals", "packs", "clocks"} <= set(said["looks"])


@pytest.mark.usefixtures("sealed")
def test_a_worker_that_stands_still_is_told_and_residents_are_not_turned_away(client: Client, qingshi: Any) -> None:
    at = timezone.now()
    put("some.topic", {}, key="a", at=at - timedelta(hours=1))
    assert found() == {
        "worker": ["后台任务已超过两分钟没有运行，请启动 `./jingwei work`。"],
        "outbox": ["有待办消息等待超过 15 分钟未处理。"],
    }
    answer = client.get("/-/ready")
    assert answer.status_code == 200
    assert answer.content.decode().splitlines()[0] == "ailing"


@pytest.mark.django_db
def test_tables_older_than_the_program_turn_requests_elsewhere(
    client: Client, qingshi: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = wanted_migrations() | {("casework", "9999_later")}
    monkeypatch.setattr("jingwei.running.own_gauges.wanted_migrations", lambda: newer)
    assert client.get("/-/ready").status_code == 503
    assert found()["tables"] == ["数据表版本落后于程序（缺 1 项变更），请重新启动 `./jingwei serve`。"]


def test_without_a_database_it_is_alive_and_not_ready(own_database: str, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid()) WHERE false")
    connection.settings_dict["NAME"] = "no_such_database"
    connection.close()
    try:
        answer = client.get("/-/ready")
        assert (client.get("/-/alive").status_code, answer.status_code) == (200, 503)
        assert "database: OperationalError" in answer.content.decode()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own_database


@pytest.mark.django_db
def test_strangers_hear_whether_and_not_why(client: Client) -> None:
    assert client.get("/-/ready", **FAR).content == b"ok\n"
    assert client.get("/-/metrics", **FAR).status_code == 403
    assert client.get("/-/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 403


@pytest.mark.django_db
def test_the_token_opens_and_a_wrong_one_does_not(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "let me look"
    assert client.get("/-/metrics", headers={"authorization": "Bearer let me look"}, **FAR).status_code == 200
    for wrong in ("Bearer let me", "Bearer ", "let me look", "Basic let me look"):
        assert client.get("/-/metrics", headers={"authorization": wrong}, **FAR).status_code == 403
    settings.METRICS_TOKEN = ""
    assert client.get("/-/metrics", headers={"authorization": "Bearer "}, **FAR).status_code == 403


@pytest.mark.django_db
def test_the_numbers_are_those_of_the_house(client: Client, qingshi: Any) -> None:
    at = timezone.now()
    put("some.topic", {}, key="a", at=at - timedelta(hours=1))
    put("some.topic", {}, key="b", at=at)
    client.get("/progress/")
    lines = client.get("/-/metrics").content.decode().splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert values['jingwei_outbox_messages{stuck="false",topic="some.topic"}'] == "2.0"
    assert 3600 <= float(values["jingwei_outbox_oldest_seconds"]) < 3700
    assert float(values['jingwei_requests_total{method="GET",status="200",view="doorstep:look_up"}']) >= 1
    assert float(values['jingwei_request_seconds_bucket{le="+Inf",view="doorstep:look_up"}']) >= 1
    assert float(values["jingwei_disk_free_bytes"]) > 0


@pytest.mark.django_db
def test_no_label_holds_what_somebody_typed(client: Client, qingshi: Any) -> None:
    client.get("/c/K7P4X29XDM/")
    client.get("/13812346021/")
    client.generic("陈雨", "/")
    text = client.get("/-/metrics").content.decode()
    assert [said for said in ("K7P4X29XDM", "13812346021", "陈雨") if said in text] == []
    assert 'method="other"' in text


@pytest.mark.django_db
def test_one_number_that_cannot_be_read_does_not_cost_the_others(client: Client, monkeypatch: Any) -> None:
    def broken(at: Any) -> Any:
        raise OSError

    gauges.load()
    broken_one = gauges.Gauge("jingwei_disk_free_bytes", "", (), broken)
    monkeypatch.setitem(gauges.gauges, "jingwei_disk_free_bytes", broken_one)
    text = client.get("/-/metrics").content.decode()
    assert "jingwei_disk_free_bytes" not in text
    assert "jingwei_photographs_waiting 0.0" in text


def test_any_method_is_one_of_a_few_labels() -> None:
    assert [metrics.method(m) for m in ("GET", "POST", "BREW")] == ["GET", "POST", "other"]
