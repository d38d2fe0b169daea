"""Whether every county has a pack that can be read."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from jingwei.policy.models import County
from jingwei.policy.queries import edition_book
from jingwei.running.gauges import Fault, look


@look("packs")
def packs_load(at: datetime) -> Iterator[Fault]:
    """There is a county, and the edition it works by loads."""
    counties = list(County.objects.values_list("code", "edition_id"))
    if not counties:
        yield Fault(_("No county has been set up yet."))
    for code, edition in counties:
        try:
            edition_book(edition)
        except Exception as error:
            said = _("The pack of county %(code)s does not load (%(fault)s).")
            yield Fault(said % {"code": code, "fault": type(error).__name__}, grave=True)
