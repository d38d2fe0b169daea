"""Brings a demonstration to life, once: later starts of the same county add nothing."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jingwei.affairs.activities.models import Activity
from jingwei.affairs.living.around import form_alliances, hold_activities, sign_agreements
from jingwei.affairs.living.matters import open_matters
from jingwei.affairs.living.pack import LivingSection
from jingwei.affairs.living.registering import register
from jingwei.affairs.living.reports import open_reports
from jingwei.affairs.registration.models import RegisteredMember
from jingwei.casework.models import Case
from jingwei.organisations.bonds import Agreement, Alliance
from jingwei.policy import Book
from jingwei.policy.models import County
from jingwei.trail.actor import Actor

INVENTING = Actor.machine("setting up the county")


def bring_to_life(book: Book, county_code: str, *, at: datetime, progress: Callable[..., object]) -> None:
    """All that the pack invents for its demonstration, through the acts that a person's click takes."""
    said, county = book[LivingSection], County.objects.get(pk=county_code)
    if not Alliance.objects.filter(county=county).exists() and not Agreement.objects.filter(county=county).exists():
        progress(_("alliances and agreements"))
        with transaction.atomic():
            form_alliances(said.alliances, county, actor=INVENTING, at=at)
            sign_agreements(said.agreements, county, actor=INVENTING, at=at)
    if not Activity.objects.filter(county=county).exists():
        progress(_("invented activities"))
        with transaction.atomic():
            hold_activities(said.activities, county, actor=INVENTING, at=at)
    members = RegisteredMember.objects.filter(county=county)
    if said.registration is not None and not members.exists():
        with transaction.atomic():
            register(said.registration, book, county, actor=INVENTING, at=at, progress=progress)
    if not Case.objects.filter(county=county, source_system="").exists():
        progress(_("invented incidents of the last days"))
        open_reports(said.cases, book, county_code, at=at)
        open_matters(said.matters, county_code, at=at)
