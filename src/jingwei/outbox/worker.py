"""The worker: takes messages out of the outbox one by one, does them, and runs the tasks that come round."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from django.db import Error, OperationalError, connection, transaction
from django.utils import timezone

from jingwei.outbox.acts import forget_used_keys
from jingwei.outbox.handlers import Periodic, every, handlers, load, rounds
from jingwei.outbox.models import Message, Round

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
TRIES = 32
"""Tries before a message is called stuck: with these waits, after about a day."""

LOOK_EVERY = 0.5
"""Seconds between two looks into an empty outbox. Not NOTIFY: it makes all writers commit one by one."""


def work_once(at: datetime, limit: int = 50) -> int:
    """Try at most `limit` messages due at `at`, each in a transaction of its own; how many were tried.

    A message another worker holds is passed over; one without a handler here is left where it is. One that
    fails keeps nothing of what it did, waits longer each time, and is stuck after `TRIES` tries.
    """
    tried = 0
    while tried < limit and _do_next(at):
        tried += 1
    return tried


def wait_after(tries: int) -> timedelta:
    """How long a message rests after its `tries`-th failure: 10 s, 20 s, 40 s … at most an hour."""
    doublings: int = 2 ** min(tries - 1, 20)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def come_round(at: datetime) -> list[str]:
    """Run every periodic task whose time has come at `at`; the names of those that were run here."""
    ran_at = _ran_at()
    if ran_at and (ahead := max(ran_at.values())) > at + LONGEST_WAIT:
        _take_up(at, ahead)
    due = [task for task in rounds.values() if _has_come(task, ran_at.get(task.name), at)]
    return [periodic.name for periodic in due if _run(periodic, at)]


def work_forever(stop: Event, clock: Callable[[], datetime] = timezone.now) -> None:
    """Work until `stop` is set; outlives a restart of the database, and says so once."""
    load()
    away = False
    try:
        while not stop.is_set():
            try:
                connection.close_if_unusable_or_obsolete()
                come_round(clock())
                idle = work_once(clock()) == 0
                if away:
                    log.warning("The database is back; work goes on.")
                away = False
            except Error as error:
                if not away:
                    log.warning("The database is away (%s); trying again every second.", _name(error))
                away, idle = True, True
                connection.close()
            if idle:
                stop.wait(1 if away else LOOK_EVERY)
    finally:
        connection.close()


def _has_come(periodic: Periodic, ran_at: datetime | None, at: datetime) -> bool:
    """Whether a task comes round. Trap: a clock that was ahead and is set right must not put it off till then."""
    return ran_at is None or abs(at - ran_at) >= periodic.every


def _take_up(at: datetime, ahead: datetime) -> None:
    """Let what was put, or put off, while the machine's clock was ahead wait no longer."""
    waiting = Message.objects.filter(stuck=False, due_at__gt=at + LONGEST_WAIT, due_at__lte=ahead + LONGEST_WAIT)
    if taken := waiting.update(due_at=at):
        log.warning("The clock was ahead until %s; %s messages of that time are due now.", ahead.isoformat(), taken)


@every(24 * 3600)
def forget_old_keys(at: datetime) -> None:
    """Keep the list of used keys short."""
    forget_used_keys(at)


def _do_next(at: datetime) -> bool:
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(stuck=False, due_at__lte=at, topic__in=list(handlers))
            .order_by("due_at", "id")
            .first()
        )
        if message is None:
            return False
        try:
            with transaction.atomic():
                handlers[message.topic](message.payload, key=message.key)
        except Exception as error:
            if connection.needs_rollback or not connection.is_usable():
                raise OperationalError(
                    "The connection went while a message was handled; it stays as it was."
                ) from error
            _keep(message, error, at)
        else:
            message.delete()
    return True


def _keep(message: Message, error: Exception, at: datetime) -> None:
    """Note the error's class, which holds no personal data as its text might, and when to try again."""
    message.tries += 1
    message.fault = _name(error)
    message.due_at = at + wait_after(message.tries)
    message.stuck = message.tries >= TRIES
    message.save(update_fields=["tries", "fault", "due_at", "stuck"])
    said = "stuck: see `check`" if message.stuck else f"tried again at {message.due_at.isoformat()}"
    log.warning("%s %s failed (%s, try %s); %s", message.topic, message.key, message.fault, message.tries, said)


def _run(periodic: Periodic, at: datetime) -> bool:
    """Run one task unless another worker is at it. Outside a transaction, hence a lock of the session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [periodic.name])
        (mine,) = cursor.fetchone()
    if not mine:
        return False
    try:
        ran_at = _ran_at().get(periodic.name)  # read under the lock: another worker may have run it just now
        if not _has_come(periodic, ran_at, at):
            return False
        fault = _fault_of(periodic, at)
        Round.objects.update_or_create(task=periodic.name, defaults={"ran_at": at, "fault": fault})
        return True
    finally:
        if connection.connection is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [periodic.name])


def _fault_of(periodic: Periodic, at: datetime) -> str:
    try:
        periodic.task(at)
    except Exception as error:
        if not connection.is_usable():
            raise OperationalError("The connection went while a task was run; it comes round again.") from error
        fault = _name(error)
        log.warning("%s failed (%s); it comes round again in %s.", periodic.name, fault, periodic.every)
        return fault
    return ""


def _ran_at() -> dict[str, datetime]:
    return dict(Round.objects.values_list("task", "ran_at"))


def _name(error: Exception) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}"[:200]
