"""The pictures beside the words: a few dozen line drawings, set into the page so that none is fetched."""

import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

TABLE = Path(__file__).with_name("icons.json")


class NoSuchIcon(LookupError):
    """A page or a pack names an icon that is not among the vendored ones."""


@cache
def drawings() -> dict[str, str]:
    """Name to the inside of its SVG. Lucide (ISC), taken by `python -m jingwei.looks.vendor fetch`."""
    table: dict[str, str] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def known(name: str) -> bool:
    """Whether a pack may name this icon."""
    return name in drawings()


@cache
def svg(name: str, label: str = "") -> SafeString:
    """The drawing as inline SVG; hidden from screen readers unless it has a `label` of its own."""
    try:
        inside = mark_safe(drawings()[name])  # noqa: S308 - our own vendored file, checked by its digest
    except KeyError:
        near = ", ".join(get_close_matches(name, drawings(), 3)) or "see looks/icons.json"
        raise NoSuchIcon(f"no icon is called {name!r}; near it: {near}") from None
    if label:
        return format_html('<svg class="i" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, inside)
    return format_html('<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', inside)
