"""Photographs go first: handed in one by one, attached by the hand that handed them in, let go if never attached."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, ForeignKey, OuterRef, Q

from jingwei.files import shelf
from jingwei.files.acts import Stream, keep
from jingwei.files.models import Blob, Handing

KEPT_FOR = timedelta(days=1)
"""How long a photograph waits for the matter it belongs to."""

GRACE = timedelta(hours=1)
"""How much longer it lies, so that a matter that is being written down at that moment finds it."""


def hand_in(
    stream: Stream, hand: str, *, said_sha256: str | None = None, said_size: int | None = None, at: datetime
) -> tuple[Blob, bool]:
    """Keep a photograph and note whose hand it came from; whether this hand hands it in for the first time.

    Whether somebody else has handed in the same bytes before is nobody's business, and is not told.
    Raises a `FileRefused` whose text is fit to be shown to the sender.
    """
    with transaction.atomic():
        blob = keep(stream, said_sha256=said_sha256, said_size=said_size, at=at)
        _noted, first = Handing.objects.update_or_create(blob=blob, hand=hand, defaults={"at": at})
    return blob, first


def handed_in(digests: Iterable[str], hand: str, *, at: datetime) -> list[str]:
    """Those of the digests that this hand has handed in within the day, each once, in the order given."""
    asked = list(dict.fromkeys(digests))
    if not asked:
        return []
    mine = Handing.objects.filter(hand=hand, blob__in=asked, at__gte=at - KEPT_FOR)
    found = set(mine.values_list("blob", flat=True))
    return [digest for digest in asked if digest in found]


def let_go(at: datetime, *, limit: int = 500) -> int:
    """The worker's task: remove photographs that were handed in a day ago and belong to nothing; how many were."""
    before = at - KEPT_FOR - GRACE
    Handing.objects.filter(at__lt=before).delete()
    alone = Blob.objects.filter(~_held(), made_at__lt=before).order_by("made_at", "pk")
    return sum(_gone(pk) for pk in alone.values_list("pk", flat=True)[:limit])


def _gone(pk: str) -> bool:
    """Remove one photograph, files and row; False where somebody needs it after all."""
    try:
        with transaction.atomic():
            # A row that is being handed in anew is locked by `keep`, which then finds file and row or neither.
            locked = Blob.objects.select_for_update(skip_locked=True).filter(~_held(), pk=pk)
            if not locked.exists():
                return False
            Blob.objects.filter(pk=pk).delete()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # speak up now, before the files are gone
            for version in shelf.VERSIONS:
                shelf.remove(shelf.place(pk, version))
    except IntegrityError:
        return False
    return True


def _held() -> Q:
    """Whether any row of any room points to the photograph, or a hand still holds it."""
    held = Q()
    for relation in Blob._meta.get_fields(include_hidden=True):
        if relation.one_to_many and relation.auto_created:
            key = relation.remote_field
            assert isinstance(key, ForeignKey)
            held |= Q(Exists(key.model._base_manager.filter(**{key.name: OuterRef("pk")})))
    return held
