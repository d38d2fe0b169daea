"""The queue: what stands in it, who sees it, and what it costs to read."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


def test_what_comes_in_stands_in_the_dispatchers_queue(at_desk: Any, report: Any) -> None:
    case = report("三号楼前路灯不亮")
    page = at_desk("dispatcher").get("/desk/")
    assert page.status_code == 200
    assert [row.number for row in page.context["rows"]] == [case.number]
    assert "三号楼前路灯不亮" in page.content.decode()


@pytest.mark.parametrize("address", ["/desk/", "/desk/?queue=seen", "/desk/rows/"])
def test_a_list_of_three_costs_as_many_questions_as_a_list_of_one(at_desk: Any, report: Any, address: str) -> None:
    dispatcher = at_desk("dispatcher")

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert dispatcher.get(address).status_code == 200
        return len(asked)

    report("一")
    cost()
    one = cost()
    report("二")
    report("三")
    assert cost() == one
