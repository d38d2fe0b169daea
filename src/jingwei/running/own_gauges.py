"""What this room reads for those below it: the outbox's heap, the trail's seal, the photographs, the disk."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from jingwei.files.models import Blob
from jingwei.outbox.models import Message, Round
from jingwei.running.gauges import Fault, Reading, gauge, look
from jingwei.trail.queries import unsealed

SILENT_WORKER = timedelta(minutes=2)
"""The worker's quickest round comes every few seconds."""
OLD_MESSAGE = timedelta(minutes=15)
OLD_LINE = timedelta(minutes=5)
LEAST_FREE = 500_000_000
"""Bytes free on the disk of STATE below which the server says so; below a fifth of it, it is grave."""


@gauge("jingwei_outbox_messages", "Messages in the outbox, by topic and whether they were given up.", "topic", "stuck")
def messages(at: datetime) -> Reading:
    rows = Message.objects.values("topic", "stuck").annotate(n=Count("id"))
    return {(row["topic"], str(row["stuck"]).lower()): row["n"] for row in rows}


@gauge("jingwei_outbox_oldest_seconds", "How long the oldest message that is due has waited.")
def oldest_message(at: datetime) -> Reading:
    due = Message.objects.filter(stuck=False, due_at__lte=at).aggregate(first=Min("due_at"))["first"]
    return {(): (at - due).total_seconds() if due else 0}


@gauge("jingwei_round_age_seconds", "How long ago a task that comes round last ran.", "task")
def rounds(at: datetime) -> Reading:
    return {(task,): (at - ran).total_seconds() for task, ran in Round.objects.values_list("task", "ran_at")}


@gauge("jingwei_trail_unsealed_seconds", "Age of the oldest line of the trail that no seal holds.")
def unsealed_age(at: datetime) -> Reading:
    oldest = unsealed()
    return {(): max(0.0, (at - oldest).total_seconds()) if oldest else 0}


@gauge("jingwei_photographs_waiting", "Photographs that the worker has not prepared yet.")
def photographs(at: datetime) -> Reading:
    return {(): Blob.objects.filter(ready_at=None, fault="").count()}


@gauge("jingwei_disk_free_bytes", "Bytes free where this installation keeps its files.")
def disk(at: datetime) -> Reading:
    return {(): shutil.disk_usage(settings.STATE).free}


@look("database")
def answers(at: datetime) -> Iterator[Fault]:
    """The database answers, and to a role that owns no table of ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = 'trail_line'::regclass"
        )
        (owns,) = cursor.fetchone()
    if owns:
        yield Fault(_("The server signs in as the owner of its tables; see DATABASE_OWNER_URL."))


@look("tables")
def up_to_date(at: datetime) -> Iterator[Fault]:
    """The tables are those of this release."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = wanted_migrations() - set(cursor.fetchall())
    if missing:
        said = _("The tables are older than the program (%(n)d changes missing). Start `./jingwei serve` once more.")
        yield Fault(said % {"n": len(missing)}, grave=True)


@cache
def wanted_migrations() -> frozenset[tuple[str, str]]:
    """The migrations this release brings; read from the disk once."""
    return frozenset(MigrationLoader(None).disk_migrations)


@look("disk")
def room_left(at: datetime) -> Iterator[Fault]:
    """There is room on the disk."""
    free = shutil.disk_usage(settings.STATE).free
    if free < LEAST_FREE:
        yield Fault(_("Only %(mb)d MB are free on the disk.") % {"mb": free // 1_000_000}, grave=free < LEAST_FREE / 5)


@look("worker")
def worker_lives(at: datetime) -> Iterator[Fault]:
    """A worker came round lately."""
    last = Round.objects.aggregate(last=Max("ran_at"))["last"]
    if last is None or at - last > SILENT_WORKER:
        yield Fault(_("The worker has not come round for two minutes. Start `./jingwei work`."))


@look("outbox")
def flows(at: datetime) -> Iterator[Fault]:
    """Messages leave the outbox."""
    if oldest_message(at)[()] > OLD_MESSAGE.total_seconds():
        yield Fault(_("A message has been waiting in the outbox for more than a quarter of an hour."))
    if stuck := Message.objects.filter(stuck=True).count():
        yield Fault(_("%(n)d messages were given up; `./jingwei check` says which.") % {"n": stuck})


@look("seals")
def sealed(at: datetime) -> Iterator[Fault]:
    """The trail is sealed."""
    oldest = unsealed()
    if oldest is not None and at - oldest > OLD_LINE:
        yield Fault(_("Lines of the trail have been waiting for their seal for more than five minutes."))
