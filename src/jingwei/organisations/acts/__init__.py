"""Every write to organisations and posts; each an act of one day, with its line in the trail."""

from jingwei.organisations.acts.appointing import KeptApart, appoint, dismiss
from jingwei.organisations.acts.founding import found_from_pack

__all__ = ["KeptApart", "appoint", "dismiss", "found_from_pack"]
