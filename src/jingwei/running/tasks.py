"""What the worker does for this room: clear away buckets that are full again, and keys of forms long sent."""

from datetime import datetime

from jingwei.outbox.handlers import every
from jingwei.running import limits, once


@every(600)
def sweep_buckets(at: datetime) -> None:
    """Keep the table of the limits short."""
    limits.sweep(at)


@every(6 * 3600)
def forget_sent_forms(at: datetime) -> None:
    """Keep the list of sent forms short."""
    once.sweep(at)
