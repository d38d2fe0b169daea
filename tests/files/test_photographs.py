"""By-laws of keeping photographs."""

import hashlib
import io
import random
import struct
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from jingwei.files import acts, pictures, remake_child, shelf
from jingwei.files.models import Blob
from jingwei.files.queries import open_for_reading
from jingwei.files.refusals import (
    CutShort,
    FileRefused,
    Heic,
    NotAPhotograph,
    NothingSent,
    NotReady,
    TooLarge,
    TooManyPixels,
)

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def picture(kind: str = "JPEG", size: tuple[int, int] = (400, 300), **said: object) -> bytes:
    """A picture whose left half is red, with what Pillow is told to write beside it."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **said)  # type: ignore[arg-type]
    return out.getvalue()


def telling() -> Image.Exif:
    """What a telephone writes beside a picture: lying on its side, make, place."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Nosy Telephone"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (36.0, 40.0, 12.0)
    return exif


def keep(data: bytes, **more: object) -> Blob:
    return acts.keep(io.BytesIO(data), at=AT, **more)  # type: ignore[arg-type]


def shown(blob: Blob, size: Literal["full", "thumb"] = "full") -> bytes:
    with open_for_reading(Blob.objects.get(pk=blob.pk), size) as file:
        return file.read()


def seen(blob: Blob, size: Literal["full", "thumb"] = "full") -> Image.Image:
    return Image.open(io.BytesIO(shown(blob, size)))


def lying(folder: Path) -> list[str]:
    return sorted(path.name.partition(".")[2] for path in folder.glob("??/??/*"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_kept_and_shown_as_a_small_jpeg(kind: str, folder: Path) -> None:
    blob = keep(picture(kind, (2000, 1000)))
    assert (blob.width, blob.height, blob.kind) == (2000, 1000, f"image/{kind.lower()}")
    assert acts.make_waiting_ready(AT) == 1
    blob.refresh_from_db()
    assert (blob.width, blob.height, blob.ready_at) == (1600, 800, AT)
    assert (seen(blob).format, seen(blob).size, seen(blob, "thumb").size) == ("JPEG", (1600, 800), (320, 160))


def test_nothing_hidden_is_left_and_the_picture_stands_upright(
    folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    data = picture(exif=telling(), comment=b"taken at home", xmp=b"<x:xmpmeta>secret</x:xmpmeta>")
    assert b"Nosy" in data
    blob = keep(data)
    with django_capture_on_commit_callbacks(execute=True):
        acts.make_ready(blob, at=AT)
    blob.refresh_from_db()
    both = shown(blob) + shown(blob, "thumb")
    assert [word for word in (b"Exif", b"Nosy", b"GPS", b"home", b"secret", b"ICC") if word in both] == []
    assert (seen(blob).size, seen(blob).getexif()) == ((300, 400), {})
    top, bottom = seen(blob).getpixel((150, 20)), seen(blob).getpixel((150, 380))
    assert top == pytest.approx((254, 0, 0), abs=8)
    assert bottom == pytest.approx((255, 255, 255), abs=8)
    assert lying(folder) == ["full", "thumb"]  # the original, which tells where it was taken, is gone


def test_hidden_words_of_a_png_are_left_behind_and_see_through_is_white() -> None:
    words, out = PngInfo(), io.BytesIO()
    words.add_text("Author", "secret")
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG", pnginfo=words)
    blob = keep(out.getvalue())
    acts.make_ready(blob, at=AT)
    assert seen(blob).getpixel((5, 5)) == (255, 255, 255)
    assert b"secret" not in shown(blob)


def test_the_same_bytes_twice_are_one_photograph(folder: Path) -> None:
    first, second = keep(picture()), keep(picture())
    assert (first.pk, Blob.objects.count(), lying(folder)) == (second.pk, 1, ["original"])


def test_the_same_bytes_after_it_was_made_ready_do_not_bring_the_original_back(
    folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        acts.make_ready(keep(picture()), at=AT)
    keep(picture())
    assert lying(folder) == ["full", "thumb"]


def test_a_photograph_is_shown_only_once_it_is_ready() -> None:
    with pytest.raises(NotReady):
        open_for_reading(keep(picture()))


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<?php system($_GET['c']); ?>",
        b"GIF89a" + b"\0" * 100,
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        b"\xff\xd8\xff\xe0",
        b"\0" * 5000,
        b"P6 9999 9999 255\n",
        random.Random(4096).randbytes(4096),
    ],
)
def test_what_is_no_photograph_is_refused_whatever_it_pretends(data: bytes, folder: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        keep(data)
    assert type(refused.value) in (NotAPhotograph, CutShort)
    assert (Blob.objects.count(), lying(folder), list(folder.glob("incoming/*"))) == (0, [], [])


def test_code_behind_a_picture_is_not_in_what_is_shown() -> None:
    blob = keep(picture() + b"<?php system('id'); ?>")
    acts.make_ready(blob, at=AT)
    assert b"php" not in shown(blob)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_a_photograph_cut_off_on_the_way_is_refused(kind: str, part: float) -> None:
    data = picture(kind, (600, 600))
    with pytest.raises(FileRefused):
        keep(data[: int(len(data) * part)])


def test_another_digest_than_the_one_announced_is_refused() -> None:
    data = picture()
    with pytest.raises(CutShort):
        keep(data, said_sha256=hashlib.sha256(data + b"x").hexdigest())
    assert keep(data, said_sha256=hashlib.sha256(data).hexdigest().upper()).size == len(data)


def test_an_empty_file_and_one_too_large_are_refused() -> None:
    with pytest.raises(NothingSent):
        keep(b"")
    with pytest.raises(TooLarge) as refused:
        keep(picture(), limit=1000)
    assert "0.001" in str(refused.value)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims any size: a bomb for whoever decodes it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(10_000, 6_001), (60_000, 60_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises((TooManyPixels, NotAPhotograph)):
        keep(png_claiming(*size))


def test_a_photograph_that_cannot_be_decoded_is_marked_and_never_shown(
    folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    blob = keep(png_claiming(300, 300))
    with django_capture_on_commit_callbacks(execute=True):
        assert acts.make_ready(blob, at=AT)
    blob.refresh_from_db()
    assert (blob.fault, blob.ready_at, lying(folder)) == ("NotAPhotograph", None, [])
    assert acts.make_waiting_ready(AT) == 0
    with pytest.raises(NotAPhotograph):
        keep(png_claiming(300, 300))


def test_a_lost_file_is_healed_by_handing_it_in_again(folder: Path) -> None:
    blob = keep(picture())
    shelf.remove(shelf.place(blob.pk, "original"))
    acts.make_ready(blob, at=AT)
    assert Blob.objects.get().fault == acts.LOST
    assert acts.make_ready(keep(picture()), at=AT)
    assert shown(blob).startswith(b"\xff\xd8")


def test_the_sweep_takes_what_no_row_points_to_and_nothing_younger_than_a_day(folder: Path) -> None:
    kept, orphan = keep(picture()), keep(picture("PNG"))
    Blob.objects.filter(pk=orphan.pk).delete()
    broken_off = shelf.incoming()
    broken_off.close()
    later = datetime.now(UTC)
    assert acts.sweep(later) == []
    gone = acts.sweep(later + timedelta(days=2))
    assert gone == [Path(broken_off.name), shelf.place(orphan.pk, "original")]
    assert shelf.place(kept.pk, "original").exists()


def test_only_the_server_itself_may_read_the_folder(folder: Path) -> None:
    keep(picture())
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*")} == {0}


def jpeg_claiming(width: int, height: int) -> bytes:
    """A small JPEG whose header claims any size up to 65,535 by 65,535: four gigapixels."""
    data = bytearray(picture())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_claiming(width: int, height: int) -> bytes:
    """A moving WebP whose canvas claims any size; its one frame is small."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    data = bytearray(out.getvalue())
    data[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(data)


ALONE = """
import resource, sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from jingwei.files import pictures
try:
    {does}
except ValueError as refused:
    print(type(refused).__name__)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def alone(does: str, data: bytes, folder: Path) -> tuple[list[str], int]:
    """What a process of its own says that `does` something to a picture, and its most memory in megabytes."""
    path = folder / "picture"
    path.write_bytes(data)
    command = [sys.executable, "-c", ALONE.replace("{does}", does), str(path)]
    environ = {"PYTHONPATH": str(Path(acts.__file__).parents[2])}
    *said, most = subprocess.run(command, capture_output=True, text=True, env=environ, check=True).stdout.split()
    return said, int(most)


@pytest.mark.parametrize(
    "bomb", [png_claiming(65_535, 65_535), jpeg_claiming(65_535, 65_535), webp_claiming(16_383, 16_383)],
    ids=["png", "jpeg", "webp"],
)  # fmt: skip
def test_four_gigapixels_are_refused_by_the_header_and_cost_no_memory(bomb: bytes, tmp_path: Path) -> None:
    _said, usual = alone("pass", bomb, tmp_path)
    said, most = alone("pictures.look(Path(sys.argv[1]))", bomb, tmp_path)
    assert said == ["TooManyPixels"]
    assert most - usual < 20


def test_a_small_file_that_unfolds_to_hundreds_of_megabytes_unfolds_elsewhere(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (7_500, 7_500)).save(out, "PNG", compress_level=9)
    bomb = out.getvalue()
    _said, usual = alone("pass", bomb, tmp_path)
    does = "path = Path(sys.argv[1]); print(*pictures.remake(path, open(f'{path}.1', 'wb'), open(f'{path}.2', 'wb')))"
    said, most = alone(does, bomb, tmp_path)
    assert (len(bomb) < 300_000, said) == (True, ["1600", "1600"])
    assert most - usual < 20


def another_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, was: str, now: str) -> None:
    """Let photographs be made anew by a program that differs in one line."""
    source = Path(remake_child.__file__).read_text(encoding="utf-8")
    assert was in source
    (tmp_path / "child.py").write_text(source.replace(was, now), encoding="utf-8")
    monkeypatch.setattr(pictures.remake_child, "__file__", str(tmp_path / "child.py"))


def test_one_that_needs_more_memory_than_it_may_have_is_marked_and_harms_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    another_child(
        monkeypatch, tmp_path, "MEMORY, SECONDS, LARGEST = 1_200_000_000,", "MEMORY, SECONDS, LARGEST = 150_000_000,"
    )
    big, small = keep(picture("PNG", (7_000, 7_000))), keep(picture())
    assert acts.make_waiting_ready(AT) == 2
    big.refresh_from_db()
    assert (big.fault, big.ready_at) == ("TooManyPixels", None)
    assert seen(small).size == (400, 300)


def test_one_whose_making_is_killed_waits_for_the_next_round_and_is_given_up_after_a_day(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path
) -> None:
    another_child(monkeypatch, tmp_path, "    bound()\n", "    __import__('os').kill(__import__('os').getpid(), 9)\n")
    blob = keep(picture())
    assert not acts.make_ready(blob, at=AT + timedelta(hours=23))
    blob.refresh_from_db()
    assert (blob.fault, lying(folder)) == ("", ["original"])
    assert acts.make_ready(blob, at=AT + timedelta(hours=25))
    blob.refresh_from_db()
    assert blob.fault == "BrokenOff"


def test_of_a_moving_picture_the_first_frame_is_shown() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    blob = keep(out.getvalue())
    acts.make_ready(blob, at=AT)
    red, green, blue = seen(blob).getpixel((30, 20))  # type: ignore[misc]
    assert (red > 240, green < 15, blue < 15) == (True, True, True)


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_a_heic_is_refused_with_what_to_do(brand: bytes) -> None:
    with pytest.raises(Heic) as refused:
        keep(b"\0\0\0\x18ftyp" + brand + b"\0" * 200)
    assert "兼容性最佳" in str(refused.value)


def test_a_page_and_a_drawing_with_script_are_no_photographs() -> None:
    for data in (
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"\xff\xd8\xff\xe0<script>alert(1)</script>\xff\xd9",
    ):
        with pytest.raises(NotAPhotograph):
            keep(data)
