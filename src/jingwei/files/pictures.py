"""What a picture is: read from its header without trust, and made anew without its hidden data."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps

from jingwei.files.refusals import CutShort, NotAPhotograph, TooManyPixels

MOST_PIXELS = 60_000_000
"""60 million: above the largest telephones of 2026 at their usual setting; decoded, some 240 MB."""

KINDS: Mapping[str, str] = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
}
READERS = ("JPEG", "PNG", "WEBP")  # trap: MPO, a JPEG with a second one behind, is read by JPEG's
FULL_EDGE, THUMB_EDGE = 1600, 320
QUALITY = 80

Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # trap: Pillow holds this once for the whole process


@dataclass(frozen=True)
class Picture:
    """What a header says: the media type and the size in pixels."""

    kind: str
    width: int
    height: int


def look(path: Path) -> Picture:
    """What the picture at `path` claims to be; nothing is decoded, so that a bomb does not go off.

    Raises NotAPhotograph, TooManyPixels or CutShort.
    """
    picture = _header(path)
    if picture.width * picture.height > MOST_PIXELS:
        raise TooManyPixels(MOST_PIXELS)
    with path.open("rb") as file:
        whole = _has_its_end(file, picture.kind)
    if not whole:
        raise CutShort
    return picture


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

    Place, time, device and comments stay behind, for only the pixels are carried over.
    Raises NotAPhotograph when it cannot be decoded, TooManyPixels when it is a bomb.
    """
    look(original)
    try:
        with Image.open(original, formats=READERS) as image:
            image.draft("RGB", (FULL_EDGE, FULL_EDGE))
            upright = _opaque(ImageOps.exif_transpose(image))
    except Exception as broken:  # as in `_header`: hostile input, a dozen unrelated types
        raise NotAPhotograph from broken
    upright.info.clear()  # Pillow would write a comment found here into the new file
    upright.thumbnail((FULL_EDGE, FULL_EDGE))
    upright.save(full, "JPEG", quality=QUALITY, optimize=True)
    size = upright.size
    upright.thumbnail((THUMB_EDGE, THUMB_EDGE))
    upright.save(thumb, "JPEG", quality=QUALITY, optimize=True)
    return size


def _opaque(image: Image.Image) -> Image.Image:
    """In plain colours, on white where it was see-through."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        seen = image.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(white, seen).convert("RGB")
    if image.mode.startswith("I"):  # 16-bit grey: Pillow would clip it to white
        image = image.point(lambda value: value / 256).convert("L")
    return image.convert("RGB")
