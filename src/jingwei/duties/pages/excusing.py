"""The form by which whoever answers for a unit says that nothing is owed on some days."""

from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.accounts.sitting import Sitting
from jingwei.duties.acts import NotLater, excuse
from jingwei.duties.pack import DutiesSection
from jingwei.organisations.models import Organisation, Post
from jingwei.policy.queries import book


class ExcuseForm(forms.Form):
    """From when until when, on what ground, and whether for one post only."""

    ground = forms.ChoiceField(label=_("Ground"))
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    post = forms.ModelChoiceField(
        Post.objects.none(), required=False, label=_("For one post only"), empty_label=_("The whole unit")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, unit: Organisation, data: object = None) -> None:
        super().__init__(data, initial={"key": uuid4(), "first": timezone.localdate()})  # type: ignore[arg-type]
        self.unit = unit
        grounds, post = self.fields["ground"], self.fields["post"]
        assert isinstance(grounds, forms.ChoiceField)
        assert isinstance(post, forms.ModelChoiceField)
        lines = book(unit.county_id)[DutiesSection].excuses
        grounds.choices = [(line.key, str(line)) for line in lines if not line.retired]
        post.queryset = Post.objects.filter(organisation=unit, until=None).order_by("pk")

    def give(self, sitting: Sitting) -> bool:
        """Give the excuse; False, with the fault on the form, where its days are not in order."""
        said = self.cleaned_data
        try:
            excuse(
                self.unit, said["ground"], said["first"], said["last"], post=said["post"], by=sitting.post,
                actor=sitting.actor, at=timezone.now(), key=said["key"],
            )  # fmt: skip
        except NotLater as fault:
            self.add_error("last", str(fault.sentence))
            return False
        return True
