"""Taking a photograph in, making it fit to be shown, and clearing away what broke off half-way."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from django.db import transaction

from jingwei.files import pictures, shelf
from jingwei.files.models import Blob
from jingwei.files.pictures import BrokenOff, Picture
from jingwei.files.refusals import CutShort, FileRefused, NoRoom, NotAPhotograph, NothingSent, TooLarge

LIMIT = 20_000_000
"""The largest file taken, in bytes: 20 MB."""

GRACE = timedelta(days=1)
"""How long a file may lie without a row: a request that is still running has not committed its row yet."""

LOST = "Lost"
"""The fault of a photograph whose file is no longer on disk; handing it in again heals it."""

PERSEVERANCE = timedelta(days=1)
"""How long a photograph is tried again whose making was stopped from outside, by a restart or for want of memory."""

_PIECE = 1 << 16


class Stream(Protocol):
    """Anything that hands out bytes a piece at a time: an upload, a file, a request's body."""

    def read(self, size: int, /) -> bytes: ...


def keep(
    stream: Stream,
    *,
    said_sha256: str | None = None,
    said_size: int | None = None,
    limit: int = LIMIT,
    at: datetime,
) -> Blob:
    """Take in a photograph, file first and row second; the same bytes twice are one blob.

    `said_sha256` and `said_size`, in bytes, are what the sender announced; with them a body cut off on the way
    is noticed. Raises a `FileRefused` whose text is fit to be shown to the sender.
    """
    if not shelf.has_room():
        raise NoRoom
    file = shelf.incoming()
    try:
        sha256, size = _pour(stream, file, limit)
        if said_size not in (None, size) or (said_sha256 is not None and said_sha256.lower() != sha256):
            raise CutShort
        with transaction.atomic():
            known = Blob.objects.select_for_update().filter(pk=sha256).first()
            if known and known.fault and known.fault != LOST:
                raise NotAPhotograph
            if known and _lies(known):
                return known
            picture = pictures.look(Path(file.name))
            shelf.settle(file, shelf.place(sha256, "original"))
            return _entered(sha256, size, picture, at)
    finally:
        shelf.discard(file)


def _lies(blob: Blob) -> bool:
    """Whether the file that a row speaks of is on disk."""
    return shelf.place(blob.sha256, "full" if blob.ready_at else "original").exists()


def _entered(sha256: str, size: int, picture: Picture, at: datetime) -> Blob:
    """The row of a file that was just put on the shelf; one whose file was lost waits to be made ready again."""
    said = {"size": size, "kind": picture.kind, "width": picture.width, "height": picture.height, "made_at": at}
    blob, made = Blob.objects.get_or_create(sha256=sha256, defaults=said)
    if not made and (blob.fault == LOST or (blob.ready_at and not _lies(blob))):
        blob.fault, blob.ready_at = "", None
        blob.save(update_fields=["fault", "ready_at"])
    if blob.ready_at:  # somebody else kept and made ready the same bytes meanwhile
        shelf.remove(shelf.place(sha256, "original"))
    return blob


def _pour(stream: Stream, file: BinaryIO, limit: int) -> tuple[str, int]:
    """Copy the stream, never more than `limit` bytes; return digest and size."""
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > limit:
            raise TooLarge(limit)
        digest.update(piece)
        file.write(piece)
    if not size:
        raise NothingSent
    file.flush()
    return digest.hexdigest(), size


def make_ready(blob: Blob, *, at: datetime) -> bool:
    """Make the two pictures that are shown, then delete the original.

    False if another hand is at it, or the work was stopped from outside and is to be tried again.

    The original holds the place and time at which it was taken and the telephone it was taken with.
    Nobody agreed to hand those in, so it goes as soon as the new pictures are safe on disk. A file that
    cannot be decoded is marked with the rule it broke and deleted too.
    """
    original = shelf.place(blob.sha256, "original")
    with transaction.atomic():
        waiting = Blob.objects.select_for_update(skip_locked=True).filter(pk=blob.pk, ready_at=None, fault="")
        locked = waiting.first()
        if locked is None:
            return False
        try:
            locked.width, locked.height = _remake(locked.sha256, original)
            locked.ready_at = at
        except FileNotFoundError:
            locked.fault = LOST
        except FileRefused as refused:
            locked.fault = type(refused).__name__
        except BrokenOff:
            if at - locked.made_at < PERSEVERANCE:
                return False
            locked.fault = BrokenOff.__name__
        locked.save()
        transaction.on_commit(lambda: shelf.remove(original))
    return True


def _remake(sha256: str, original: Path) -> tuple[int, int]:
    if not original.exists():
        raise FileNotFoundError(original)
    full, thumb = shelf.incoming(), shelf.incoming()
    try:
        size = pictures.remake(original, full, thumb)
        shelf.settle(full, shelf.place(sha256, "full"))
        shelf.settle(thumb, shelf.place(sha256, "thumb"))
    finally:
        shelf.discard(full)
        shelf.discard(thumb)
    return size


def make_waiting_ready(at: datetime, *, limit: int = 20) -> int:
    """The worker's task: make up to `limit` waiting photographs ready, oldest first; how many were."""
    waiting = Blob.objects.filter(ready_at=None, fault="").order_by("made_at", "pk")[:limit]
    return sum(make_ready(blob, at=at) for blob in waiting)


def sweep(at: datetime, *, grace: timedelta = GRACE) -> list[Path]:
    """Delete what no row points to: takings that broke off, and originals of pictures already made.

    Returns what was deleted. Files younger than `grace` are left, their rows may still be on the way.
    """
    gone = list(shelf.left_behind(grace, at))
    lying = list(shelf.settled(grace, at))
    rows = {blob.pk: blob for blob in Blob.objects.filter(pk__in={sha256 for sha256, _, _ in lying})}
    for sha256, version, path in lying:
        row = rows.get(sha256)
        if row is None or (version == "original" and (row.ready_at or row.fault)):
            gone.append(path)
    for path in gone:
        shelf.remove(path)
    return gone
