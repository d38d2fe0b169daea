"""What the worker does for this room: clear away buckets that are full again."""

from datetime import datetime

from jingwei.outbox.handlers import every
from jingwei.running import limits


@every(600)
def sweep_buckets(at: datetime) -> None:
    """Keep the table of the limits short."""
    limits.sweep(at)
