"""By-law: a list is planned for what it asks, and everything else goes on being prepared."""

import pytest
from django.db import connection

from jingwei.casework.models import Case
from jingwei.strokes.planning import planned_for_what_is_asked

pytestmark = pytest.mark.django_db


def prepared() -> int:
    """How many of the statements prepared on this connection ask the question of `ask`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%due_at\" IS NULL AND%_share%'"
        )
        [n] = cursor.fetchone()
        return int(n)


def ask() -> None:
    for n in range(10):
        assert list(Case.objects.filter(told_share__gt=n, due_at=None).values_list("id")) == []


def test_a_list_asked_again_and_again_is_never_planned_for_all_not_even_after_a_fault() -> None:
    with planned_for_what_is_asked():
        ask()
    assert prepared() == 0
    with pytest.raises(ZeroDivisionError), planned_for_what_is_asked():
        1 / 0  # noqa: B018
    ask()
    assert prepared() == 1
