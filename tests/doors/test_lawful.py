"""What 国办函〔2026〕12号 asks of every page: the filing number, and a way to complain about the system itself."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from drawn import Some

NUMBER = "冀政移备2026-00117"
PEOPLE = ("dispatcher", "clerk", "inspector", "caller", "housing", "administrator", "security", "auditor")


def addresses(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """Every address of the site that needs no number or code."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one, ":".join(part for part in (space, one.namespace or "") if part))
        elif isinstance(one, URLPattern) and one.name:
            try:
                yield reverse(f"{space}:{one.name}" if space else one.name)
            except NoReverseMatch:
                continue


def whole_pages(client: Client) -> Iterator[tuple[str, str]]:
    """Every whole page that a browser meets, told by its address; files and pieces of pages are left out."""
    for address in [*addresses(get_resolver()), "/nowhere/", "/desk/case/none/", "/c/aaaaaaaaaa/"]:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer)  # read to its end, so that it is closed
        elif answer["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            if "<html" in page:
                yield address, page


def test_the_filing_number_stands_on_every_page(qingshi: Any, settings: Any, some: Some) -> None:
    settings.FILING_NUMBER = NUMBER
    met: set[str] = set()
    for client in (Client(), *(qingshi.sign_in(Client(), name) for name in some(PEOPLE, 3))):
        pages = dict(whole_pages(client))
        assert [address for address, page in pages.items() if NUMBER not in page] == []
        met |= set(pages)
    assert {"/", "/report/", "/nowhere/", "/desk/sign-in/"} <= met
    assert len(met) > 20


def test_every_page_of_the_residents_door_leads_to_complaints_about_the_system(qingshi: Any) -> None:
    pages = {a: page for a, page in whole_pages(Client()) if a in ("/", "/report/", "/progress/", "/information/")}
    assert [address for address, page in pages.items() if 'href="/suggest/' not in page] == []
    assert len(pages) == 4
