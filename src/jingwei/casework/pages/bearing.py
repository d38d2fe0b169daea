"""Who bears a case's code: proved once, remembered for the session; guessing is slowed, not a house locked out."""

from datetime import datetime

from django.http import HttpRequest

from jingwei.casework.models import Case
from jingwei.casework.pages.limiting import GUESSES
from jingwei.casework.queries import case_by_code
from jingwei.running.limits import Taken, give_back, take

CURRENT, BORNE = "case", "cases"
MOST_BORNE = 20


class TooManyWrong(Exception):
    """Codes are not found by trying: whoever sent many wrong ones rests before the next; `taken` says how long."""

    def __init__(self, taken: Taken) -> None:
        super().__init__("too many wrong codes")
        self.taken = taken


def remember(request: HttpRequest, case: Case) -> None:
    """Let this session speak for `case`, and turn to it."""
    borne = [pk for pk in request.session.get(BORNE, []) if pk != case.pk]
    request.session[BORNE] = [*borne, case.pk][-MOST_BORNE:]
    request.session[CURRENT] = case.pk


def turned_to(request: HttpRequest) -> Case | None:
    """The case this session has turned to by its code; None where there is none."""
    pk = request.session.get(CURRENT)
    return Case.objects.select_related("place", "main", "county", "parent").filter(pk=pk).first() if pk else None


def bears(request: HttpRequest, case_id: int) -> bool:
    """Whether this session has shown the code of the case."""
    return case_id in request.session.get(BORNE, [])


def by_code(request: HttpRequest, code: str, at: datetime) -> Case | None:
    """The case of a code, remembered for the session; None for a wrong one. Raises TooManyWrong.

    Every try takes from the limit before it is looked at, and a right one gives back: tries sent all at once
    would otherwise be looked at before the first is counted.
    """
    case = case_by_code(code[:40])
    if case is None or not bears(request, case.pk):
        taken = take(request, GUESSES, at)
        if taken.refused:
            raise TooManyWrong(taken)
        if case is None:
            return None
        give_back(taken)
    remember(request, case)
    return case
