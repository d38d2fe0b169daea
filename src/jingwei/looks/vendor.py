"""The few files other people wrote: which, which version, under which licence; `check` works offline."""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).resolve().parents[3]
LOCK = ROOT / "vendor.lock.json"
SOURCE_MAP = re.compile(rb"\n?//[#@] sourceMappingURL=[^\n]*")
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class Entry(TypedDict, total=False):
    """One vendored file: npm package and version, the file in it, where it is kept, its digest."""

    name: str
    version: str
    source: str
    file: str
    sha256: str
    licence: str
    icons: list[str]


def entries() -> list[Entry]:
    """What the lock file lists."""
    listed: list[Entry] = json.loads(LOCK.read_text(encoding="utf-8"))
    return listed


def check() -> Iterator[str]:
    """A sentence for each vendored file that is missing or is not what the lock says."""
    for entry in entries():
        file = ROOT / entry["file"]
        if not file.exists():
            yield f"{entry['file']} is missing; run: python -m jingwei.looks.vendor fetch"
        elif _digest(file.read_bytes()) != entry["sha256"]:
            yield f"{entry['file']} is not {entry['name']} {entry['version']} as locked; fetch it again"


def fetch() -> None:
    """Bring each file from npm in the locked version and write its digest into the lock."""
    listed = entries()
    for entry in listed:
        with tempfile.TemporaryDirectory() as folder, _package(entry, Path(folder)) as package:
            content = _icon_table(package, entry["icons"]) if "icons" in entry else _file(package, entry)
        file = ROOT / entry["file"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        entry["sha256"] = _digest(content)
    LOCK.write_text(json.dumps(listed, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _package(entry: Entry, folder: Path) -> tarfile.TarFile:
    name = f"{entry['name']}@{entry['version']}"
    subprocess.run(["npm", "pack", "--silent", name], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return tarfile.open(next(folder.glob("*.tgz")))


def _read(package: tarfile.TarFile, path: str) -> bytes:
    member = package.extractfile(f"package/{path}")
    if member is None:
        raise FileNotFoundError(f"{path} is not in the package")
    return member.read()


def _file(package: tarfile.TarFile, entry: Entry) -> bytes:
    """The file, without the pointer to a source map that is not vendored."""
    return SOURCE_MAP.sub(b"", _read(package, entry["source"])).rstrip() + b"\n"


def _icon_table(package: tarfile.TarFile, names: list[str]) -> bytes:
    table = {name: _inside(_read(package, f"icons/{name}.svg").decode()) for name in sorted(names)}
    return json.dumps(table, indent=0).encode() + b"\n"


def _inside(drawing: str) -> str:
    """What stands between <svg> and </svg>, on one line."""
    found = DRAWING.search(drawing)
    if found is None:
        raise ValueError("an icon should be one <svg> element")
    return re.sub(r"\s*/>", "/>", re.sub(r">\s+<", "><", found[1].strip()))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """`check` says what is wrong and ends with 1; `fetch` needs npm and the network."""
    parser = argparse.ArgumentParser(prog="python -m jingwei.looks.vendor", description=__doc__)
    parser.add_argument("what", choices=["check", "fetch"])
    if parser.parse_args(arguments).what == "fetch":
        fetch()
    wrong = list(check())
    for sentence in wrong:
        sys.stderr.write(f"{sentence}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
