"""Photographs that nothing shows any more: their rows and their files go."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from jingwei.files import shelf
from jingwei.files.models import Blob


def forget_unused(digests: Iterable[str]) -> int:
    """Delete those of the photographs that no row points to any more, on disk once it is committed; how many."""
    return sum(_forget(sha256) for sha256 in sorted(set(digests)))


def _forget(sha256: str) -> bool:
    try:
        with transaction.atomic():
            gone, _of = Blob.objects.filter(pk=sha256).delete()
    except (ProtectedError, RestrictedError):
        return False
    if gone:
        transaction.on_commit(lambda: _remove(sha256))
    return bool(gone)


def _remove(sha256: str) -> None:
    """Remove the files, unless the same photograph was handed in again meanwhile."""
    if not Blob.objects.filter(pk=sha256).exists():
        for version in ("original", "full", "thumb"):
            shelf.remove(shelf.place(sha256, version))
