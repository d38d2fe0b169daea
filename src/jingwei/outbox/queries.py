"""Looking into the outbox: what is stuck, what nobody handles, how much waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from jingwei.outbox.handlers import handlers, load
from jingwei.outbox.models import Message, Round


@dataclass(frozen=True)
class Heap:
    """Messages of one topic that lie for one reason; `fault` is the last error's class, or empty."""

    topic: str
    fault: str
    count: int
    since: datetime


def stuck() -> list[Heap]:
    """Messages given up after the last try, by topic and fault; `acts.try_again` takes them up."""
    return _heaps(stuck=True)


def unhandled(at: datetime) -> list[Heap]:
    """Messages due whose topic no loaded room handles; they are kept until one does. Load the rooms first."""
    return [heap for heap in _heaps(stuck=False, due_at__lte=at) if heap.topic not in handlers]


def waiting(at: datetime) -> int:
    """How many messages are due and not yet done."""
    return Message.objects.filter(stuck=False, due_at__lte=at).count()


def failed_rounds() -> list[tuple[str, str]]:
    """Periodic tasks whose last run failed: name and class of the error."""
    return list(Round.objects.exclude(fault="").order_by("task").values_list("task", "fault"))


def faults(at: datetime) -> Iterator[str]:
    """What `check` says of the outbox, a sentence each; nothing where all goes well."""
    load()
    for heap in stuck():
        said = _("%(count)s messages of topic %(topic)s are stuck (%(fault)s). Remove the cause, then try again.")
        yield said % {"count": heap.count, "topic": heap.topic, "fault": heap.fault}
    for heap in unhandled(at):
        said = _("%(count)s messages of topic %(topic)s wait, and nobody handles that topic. They are kept.")
        yield said % {"count": heap.count, "topic": heap.topic}
    for task, fault in failed_rounds():
        yield _("The task %(task)s failed when it last came round (%(fault)s).") % {
            "task": task,
            "fault": fault,
        }


def _heaps(**which: object) -> list[Heap]:
    counted = Message.objects.filter(**which).values("topic", "fault").annotate(n=Count("id"), since=Min("due_at"))
    return [Heap(row["topic"], row["fault"], row["n"], row["since"]) for row in counted.order_by("topic", "fault")]
