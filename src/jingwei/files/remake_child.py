"""Makes one photograph anew in a process of its own, which may run out of memory without harming anybody.

A picture of a few kilobytes can unfold to gigabytes, and a decoder's mistake can end the process it runs in.
So this file is run by itself, imports nothing of ours, and says one line of JSON: the size of the picture it
made, in pixels, or the rule that was broken.
"""

import json
import sys

MEMORY, SECONDS, LARGEST = 1_200_000_000, 60, 30_000_000
"""Bytes of memory, seconds of the processor, bytes of one file written."""

MOST_PIXELS = 60_000_000
FULL_EDGE, THUMB_EDGE = 1600, 320
QUALITY = 80
READERS = ("JPEG", "PNG", "WEBP")  # trap: MPO, a JPEG with a second one behind, is read by JPEG's
PLAIN = ("L", "RGB", "RGBA", "CMYK", "YCbCr")
"""Modes that Pillow shrinks as the eye does; the others it would shrink by leaving out dots."""


def bound() -> None:
    """Limit this process."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the pixels were counted before
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def remake(original: str, full: str, thumb: str) -> tuple[int, int]:
    """Write `original` anew as two JPEG pictures, upright and without metadata; return the full one's size.

    Shrunk first, turned and laid on white afterwards: each of these copies the picture. Of a moving picture
    the first frame is taken.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(original, formats=READERS) as image:
        image.draft("RGB", (FULL_EDGE, FULL_EDGE))
        small: Image.Image = image
        if image.mode.startswith("I"):  # 16-bit grey: Pillow would clip it to white
            small = image.point(lambda value: value / 256).convert("L")
        elif image.mode not in PLAIN or "transparency" in image.info:
            see_through = image.has_transparency_data
            small = image.convert("RGBA" if see_through else "RGB")
        small.thumbnail((FULL_EDGE, FULL_EDGE))
        upright = ImageOps.exif_transpose(small)
        if upright.mode == "RGBA":
            upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
        shown = upright.convert("RGB")
    shown.info.clear()  # Pillow would write a comment found here into the new file
    shown.save(full, "JPEG", quality=QUALITY, optimize=True)
    size = shown.size
    shown.thumbnail((THUMB_EDGE, THUMB_EDGE))
    shown.save(thumb, "JPEG", quality=QUALITY, optimize=True)
    return size


def main(original: str, full: str, thumb: str) -> int:
    bound()
    try:
        width, height = remake(original, full, thumb)
        said: dict[str, object] = {"width": width, "height": height}
    except MemoryError:
        said = {"fault": "TooManyPixels"}
    except OSError as broken:
        # A full disk is no fault of the picture: it has an errno, what Pillow says of a picture has none.
        said = {"broken_off": str(broken)} if broken.errno else {"fault": "NotAPhotograph"}
    except Exception as broken:  # Pillow's readers raise a dozen unrelated types on hostile input
        said = {"fault": "TooManyPixels" if "Decompression" in type(broken).__name__ else "NotAPhotograph"}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
