"""Finds the files of a pack and of the packs it builds on, and puts them together."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from jingwei.policy.faults import Fault, Unreadable
from jingwei.policy.laying import laid_over
from jingwei.policy.located import Node, read

HEAD = "pack.toml"
"""The file in which [pack] is looked for when it is missing."""


def shelf() -> Path:
    """The folder in which the packs of this installation stand."""
    return Path(settings.ROOT) / "packs"


def gathered(folder: Path, above: tuple[Path, ...] = ()) -> tuple[Node, list[Fault]]:
    """All of the pack in `folder` laid over what it extends, and what kept it from being read."""
    folder = folder.resolve()
    tree, faults = _own(folder)
    if faults or "pack" not in tree.value:
        return tree, faults or [_no_head(folder)]
    extends = tree.at(("pack", "extends"))
    if not isinstance(extends.value, str) or not extends.value:
        return tree, []
    base = _found(extends.value, folder)
    if base is None or base in (folder, *above):
        return tree, [_no_base(extends, folder, circle=base is not None)]
    under, faults = gathered(base, (folder, *above))
    return (tree, faults) if faults else (laid_over(under, tree), [])


def _own(folder: Path) -> tuple[Node, list[Fault]]:
    """The files of one pack as one tree; a table belongs to one file."""
    tree, faults = Node({}, _shown(folder, HEAD), 1), []
    files = sorted(folder.glob("*.toml"))
    if not files:
        faults.append(_no_head(folder))
    for file in files:
        shown = _shown(folder, file.name)
        try:
            below = read(_text(file), shown)
        except Unreadable as error:
            faults.append(Fault(shown, error.line, error.what, error.write))
            continue
        for name, node in below.value.items():
            first = tree.value.setdefault(name, node)
            if first is not node:
                faults.append(
                    Fault(
                        shown,
                        node.line,
                        _("the table [%(table)s] is already in %(file)s; a table belongs to one file.")
                        % {"table": name, "file": first.file},
                        _("all of [%(table)s] in one of the two files") % {"table": name},
                    )
                )
    return tree, faults


def _text(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            raw[: error.start].count(b"\n") + 1,
            _("the file is not in UTF-8."),
            _("the file anew, saved with the encoding UTF-8"),
        ) from error


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
