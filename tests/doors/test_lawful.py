"""What 国办函〔2026〕12号 asks of every page of the residents' door: a way to complain about the system itself."""

from typing import Any

from django.test import Client


def test_every_page_of_the_residents_door_leads_to_complaints_about_the_system(qingshi: Any) -> None:
    pages = {a: Client().get(a).content.decode() for a in ("/", "/report/", "/progress/", "/information/")}
    assert [address for address, page in pages.items() if 'href="/suggest/' not in page] == []
