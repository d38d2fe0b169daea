"""A page of the residents' door by which a case is opened: where, what, in which words, and if one likes, by whom."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.kinds import Kind
from jingwei.casework.models import Case
from jingwei.casework.pack import CaseworkSection, NoSpan
from jingwei.casework.pages import limiting
from jingwei.casework.pages.asking_form import ANONYMOUS, CONFIDENTIAL, NAMED, AskingForm
from jingwei.casework.pages.asking_where import QR, Spot, above, communities, found_by, place_of, searched, spot_of
from jingwei.casework.pages.bearing import remember
from jingwei.casework.pages.taking import not_taken
from jingwei.looks import moments
from jingwei.people.lists import NAME, REGISTERED, TELEPHONE, InformationSection
from jingwei.people.models import Person
from jingwei.policy.books import Book
from jingwei.policy.queries import book as book_of
from jingwei.running.limits import take
from jingwei.trail.actor import Actor
from jingwei.worktime import Basis, Unit

DOOR = Actor.machine(gettext_noop("residents' door"))
"""Nobody is signed in, and the case whose code one will bear is not there yet."""

SENT = "sent"
SAME = timedelta(minutes=30)
"""How long the same words from the same browser about the same place are the same case."""


class Asking:
    """One such page. A subject says what is asked for; where, who, once only and not too often is the same for all."""

    kind: ClassVar[type[Kind]]
    template: ClassVar[str]
    address: ClassVar[str]
    """The page without a place, for whoever comes by a code that is no longer in use."""
    form: ClassVar[type[AskingForm]] = AskingForm
    first_clock: ClassVar[str]
    """The clock in which it is looked at."""
    may_be: ClassVar[tuple[str, ...]] = (ANONYMOUS, NAMED, CONFIDENTIAL)

    def knows(self, book: Book, category: str) -> bool:
        """Whether the pack has such a category."""
        raise NotImplementedError

    def tiles(self, spot: Spot, book: Book) -> list[dict[str, str]]:
        """What may be chosen from: value, label and icon."""
        raise NotImplementedError

    def as_kept(self, form: AskingForm, book: Book) -> dict[str, Any]:
        """Category, grade and class of what is asked for, as `Intake` takes them."""
        raise NotImplementedError

    def called(self, form: AskingForm, book: Book) -> str:
        """What it is about, where no words say it."""
        raise NotImplementedError

    def answer(self, request: HttpRequest, token: str = "") -> HttpResponse:
        """The page, or the receipt of what was sent."""
        spot = spot_of(request, token)
        if spot is None:
            if token:
                messages.warning(request, _("This QR code is no longer in use. Say where it is below, please."))
                return redirect(self.address)
            return redirect("doorstep:front")
        at, book = timezone.now(), book_of(spot.county.pk)
        request.county, request.at = spot.county, at  # type: ignore[attr-defined]
        if request.method != "POST":
            return self._page(request, spot, book, self.form())
        return self._sent(request, spot, book, at)

    def _sent(self, request: HttpRequest, spot: Spot, book: Book, at: datetime) -> HttpResponse:
        form = self.form.read(request, lambda category: self.knows(book, category), at)
        if sentence := not_taken(request):
            form.wrong.append(("", sentence))
            return self._page(request, spot, book, form)
        if not (form.check() and form.check_listed(book[InformationSection])):
            return self._page(request, spot, book, form)
        mark = f"{self.kind.name} {form.content} {spot.place.pk if spot.place else spot.county.pk}"
        case = _sent_before(request, form, mark, at)
        if case is None:
            taken = take(request, limiting.REPORTS, at)
            if taken.refused:
                form.wrong.append(("", limiting.kept(taken, spot.county)))
                return limiting.rest(self._page(request, spot, book, form), taken)
            case = open_case(self.kind, self._intake(form, spot, book), actor=DOOR, at=at, key=form.act_key)
        remember(request, case)
        request.session[SENT] = [mark, case.pk, at.timestamp(), form.photographs]
        return redirect("doorstep:receipt")

    def _intake(self, form: AskingForm, spot: Spot, book: Book) -> Intake:
        place = place_of(form, spot)
        return Intake(
            place=place,
            title=self._title(form, str(place), book),
            source=spot.source,
            words=form.words,
            where=form.where,
            lon=form.lon,
            lat=form.lat,
            asker=_asker(form, spot, book),
            asks_back=bool(form.telephone),
            confidential=form.who == CONFIDENTIAL,
            photographs=tuple(form.photographs),
            record=self.kind.record(),
            with_code=True,
            **self.as_kept(form, book),
        )

    def _title(self, form: AskingForm, place: str, book: Book) -> str:
        """The first line of the words; without words, what it is and where, in the language of the offices."""
        if line := next((line for line in form.words.splitlines() if line.strip()), ""):
            return line
        with translation.override(settings.LANGUAGE_CODE):
            return f"{self.called(form, book)} · {place}"

    def _page(self, request: HttpRequest, spot: Spot, book: Book, form: AskingForm) -> HttpResponse:
        information = book[InformationSection]
        words = "" if spot.place else searched(request)
        context = {
            "spot": spot,
            "form": form,
            "by_code": spot.source == QR,
            "above": above(spot.place) if spot.place else "",
            "categories": self.tiles(spot, book),
            "category": form.category.partition(".")[0],
            "who": [option for option in _who() if option["value"] in self.may_be],
            "asks": {key: information.lists(key) for key in REGISTERED},
            "kept_days": max(information.term(NAME.key), information.term(TELEPHONE.key)).days,
            "within": _within(book, self.kind, self.first_clock),
            "searched": words,
            "found": found_by(spot, words),
            "communities": [] if spot.place else [("", _("Not sure")), *communities(spot)],
        }
        return render(request, self.template, context, status=422 if form.wrong else 200)


def _who() -> list[dict[str, str]]:
    return [
        {"value": ANONYMOUS, "label": _("Without my name"), "hint": _("You get a code to look it up by.")},
        {"value": NAMED, "label": _("With my name or number"), "hint": _("You will be rung up and asked.")},
        {
            "value": CONFIDENTIAL,
            "label": _("Leave it, but keep it confidential"),
            "hint": _("Only those who handle it see it."),
        },
    ]


def _sent_before(request: HttpRequest, form: AskingForm, mark: str, at: datetime) -> Case | None:
    """The case this browser opened with the same words a moment ago.

    Trap: the form's key does not catch whoever goes back and sends again, since the cookie that came with the
    receipt makes a browser fetch the form anew, with another key and without its photographs.
    """
    sent, pk, moment, photographs = request.session.get(SENT, ("", 0, 0.0, []))
    same = sent == mark and set(form.photographs) <= set(photographs)
    return Case.objects.filter(pk=pk).first() if same and at.timestamp() - moment < SAME.total_seconds() else None


def _asker(form: AskingForm, spot: Spot, book: Book) -> Person | None:
    if form.who == ANONYMOUS:
        return None
    return Person.named(spot.county.pk, form.name, form.telephone, purpose=Person.ASKER, ground="request", book=book)


def _within(book: Book, kind: type[Kind], clock: str) -> str:
    """How soon it is looked at, in words; empty where the pack does not say."""
    try:
        span = book[CaseworkSection].span(kind.name, clock)
    except NoSpan:
        return ""
    if span.basis is Basis.PLAIN:
        return _("Looked at within %(span)s") % {"span": moments.span(span.length(timedelta(days=1)))}
    if span.unit is Unit.DAY:
        said = ngettext(
            "Looked at within %(count)d working day", "Looked at within %(count)d working days", span.amount
        )
        return said % {"count": span.amount}
    return _("Looked at within %(span)s of working time") % {"span": moments.span(span.length(timedelta()))}
