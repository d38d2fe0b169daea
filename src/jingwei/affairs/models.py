"""The rows that single affairs own; each stands in its affair's folder."""

from jingwei.affairs.activities.models import Activity, Certificate, Photograph, SignUp
from jingwei.affairs.meetings.models import Meeting, Resolved
from jingwei.affairs.privacy.models import Wish
from jingwei.affairs.promises.models import PromiseBreach
from jingwei.affairs.registration.models import RegisteredMember, RegisteredUnit, TakenPart
from jingwei.affairs.visits.models import Promised, Visit

__all__ = [
    "Activity",
    "Certificate",
    "Meeting",
    "Photograph",
    "PromiseBreach",
    "Promised",
    "RegisteredMember",
    "RegisteredUnit",
    "Resolved",
    "SignUp",
    "TakenPart",
    "Visit",
    "Wish",
]
