"""A deed on one row of a table: ended by a button beside it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingwei.doors.desk.offices.drawn import Deed
from jingwei.organisations.refusals import OrganisationRefused


class OfRow(Deed):
    """A deed on one row of a table; the row's number comes with the button."""

    row = forms.IntegerField(widget=forms.HiddenInput)
    rows: Any

    def found(self, **narrowed: Any) -> Any:
        """The row, if it belongs to the thing of the page."""
        row = self.rows.objects.filter(pk=self.said["row"], **narrowed).first()
        if row is None:
            raise OrganisationRefused(str(_("This is not there any more.")))
        return row
