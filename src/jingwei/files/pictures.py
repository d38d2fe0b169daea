"""What a picture is: read from its header without trust, and made anew without its hidden data."""

import json
import signal
import subprocess
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from jingwei.files import refusals, remake_child
from jingwei.files.refusals import CutShort, FileRefused, Heic, NotAPhotograph, TooManyPixels
from jingwei.files.remake_child import MOST_PIXELS, READERS

KINDS: Mapping[str, str] = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
}
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
PATIENCE = 180
"""Seconds a photograph may take to be made anew on a busy machine, however little of the processor it gets."""

Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # trap: Pillow holds this once for the whole process


@dataclass(frozen=True)
class Picture:
    """What a header says: the media type and the size in pixels."""

    kind: str
    width: int
    height: int


class BrokenOff(RuntimeError):
    """The process that makes a photograph anew was stopped from outside; the photograph waits for the next one."""


def look(path: Path) -> Picture:
    """What the picture at `path` claims to be; nothing is decoded, so that a bomb does not go off.

    Raises NotAPhotograph, Heic, TooManyPixels or CutShort.
    """
    with path.open("rb") as file:
        _before_opening(file.read(32))
    picture = _header(path)
    if picture.width * picture.height > MOST_PIXELS:
        raise TooManyPixels(MOST_PIXELS)
    with path.open("rb") as file:
        whole = _has_its_end(file, picture.kind)
    if not whole:
        raise CutShort
    return picture


def _before_opening(head: bytes) -> None:
    """What must be known before Pillow opens the file.

    Trap: merely opening a WebP makes Pillow lay out its whole canvas twice, up to 2 GB.
    """
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        raise Heic
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        width, height = _webp_size(head)
        if width * height > MOST_PIXELS:
            raise TooManyPixels(MOST_PIXELS)


def _webp_size(head: bytes) -> tuple[int, int]:
    """Width and height of a WebP by its first chunk (RFC 9649, 2.5 to 2.7); nothing where that is cut off."""
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            both = int.from_bytes(head[21:25], "little")
            return 1 + (both & 0x3FFF), 1 + (both >> 14 & 0x3FFF)
        case _:
            low = 0x3FFF
            return int.from_bytes(head[26:28], "little") & low, int.from_bytes(head[28:30], "little") & low


def _header(path: Path) -> Picture:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # counted by `look` itself
            with Image.open(path, formats=READERS) as image:
                return Picture(KINDS[image.format or ""], *image.size)
    except Image.DecompressionBombError:
        raise TooManyPixels(MOST_PIXELS) from None
    except Exception as broken:  # Pillow's readers raise a dozen unrelated types on hostile input
        raise NotAPhotograph from broken


def _has_its_end(file: BinaryIO, kind: str) -> bool:
    """Whether the file reaches the end mark of its format. Anything may follow the mark: films of
    telephones do, and are left out when the picture is made anew."""
    said = file.read()
    match kind:
        case "image/png":
            return b"IEND\xaeB`\x82" in said
        case "image/webp":
            return len(said) >= 8 + int.from_bytes(said[4:8], "little")
        case _:
            return said.find(b"\xff\xd9", _after_jpeg_headers(said)) != -1


def _after_jpeg_headers(said: bytes) -> int:
    """Where the picture proper begins: a thumbnail inside the headers has an end mark of its own."""
    at = 2
    while at + 4 <= len(said) and said[at] == 0xFF:
        if said[at + 1] == 0xDA:
            return at
        if said[at + 1] == 0xFF:
            at += 1
        else:
            at += 2 + int.from_bytes(said[at + 2 : at + 4], "big")
    return len(said)


def remake(original: Path, full: BinaryIO, thumb: BinaryIO) -> tuple[int, int]:
    """Write `original` anew as two JPEG pictures, upright, without metadata; return the full one's size.

    Place, time, device and comments stay behind, for only the pixels are carried over. The work is done by
    `remake_child` in a process with limits of its own.
    Raises NotAPhotograph when it cannot be decoded, TooManyPixels when it is a bomb, BrokenOff when the
    process was stopped from outside.
    """
    look(original)
    command = [sys.executable, "-I", remake_child.__file__, str(original), str(full.name), str(thumb.name)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env={}, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise BrokenOff from late
    return _size_said(done)


def _size_said(done: "subprocess.CompletedProcess[bytes]") -> tuple[int, int]:
    """The size the process named, or the reason why there is none."""
    try:
        said = json.loads(done.stdout)
    except ValueError:
        if done.returncode in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, 1, 2):
            raise BrokenOff(done.stderr[-200:].decode(errors="replace")) from None
        raise NotAPhotograph from None  # its own limits ended it, or the decoder fell over the picture
    if "broken_off" in said:
        raise BrokenOff(said["broken_off"])
    if "fault" in said:
        fault: type[FileRefused] = getattr(refusals, said["fault"])
        raise fault(MOST_PIXELS) if fault is TooManyPixels else fault()
    return said["width"], said["height"]
