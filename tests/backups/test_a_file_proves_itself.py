"""By-laws of the file a backup is: damage is found before anything is written, and told by the member's name."""

import io
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.backups import chest, manifest, taking
from jingwei.backups.chest import BLOCK, Chest
from jingwei.backups.refusals import BackupRefused, CutShort, Damaged
from jingwei.cli import house
from jingwei.cli.refusal import Refusal

from .copies import command

NAMES = st.sampled_from(["keys/fields", "database.dump", "trail-heads.log", f"files/{'a' * 64}.full", "manifest.json"])
CONTENTS = st.dictionaries(NAMES, st.binary(max_size=1500), min_size=1)


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with Chest(file) as whole:
        for name, content in members.items():
            whole.add(name, [content[:7], content[7:]])
        whole.close()
    return file.getvalue()


def unpacked(packed: bytes) -> dict[str, bytes]:
    file = io.BytesIO(packed)
    chest.prove(file)
    return {name: b"".join(pieces) for name, pieces in chest.members(file) if name != chest.SUMS}


@given(CONTENTS)
def test_what_was_put_in_comes_out_in_the_same_order(members: dict[str, bytes]) -> None:
    assert list(unpacked(packed(members)).items()) == list(members.items())


@given(CONTENTS, st.data())
def test_a_changed_byte_is_refused_or_was_in_nothing(members: dict[str, bytes], data: st.DataObject) -> None:
    whole = bytearray(packed(members))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(Damaged, CutShort):
        assert unpacked(bytes(whole)) == members


@given(CONTENTS, st.data())
def test_a_file_cut_off_is_refused_wherever_it_ends(members: dict[str, bytes], data: st.DataObject) -> None:
    whole = packed(members)
    sums = sum(len(f"{name}\n") + 66 for name in members)
    last = whole.index(b"SHA256SUMS") + BLOCK + sums  # what follows is empty
    with pytest.raises((CutShort, Damaged)):
        unpacked(whole[: data.draw(st.integers(0, last - 1))])


COUNTY = {
    "keys/fields": b"lock k1 ...",
    "database.dump": b"PGDMP" * 500,
    "trail-heads.log": b"1 abcd 3\n",
    f"files/{'a' * 64}.full": b"a picture" * 300,
    "manifest.json": b"{}",
}


@pytest.mark.parametrize("member", COUNTY)
def test_each_member_that_was_tampered_with_is_named(member: str) -> None:
    tampered = packed(COUNTY).replace(COUNTY[member], COUNTY[member][:-1] + b"!")
    with pytest.raises(Damaged, match="is not what its digest says") as no:
        chest.prove(io.BytesIO(tampered))
    assert no.value.member == member


@pytest.mark.parametrize("member", COUNTY)
def test_each_member_that_was_taken_out_is_named(member: str) -> None:
    whole, gone = packed(COUNTY), packed({member: COUNTY[member]})
    part = gone[: gone.index(b"SHA256SUMS")]
    assert whole.count(part) == 1
    with pytest.raises(Damaged, match="is missing") as no:
        chest.prove(io.BytesIO(whole.replace(part, b"")))
    assert no.value.member == member


def test_a_member_slipped_in_is_named() -> None:
    stranger = f"files/{'b' * 64}.full"
    part = packed({stranger: b"x"})
    part = part[: part.index(b"SHA256SUMS")]
    whole = packed(COUNTY)
    at = whole.index(b"SHA256SUMS")
    with pytest.raises(Damaged) as no:
        chest.prove(io.BytesIO(whole[:at] + part + whole[at:]))
    assert no.value.member == stranger


@pytest.mark.parametrize("name", ["../../etc/passwd", "keys/../../x", "/etc/passwd", "files/x.full", "keys/.hidden"])
def test_nothing_is_packed_or_unpacked_under_another_name(name: str) -> None:
    with pytest.raises(ValueError, match="is no name for a member"):
        packed({name: b"x"})
    import tarfile

    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    with pytest.raises(Damaged, match="is nothing that a backup holds") as no:
        chest.prove(file)
    assert no.value.member == name


def test_tar_and_sha256sum_prove_it_too(tmp_path: Path) -> None:
    (tmp_path / "county.tar").write_bytes(packed(COUNTY))
    subprocess.run(["tar", "-xf", "county.tar"], cwd=tmp_path, check=True)
    asked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert (asked.returncode, asked.stdout.splitlines()) == (0, [f"{name}: OK" for name in COUNTY])


def said(**more: object) -> manifest.Manifest:
    plain: dict[str, object] = {
        "postgresql": "18",
        "taken_at": datetime(2026, 3, 2, tzinfo=UTC),
        "counties": (manifest.CountyName("990302", "清石县", "Qingshi", "0" * 64),),
        "migrations": {},
        "tables": {},
        "left_out": (),
        "trail": manifest.Head(0, 0, ""),
        "photographs": manifest.Photographs(0, 0, ()),
        "keys": True,
    }
    return manifest.Manifest(**{**plain, **more})  # type: ignore[arg-type]


def county_file(folder: Path, **more: object) -> Path:
    """A file whose digests are right, and whose database is not one."""
    file = folder / "county.tar"
    file.write_bytes(packed({**COUNTY, "manifest.json": manifest.written(said(**more))}))
    return file


@pytest.mark.parametrize("newer", [{"product": "99.0.1"}, {"format": 2}])
def test_a_backup_of_a_newer_version_is_refused(newer: dict[str, object], tmp_path: Path) -> None:
    asked = command("restore", county_file(tmp_path, **newer), "--into", tmp_path / "new", home=tmp_path)
    assert (asked.returncode, "Update this machine first." in asked.stderr) == (2, True)
    assert not (tmp_path / "new").exists()


def test_a_tampered_backup_leaves_nothing_behind(tmp_path: Path) -> None:
    file = county_file(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"a picture", b"a  virus ", 1))
    asked = command("restore", file, "--into", tmp_path / "new", home=tmp_path)
    assert (asked.returncode, asked.stderr.splitlines()[-1]) == (
        2,
        f"files/{'a' * 64}.full in this backup is not what its digest says; nothing is restored.",
    )
    assert not (tmp_path / "new").exists()


def test_without_its_keys_a_backup_is_restored_only_when_that_is_asked_for(tmp_path: Path) -> None:
    asked = command("restore", county_file(tmp_path, keys=False), "--into", tmp_path / "new", home=tmp_path)
    assert (asked.returncode, "Give them with --keys" in asked.stderr) == (2, True)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new/thesis.docx").touch()
    asked = command("restore", county_file(tmp_path), "--into", tmp_path / "new", home=tmp_path)
    assert (asked.returncode, "is not empty" in asked.stderr) == (2, True)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["thesis.docx"]


def test_a_restoring_that_fails_leaves_the_folder_as_it_was_and_one_broken_off_begins_anew(tmp_path: Path) -> None:
    into = tmp_path / "new"
    into.mkdir()
    for name in (house.MARKER, house.UNFINISHED, "half a county"):
        (into / name).touch()
    with pytest.raises(Refusal, match="Run restore once more"):
        house.own(into)
    asked = command("restore", county_file(tmp_path), "--into", into, home=tmp_path)
    assert (asked.returncode, "pg_restore did not succeed" in asked.stderr) == (2, True)
    assert list(into.iterdir()) == []


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond `size` bytes inside this block, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_and_leaves_nothing_half(tmp_path: Path) -> None:
    final = tmp_path / "county.tar"
    with (
        pytest.raises(BackupRefused, match=r"磁盘已满"),
        room_for(1_000_000),
        taking.becoming(final) as file,
        Chest(file) as out,
    ):
        out.add("database.dump", (bytes(100_000) for _ in range(30)))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    final = tmp_path / "county.tar"
    final.write_text("last night's")
    with pytest.raises(BackupRefused, match="is there already"), taking.becoming(final):
        pass
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("county.tar", "last night's")]


def test_two_backups_into_one_file_do_not_mix(tmp_path: Path) -> None:
    final = tmp_path / "county.tar"
    with taking.becoming(final) as first:
        first.write(b"the first")
        with pytest.raises(BackupRefused, match="Another backup is writing"), taking.becoming(final):
            pass
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("county.tar", "the first")]


def test_where_there_is_no_county_nothing_is_backed_up_and_none_is_made(tmp_path: Path) -> None:
    asked = command("backup", tmp_path / "county.tar", "--data", tmp_path / "typo", home=tmp_path)
    assert (asked.returncode, "There is no county in" in asked.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []
