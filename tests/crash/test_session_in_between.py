"""By-law: a database that goes while a session is saved is said to be away; the session is not called ended."""

import psycopg
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection

from jingwei.accounts.models import Session
from jingwei.accounts.sessions import SessionStore

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture
def session() -> SessionStore:
    """A session that is open, with something new in it that is not saved yet."""
    session = SessionStore()
    session.create()
    session["case"] = 1
    return session


def cut_the_connection() -> None:
    """End our own session of the database, as its crash does."""
    ours = connection.settings_dict
    with psycopg.connect(host=ours["HOST"], dbname=ours["NAME"], user=ours["USER"], autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )


def test_a_session_that_could_not_be_saved_is_not_called_ended(session: SessionStore) -> None:
    cut_the_connection()
    with pytest.raises(OperationalError):
        session.save()
    connection.close()
    session.save()
    assert SessionStore(session.session_key)["case"] == 1


def test_a_session_that_was_ended_meanwhile_is_called_so(session: SessionStore) -> None:
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
