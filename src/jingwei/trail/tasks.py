"""What the trail asks of the worker: seal what is settled, twice a minute."""

from datetime import datetime

from jingwei.trail.sealer import seal_all

SEAL_EVERY = 30
"""Seconds between two sealings; the unsealed minute is two of them."""


def seal_trail(at: datetime) -> None:
    """Seal everything settled. The worker's room registers this: trail and outbox are sisters."""
    seal_all(at)
