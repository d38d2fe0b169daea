"""Opening a photograph to look at it."""

from typing import BinaryIO, Literal

from jingwei.files import shelf
from jingwei.files.models import Blob
from jingwei.files.refusals import NotReady

SHOWN_KIND = "image/jpeg"
"""What `open_for_reading` always yields, whatever was handed in."""


def open_for_reading(blob: Blob, size: Literal["full", "thumb"] = "full") -> BinaryIO:
    """The picture that may be shown; raises NotReady before it was made, or when it never can be.

    The page that serves it says `X-Content-Type-Options: nosniff` and `Content-Disposition`, and asks
    first whether the reader may see the case: the folder itself is never served.
    """
    if blob.ready_at is None:
        raise NotReady
    try:
        return shelf.place(blob.sha256, size).open("rb")
    except FileNotFoundError:
        raise NotReady from None
