"""What a backup says of itself: whose county, of which moment, made by which version, how much it holds."""

from datetime import datetime

import msgspec

from jingwei import __version__
from jingwei.backups.refusals import BackupRefused, Damaged

FORMAT = 1
NAME = "manifest.json"


class CountyName(msgspec.Struct, frozen=True):
    """A county in the backup, and the digest of the edition of its pack that it works by."""

    code: str
    name: str
    english: str
    edition: str


class Head(msgspec.Struct, frozen=True):
    """Where the trail stood: lines, the last seal's number, and its head in hexadecimal ("" before any)."""

    lines: int
    seal: int
    head: str


class Photographs(msgspec.Struct, frozen=True):
    """How many files of photographs, their bytes, and those the database names that were not on the disk."""

    files: int
    bytes: int
    missing: tuple[str, ...]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is in `manifest.json`. `tables` holds the rows of each table, `left_out` the tables whose rows stay
    behind, `migrations` each room's as they were applied."""

    format: int = FORMAT
    product: str = __version__
    postgresql: str
    taken_at: datetime
    counties: tuple[CountyName, ...]
    migrations: dict[str, tuple[str, ...]]
    tables: dict[str, int]
    left_out: tuple[str, ...]
    trail: Head
    photographs: Photographs
    keys: bool


def written(manifest: Manifest) -> bytes:
    """The manifest as JSON that a person can read."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def understood(said: bytes) -> Manifest:
    """The manifest in `said`. Raises BackupRefused where a newer version than this one wrote it."""
    try:
        lead = msgspec.json.decode(said, type=_Lead)
        if lead.format > FORMAT or _numbers(lead.product) > _numbers(__version__):
            raise BackupRefused(
                f"这份备份由经纬 {lead.product} 制作，本机是 {__version__}。请先更新本机的经纬，再恢复。\n"
                f"Jingwei {lead.product} made this backup, and this is {__version__}. Update this machine first."
            )
        return msgspec.json.decode(said, type=Manifest)
    except msgspec.DecodeError as no:
        raise Damaged(NAME, f"无法读取（{no}）", f"cannot be read ({no})") from no


class _Lead(msgspec.Struct):
    format: int
    product: str


def _numbers(version: str) -> tuple[int, ...]:
    """A version as numbers that compare: 0.10.1 is newer than 0.9."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
