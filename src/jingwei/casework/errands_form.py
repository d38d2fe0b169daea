"""A form with rows of errands: words, a post and a day, or none of the three."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.errands import Errand
from jingwei.casework.kinds import Word
from jingwei.organisations.models import Post


def day_input() -> forms.DateInput:
    """Trap: a browser shows nothing in a field of days that is filled in the language's own way of writing them."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post, told with its organisation."""

    def label_from_instance(self, post: Post) -> str:
        """Its full title."""
        return post.full_title


class ErrandsForm(forms.Form):
    """Up to `most` errands; what a row is called and who carries it out, and what is said of one half filled in."""

    most: ClassVar[int]
    row: ClassVar[Word]
    by: ClassVar[Word] = gettext_lazy("Carried out by")
    half: ClassVar[Word]

    def draw_rows(self, owners: QuerySet[Post]) -> None:
        """The fields of each row; `owners` are the posts one may choose among."""
        for n in range(1, self.most + 1):
            self.fields[f"words_{n}"] = forms.CharField(
                label=str(self.row) % {"n": n}, max_length=400, required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
            self.fields[f"owner_{n}"] = PostField(owners, label=self.by, required=False, empty_label=_("Choose a post"))
            self.fields[f"until_{n}"] = forms.DateField(label=_("Until"), required=False, widget=day_input())

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each row, side by side."""
        return [(self[f"words_{n}"], self[f"owner_{n}"], self[f"until_{n}"]) for n in range(1, self.most + 1)]

    def clean(self) -> dict[str, Any]:
        """A row has words, a post and a day to come, or none of the three."""
        said = super().clean() or {}
        for n in range(1, self.most + 1):
            given = [said.get(f"{name}_{n}") for name in ("words", "owner", "until")]
            if any(given) and not all(given):
                missing = next(name for name, one in zip(("words", "owner", "until"), given, strict=True) if not one)
                self.add_error(f"{missing}_{n}", str(self.half))
            elif given[2] and given[2] < timezone.localdate():
                self.add_error(f"until_{n}", _("This day is over; give one to come."))
        return said

    def errands(self) -> tuple[Errand, ...]:
        """The rows that were filled in."""
        said = self.cleaned_data
        return tuple(
            Errand(said[f"words_{n}"], said[f"owner_{n}"], said[f"until_{n}"])
            for n in range(1, self.most + 1)
            if said.get(f"words_{n}")
        )
