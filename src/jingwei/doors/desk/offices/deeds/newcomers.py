"""Somebody who is on nobody's file yet, taken in with the deed that names her."""

from datetime import datetime

from django.utils.translation import gettext as _

from jingwei.doors.desk.offices.drawn import Deed
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.people.acts import take_in
from jingwei.people.models import Person


def somebody_new(deed: Deed, at: datetime) -> Person:
    """Take somebody on file as an official; her name is needed, and nothing but name and telephone is kept."""
    if not deed.said["fresh"].strip():
        raise OrganisationRefused(str(_("Say who.")), "person")
    county = deed.sitting.post.organisation.county
    telephone = deed.said.get("telephone") or ""
    person = Person.named(county.pk, deed.said["fresh"].strip(), telephone, purpose=Person.OFFICIAL, ground="duty")
    return take_in([person], county, at=at, **deed.by)[0]
