"""What the worker clears away by itself: sessions that are over, and wrong tries that no rule asks for any more."""

from datetime import datetime

from jingwei.accounts.lockout import forget_old
from jingwei.accounts.permitting import close_lapsed
from jingwei.accounts.sessions import forget_ended
from jingwei.outbox.handlers import every


@every(3600)
def clear(at: datetime) -> None:
    """Forget what is over."""
    forget_ended(at)
    forget_old(at)


@every(300)
def lapse(at: datetime) -> None:
    """Write down which exceptions have ended by themselves."""
    close_lapsed(at)
