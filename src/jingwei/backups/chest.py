"""The file a backup is: an ordinary tar whose last member holds the SHA-256 of all the others.

`tar -xf FILE && sha256sum -c SHA256SUMS` proves it without this program. Members are written as they come, their
length filled in afterwards, so that nothing has to fit in memory or lie on the disk twice.
"""

import hashlib
import os
import re
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from typing import IO, BinaryIO, Self

from jingwei.backups.refusals import CutShort, Damaged

PIECE = 1 << 18
SUMS, DATABASE, HEADS = "SHA256SUMS", "database.dump", "trail-heads.log"
BLOCK = tarfile.BLOCKSIZE
NAME = re.compile(
    r"manifest\.json|SHA256SUMS|database\.dump|trail-heads\.log"
    r"|keys/[A-Za-z0-9][A-Za-z0-9._-]{0,70}|files/[0-9a-f]{64}\.(original|full|thumb)",
    re.ASCII,
)
"""What a member may be called. Nothing is ever unpacked under another name."""


class Chest:
    """A backup being written into `file`, which can be sought in; used in a `with` block."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._sums = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the chest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        self._sums.close()

    def add(self, name: str, pieces: Iterable[bytes]) -> int:
        """Write one member; its size in bytes."""
        digest, size = self._write(name, pieces)
        self._sums.write(_sum(digest, name))
        return size

    def close(self) -> str:
        """Write the digests and the end of the file; gives the digest of the digests, which proves them all."""
        self._sums.seek(0)
        digest, _size = self._write(SUMS, pieces_of(self._sums))
        self.file.write(bytes(2 * BLOCK))
        return digest

    def _write(self, name: str, pieces: Iterable[bytes]) -> tuple[str, int]:
        """Write a member behind an empty header, then its header; its digest and size."""
        digest, at, size = hashlib.sha256(), self.file.tell(), 0
        self.file.write(bytes(BLOCK))
        for piece in pieces:
            digest.update(piece)
            self.file.write(piece)
            size += len(piece)
        self.file.write(bytes(-size % BLOCK))
        end = self.file.tell()
        self.file.seek(at)
        self.file.write(_header(name, size))
        self.file.seek(end)
        return digest.hexdigest(), size


def pieces_of(source: IO[bytes]) -> Iterator[bytes]:
    """What `source` holds, a piece at a time."""
    while piece := source.read(PIECE):
        yield piece


def members(file: BinaryIO) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each member's name and bytes, in the order of the file. Raises CutShort and Damaged."""
    file.seek(0)
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    last = "它的开头 · its beginning"
    while header := file.read(BLOCK):
        if not header.strip(b"\0"):
            return
        try:
            found = tarfile.TarInfo.frombuf(header, "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError) as no:
            if len(header) < BLOCK:
                raise CutShort(last) from no
            raise Damaged(last, "之后的内容已损坏", "is followed by something that is no member") from no
        if not NAME.fullmatch(found.name) or not found.isreg():
            raise Damaged(found.name, "不是经纬的备份内容", "is nothing that a backup holds")
        last, begins = found.name, file.tell()
        if begins + found.size > end:
            raise CutShort(last)
        yield last, _slice(file, found.size)
        file.seek(begins + found.size + -found.size % BLOCK)


def prove(file: BinaryIO, progress: Callable[[int], object] = lambda done: None) -> str:
    """Compare every member with its digest; gives the digest of the digests. Raises CutShort and Damaged."""
    last = "它的开头 · its beginning"
    with tempfile.TemporaryFile() as seen, tempfile.TemporaryFile() as noted:
        for name, pieces in members(file):
            last = name
            if name == SUMS:
                noted.writelines(pieces)
                seen.seek(0)
                noted.seek(0)
                return _compare(seen, noted)
            digest = hashlib.sha256()
            for piece in pieces:
                digest.update(piece)
                progress(file.tell())
            seen.write(_sum(digest.hexdigest(), name))
    raise CutShort(last)


def read(file: BinaryIO, wanted: str) -> bytes:
    """The whole of one small member. Raises Damaged where it is missing."""
    for name, pieces in members(file):
        if name == wanted:
            return b"".join(pieces)
    raise Damaged(wanted, "缺失", "is missing")


def _compare(seen: IO[bytes], noted: IO[bytes]) -> str:
    """Compare what was read with what was noted when the file was made, line by line."""
    digest = hashlib.sha256()
    for there, wanted in zip_longest(seen, noted, fillvalue=b""):
        digest.update(wanted)
        if there == wanted:
            continue
        if not wanted:
            raise Damaged(_member(there), "不在摘要清单里", "is not in the list of digests")
        if _member(there) != _member(wanted):
            raise Damaged(_member(wanted), "缺失", "is missing")
        raise Damaged(_member(there), "与其摘要不符", "is not what its digest says")
    return digest.hexdigest()


def _member(line: bytes) -> str:
    return line[66:].rstrip(b"\n").decode(errors="replace")


def _header(name: str, size: int) -> bytes:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a member of a backup")
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(time.time())
    header = info.tobuf(tarfile.GNU_FORMAT)
    if len(header) != BLOCK:
        raise ValueError(f"{name} is too long a name")
    return header


def _sum(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


def _slice(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (piece := file.read(min(PIECE, size))):
        size -= len(piece)
        yield piece
