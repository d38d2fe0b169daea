"""Finds the files of a pack and of the packs it builds on, and puts them together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from jingwei.policy.faults import Fault, Unreadable
from jingwei.policy.laying import laid_over
from jingwei.policy.located import Node, headings, read_on

HEAD = "pack.toml"
"""The file in which [pack] is looked for when it is missing."""


def shelf() -> Path:
    """The folder in which the packs of this installation stand."""
    return Path(settings.ROOT) / "packs"


@dataclass(frozen=True)
class Gathered:
    """What of a pack and of the packs below it could be read."""

    tree: Node
    faults: list[Fault]
    torn: frozenset[str] = frozenset()
    """Tables of which something could not be read, so that nobody knows what is missing from them."""
    complete: bool = True
    """Whether every pack that it builds on was found."""


def gathered(folder: Path, above: tuple[Path, ...] = ()) -> Gathered:
    """All of the pack in `folder` laid over what it extends, and what kept it from being read."""
    folder = folder.resolve()
    own = _own(folder)
    extends = own.tree.at(("pack", "extends"))
    if "pack" not in own.tree.value:
        faults = own.faults if "pack" in own.torn else [*own.faults, _no_head(folder)]
        return Gathered(own.tree, faults, own.torn, complete=False)
    if not isinstance(extends.value, str) or not extends.value:
        return replace(own, complete="pack" not in own.torn)
    base = _found(extends.value, folder)
    if base is None or base in (folder, *above):
        faults = [*own.faults, _no_base(extends, folder, circle=base is not None)]
        return Gathered(own.tree, faults, own.torn, complete=False)
    under = gathered(base, (folder, *above))
    return Gathered(
        laid_over(under.tree, own.tree), [*under.faults, *own.faults], under.torn | own.torn, under.complete
    )


def _own(folder: Path) -> Gathered:
    """The files of one pack as one tree; a table belongs to one file."""
    tree, faults, torn = Node({}, _shown(folder, HEAD), 1), [], set[str]()
    files = sorted(folder.glob("*.toml"))
    for file in files:
        shown = _shown(folder, file.name)
        text, slips = _text(file)
        below, further = read_on(text, shown) if not slips else (Node({}, shown, 1), [])
        for slip in (*slips, *further):
            faults.append(Fault(shown, slip.line, slip.what, slip.write))
            torn |= headings(text)
        for name, node in below.value.items():
            first = tree.value.setdefault(name, node)
            if first is not node:
                torn.add(name)
                faults.append(
                    Fault(
                        shown,
                        node.line,
                        _("the table [%(table)s] is already in %(file)s; a table belongs to one file.")
                        % {"table": name, "file": first.file},
                        _("all of [%(table)s] in one of the two files") % {"table": name},
                    )
                )
    return Gathered(tree, faults, frozenset(torn))


def _text(file: Path) -> tuple[str, list[Unreadable]]:
    """What stands in a file; where it is in another encoding, as much as can be guessed, and the slip."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        slip = Unreadable(
            raw[: error.start].count(b"\n") + 1,
            _("the file is not in UTF-8."),
            _("the file anew, saved with the encoding UTF-8"),
        )
        return raw.decode("utf-8", "replace"), [slip]


def _found(name: str, folder: Path) -> Path | None:
    places = (folder.parent / name, shelf() / name)
    return next((place.resolve() for place in places if "/" not in name and place.is_dir()), None)


def _no_head(folder: Path) -> Fault:
    return Fault(
        _shown(folder, HEAD),
        1,
        _("the folder holds no pack: no file in it has the table [pack]."),
        '[pack] name = "…", english = "…", extends = "base"',
    )


def _no_base(extends: Node, folder: Path, *, circle: bool) -> Fault:
    if circle:
        what = _("the pack builds on itself through «%(name)s».") % {"name": extends.value}
    else:
        what = _("there is no pack «%(name)s» to build on.") % {"name": extends.value}
    there = sorted({p.parent.name for place in (folder.parent, shelf()) for p in place.glob(f"*/{HEAD}")})
    others = [name for name in there if name != folder.name]
    return Fault(extends.file, extends.line, what, _("extends = one of: %(keys)s") % {"keys": ", ".join(others)})


def _shown(folder: Path, file: str) -> str:
    return f"{folder.parent.name}/{folder.name}/{file}"
