"""The form by which an administrator invites somebody: her name, the name she signs in with, and her post."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.accounts.acts import Asked, invite
from jingwei.accounts.models import Account
from jingwei.accounts.pack import rules_of
from jingwei.accounts.sitting import Sitting
from jingwei.organisations.acts import appoint
from jingwei.organisations.models import Post
from jingwei.people.acts import take_in
from jingwei.people.models import Person

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


class Posts(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Posts by their full title."""

    def label_from_instance(self, obj: Any) -> str:
        """The title with its organisation."""
        return str(obj.full_title)


class Invitation(forms.Form):
    """Whom, under which name, for which post."""

    name = forms.CharField(max_length=40, label=gettext_lazy("Name"))
    username = forms.CharField(
        max_length=40,
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("Small letters, digits, . _ -; at least 3. For one person alone, and for good."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    telephone = forms.CharField(max_length=20, required=False, label=gettext_lazy("Telephone for work"))
    email = forms.EmailField(required=False, label=gettext_lazy("Mail address for notices"))
    post = Posts(Post.objects.none(), required=False, label=gettext_lazy("Post"), empty_label=gettext_lazy("None yet"))

    def __init__(self, *said: Any, posts: QuerySet[Post], person: Person | None = None) -> None:
        super().__init__(*said)
        self.person = person
        if person is not None:  # who holds a post already is known by name and number
            for name in ("name", "telephone", "post"):
                del self.fields[name]
            return
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]

    def clean_username(self) -> str:
        """A name that can be read out and typed anywhere, and that nobody has."""
        said = str(self.cleaned_data["username"]).strip()
        if not USERNAME.fullmatch(said):
            raise ValidationError(_("A user name has 3 to 40 small letters, digits and . _ - in it."))
        if Account.objects.filter(username__iexact=said).exists():
            raise ValidationError(_("This user name is taken. Choose another, such as the name with a number."))
        return said

    @transaction.atomic
    def invite(self, sitting: Sitting, at: datetime) -> tuple[Account, str]:
        """The person, her account, her appointment: all or nothing. Gives the first password too."""
        said, county = self.cleaned_data, sitting.post.organisation.county
        kept = self.person or self._taken_in(sitting, at)
        asked = Asked(said["username"], kept.pk, said["email"])
        account, first = invite(asked, rules=rules_of(county), actor=sitting.actor, at=at)
        if said.get("post"):
            appoint([(said["post"], kept.pk)], actor=sitting.actor, at=at)
        return account, first

    def _taken_in(self, sitting: Sitting, at: datetime) -> Person:
        said, county = self.cleaned_data, sitting.post.organisation.county
        person = Person.named(county.code, said["name"], said["telephone"], purpose=Person.OFFICIAL, ground="contract")
        [kept] = take_in([person], county, actor=sitting.actor, at=at)
        return kept
