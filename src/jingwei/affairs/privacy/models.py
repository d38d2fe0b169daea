"""What somebody asked about her own data, beside the case in which it is done."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jingwei.people.locked import LockedText


class Sort(models.TextChoices):
    """The four rights of PIPL 45–47: to see and copy, to correct, to erase, to take along."""

    SEE = "see", _("See what is kept")
    CORRECT = "correct", _("Correct what is kept")
    ERASE = "erase", _("Erase what is kept")
    TAKE_ALONG = "take_along", _("Take it along")


class Wish(models.Model):
    """One request: its sort, the matter it was shown to be about, and what is to stand instead.

    `about` is the case whose code was shown; without one, it is about every matter that came in with the telephone
    number of the request's own asker. `name` and `telephone` are the new ones, and are emptied once it is done.
    """

    case = models.OneToOneField("casework.Case", models.CASCADE, related_name="wish")
    sort = models.CharField(max_length=12, choices=Sort.choices)
    about = models.ForeignKey("casework.Case", models.SET_NULL, null=True, related_name="wishes_about")
    name = LockedText(blank=True)
    telephone = LockedText(blank=True)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.sort} by {self.case_id}"
