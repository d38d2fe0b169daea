"""What the worker does for personal data: carries out what was granted, and erases each day what is past its term."""

from datetime import datetime

from jingwei.affairs.privacy.acts import carry_out_granted
from jingwei.outbox.handlers import every
from jingwei.people.erasing import expire
from jingwei.policy.models import County
from jingwei.trail.actor import Actor

EXPIRY = Actor.machine("expiry of personal data")


@every(5)
def carry_out_requests(at: datetime) -> None:
    """Carry out requests about one's own data that were granted."""
    carry_out_granted(at)


@every(86400)
def erase_what_is_past(at: datetime) -> None:
    """Erase what is past its term, county by county."""
    for county in County.objects.order_by("code"):
        expire(county, actor=EXPIRY, at=at)
