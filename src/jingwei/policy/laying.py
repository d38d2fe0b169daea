"""Lays a county's pack over the one it builds on.

Tables are merged, word by word, as deep as they go. Lists whose entries have a `key` are merged by it: an
entry with the base's key is laid over the base's and keeps its place, others follow. Every other value is
replaced. Nothing is taken away; an entry that a county does not want says `retired = true`. The table [pack]
is its own.
"""

from __future__ import annotations

from jingwei.policy.located import Node

OWN = "pack"
"""The table that is not inherited: what the pack is called, and what it builds on."""


def laid_over(base: Node, county: Node) -> Node:
    """`county` over `base`, both whole packs."""
    below = Node({k: v for k, v in base.value.items() if k != OWN}, base.file, base.line)
    return _merged(below, county)


def _merged(under: Node, over: Node) -> Node:
    if isinstance(under.value, dict) and isinstance(over.value, dict):
        value = dict(under.value)
        for key, node in over.value.items():
            value[key] = _merged(value[key], node) if key in value else node
        return Node(value, over.file, over.line)
    if _keyed(under) and _keyed(over):
        return Node(_merged_lists(under.value, over.value), over.file, over.line)
    return over


def _keyed(node: Node) -> bool:
    return (
        isinstance(node.value, list)
        and bool(node.value)
        and all(isinstance(entry.value, dict) and "key" in entry.value for entry in node.value)
    )


def _merged_lists(under: list[Node], over: list[Node]) -> list[Node]:
    merged = list(under)
    places = {_key(entry): place for place, entry in enumerate(under)}
    for entry in over:
        # A key given twice by the county itself stays twice, so that the section's check can say so.
        place = places.pop(_key(entry), None)
        if place is None:
            merged.append(entry)
        else:
            merged[place] = _merged(merged[place], entry)
    return merged


def _key(entry: Node) -> str:
    return str(entry.value["key"].value)
