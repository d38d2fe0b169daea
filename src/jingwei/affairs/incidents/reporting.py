"""Reporting from the door: where it is, what it is, and if one likes, who one is. Three taps, nothing typed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.affairs.incidents.kinds import Incident
from jingwei.affairs.incidents.pack import IncidentsSection, RequestClass
from jingwei.casework.pages.asking import Asking
from jingwei.casework.pages.asking_form import AskingForm
from jingwei.casework.pages.asking_where import Spot
from jingwei.casework.pages.taking import says_if_too_large
from jingwei.policy.books import Book
from jingwei.running.limits import limited

OTHER = "other"


class Reporting(Asking):
    """Something is not right in the neighbourhood."""

    kind = Incident
    template = "incidents/report.html"
    address = "doorstep:report"
    first_clock = Incident.acceptance_clock.name

    def knows(self, book: Book, category: str) -> bool:
        """Whether it is a sort of the pack's table."""
        return book[IncidentsSection].sort(category) is not None

    def tiles(self, spot: Spot, book: Book) -> list[dict[str, str]]:
        """The pack's categories, not the sorts below them."""
        found = book[IncidentsSection].categories
        return [{"value": c.key, "label": str(c), "icon": c.icon} for c in found if not c.retired]

    def as_kept(self, form: AskingForm, book: Book) -> dict[str, Any]:
        """As the pack's table has it; what no sort claims is a request for help."""
        incidents = book[IncidentsSection]
        usual = incidents.sort(form.category) or incidents.sort(OTHER)
        return {
            "grade": usual.grade if usual else incidents.grades[0].key,
            "category": form.category,
            "request_class": str(usual.request_class if usual else RequestClass.HELP),
        }

    def called(self, form: AskingForm, book: Book) -> str:
        """The sort; without one there is a photograph."""
        sort = book[IncidentsSection].sort(form.category)
        return str(sort) if sort else _("Photograph")


class SuggestionForm(AskingForm):
    """A suggestion is words."""

    def lacking(self) -> tuple[str, str] | None:
        """Its words."""
        return None if self.words else ("id_words", _("Write a few words about what should be better."))


class Suggesting(Reporting):
    """Something should be better about the system itself."""

    template = "incidents/suggest.html"
    form = SuggestionForm

    def as_kept(self, form: AskingForm, book: Book) -> dict[str, Any]:
        """A suggestion, of whatever other sort the pack has."""
        category = OTHER if book[IncidentsSection].sort(OTHER) else form.category
        said = super().as_kept(form, book)
        return said | {"category": category, "request_class": RequestClass.SUGGESTION.value}


@limited
@require_http_methods(["GET", "HEAD", "POST"])
@says_if_too_large
def report(request: HttpRequest, token: str = "") -> HttpResponse:
    """Report something: by the QR code of a place, or from anywhere."""
    return Reporting().answer(request, token)


@limited
@require_http_methods(["GET", "HEAD", "POST"])
@says_if_too_large
def suggest(request: HttpRequest) -> HttpResponse:
    """Complaints and suggestions about this system itself (国办函〔2026〕12号 asks for this door)."""
    return Suggesting().answer(request)
