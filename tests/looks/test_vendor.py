"""What others wrote is what the lock says, and points at nothing that is not here."""

import re
from pathlib import Path

import pytest

from jingwei.looks import icons, vendor


def test_every_vendored_file_is_the_locked_one() -> None:
    assert list(vendor.check()) == []


def test_no_vendored_file_points_at_a_missing_source_map() -> None:
    files = [vendor.ROOT / entry["file"] for entry in vendor.entries()]
    assert [f.name for f in files if b"sourceMappingURL=" in f.read_bytes()[-500:]] == []


def test_every_vendored_file_has_its_licence_beside_it() -> None:
    licences = (vendor.ROOT / "src/jingwei/looks/static/vendor/LICENSES.txt").read_text(encoding="utf-8")
    assert [e["file"] for e in vendor.entries() if Path(e["file"]).name not in licences] == []


def test_an_altered_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    assert [said.split()[0] for said in vendor.check()] == [e["file"] for e in vendor.entries()]


def test_an_unknown_icon_is_refused_with_its_neighbours() -> None:
    with pytest.raises(icons.NoSuchIcon, match=r"'trash'; near it: trash-2"):
        icons.svg("trash")


def test_every_icon_named_in_a_template_is_there() -> None:
    templates = (vendor.ROOT / "src" / "jingwei").rglob("*.html")
    text = "\n".join(t.read_text(encoding="utf-8") for t in templates)
    named = set(re.findall(r"""{% icon "([a-z0-9-]+)" """, text)) | set(re.findall(r'\bicon="([a-z0-9-]+)"', text))
    assert sorted(name for name in named if not icons.known(name)) == []
