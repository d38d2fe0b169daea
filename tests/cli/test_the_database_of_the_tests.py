"""By-laws of the tests' own database: what the server may not do, a test may not do."""

import asyncio
import threading

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from jingwei.postgres.roles import APPEND_ONLY


def one(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_tests_sign_in_as_the_server_s_role() -> None:
    assert one("SELECT current_user") == "jingwei_server"


@pytest.mark.django_db
@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_trail_can_only_be_added_to(table: str, privilege: str) -> None:
    assert one(f"SELECT has_table_privilege('{table}', 'INSERT')") is True
    assert one(f"SELECT has_table_privilege('{table}', '{privilege}')") is False


@pytest.mark.django_db
def test_the_server_owns_no_table() -> None:
    assert one("SELECT count(*) FROM pg_tables WHERE tableowner = current_user") == 0
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE accounts_session")


def test_what_is_committed_is_seen_by_another_thread(own_database: str) -> None:
    from django.utils import timezone

    from jingwei.accounts.models import Session

    seen: list[int] = []

    def look() -> None:
        seen.append(Session.objects.count())
        connection.close()

    now = timezone.now()
    Session.objects.create(session_key="a", session_data="", expire_date=now, since=now, used_at=now)
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


def test_the_next_own_database_is_empty_again(own_database: str) -> None:
    from jingwei.accounts.models import Session

    assert one("SELECT current_database()") == own_database
    assert Session.objects.count() == 0


@pytest.mark.django_db
def test_a_thread_has_one_connection_whether_or_not_a_browser_s_loop_runs() -> None:
    ours, loop, before = connections["default"], asyncio.new_event_loop(), asyncio._get_running_loop()
    try:
        asyncio._set_running_loop(loop)
        inside = connections["default"]
        asyncio._set_running_loop(None)
        outside = connections["default"]
    finally:
        asyncio._set_running_loop(before)
        loop.close()
    assert inside is ours is outside


@pytest.mark.xdist_group("kept together")
def test_the_tests_of_a_group_go_to_one_worker(request: pytest.FixtureRequest) -> None:
    """They share what is dear to make; the name of the group is what the controller sends them by."""
    alone = not hasattr(request.config, "workerinput")
    assert alone or request.node.nodeid.endswith("@kept together")


def test_the_site_answers_while_the_database_does(site: str) -> None:
    from urllib.request import urlopen

    with urlopen(f"{site}/-/ready") as answer:
        assert (answer.status, answer.readline()) == (200, b"ailing\n"), "no worker, and no county"
