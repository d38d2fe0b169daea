"""The field of photographs in a form of the desk, as residents have it at their door."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

MOST_PHOTOGRAPHS = 6
"""Photographs that go with one act."""


@dataclass(frozen=True)
class Pictures:
    """Photographs as a form names them: by the digests of those that went ahead, and as files of their own."""

    digests: list[str]
    files: "list[UploadedFile[bytes]]"

    def __len__(self) -> int:
        return len(self.digests) + len(self.files)


class PicturesInput(forms.Widget):
    """The house's field of photographs, as residents have it."""

    needs_multipart_form = True
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Pictures:
        """What the form says under its name."""
        named = data.getlist(f"{name}_sha256") if hasattr(data, "getlist") else data.get(f"{name}_sha256", [])
        return Pictures(list(dict.fromkeys(named)), files.getlist(name) if hasattr(files, "getlist") else [])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form says nothing of photographs."""
        return name not in files and f"{name}_sha256" not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Drawn by the page's own engine, which knows the components."""
        arrived = value.digests if isinstance(value, Pictures) else []
        context = {"name": name, "id": (attrs or {}).get("id", ""), "arrived": arrived, "most": MOST_PHOTOGRAPHS}
        return render_to_string("casework/pictures.html", context)


class PhotographsField(forms.Field):
    """Photographs; cleaned to `Pictures`, at most `MOST_PHOTOGRAPHS`."""

    widget = PicturesInput

    def clean(self, value: Any) -> Pictures:
        """The photographs handed in."""
        given = value if isinstance(value, Pictures) else Pictures([], [])
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > MOST_PHOTOGRAPHS:
            raise forms.ValidationError(gettext("At most %(n)d photographs at once.") % {"n": MOST_PHOTOGRAPHS})
        return given
