"""Who is told of what happened to a case; words and channels are the pack's."""

from datetime import datetime

from jingwei.casework.models import Case
from jingwei.notices.acts import Telling, tell_many
from jingwei.organisations.models import Post
from jingwei.policy.notices import Event
from jingwei.policy.queries import edition_book


def owner(case: Case, event: Event, at: datetime, mark: str = "") -> None:
    """Tell the post that owes the case."""
    if case.owner is not None:
        post(case, case.owner, event, at, mark)


def post(case: Case, to: Post, event: Event, at: datetime, mark: str = "") -> None:
    """Tell a post of `event`; once for each version of the case."""
    tell_many([telling(case, to, event, at, mark)])


def telling(case: Case, to: Post, event: Event, at: datetime, mark: str = "") -> Telling:
    """What is told to a post of `event`; `mark` says which happening it is, by default the case's version."""
    key = f"case:{case.pk}:{event.value}:{to.pk}:{mark or case.version}"
    return Telling(event, to, ("case", case.pk), label_of(case), at, key, case.due_at)


def label_of(case: Case) -> str:
    """How a case is named in mail and webhook: number, sort and place, never a resident's words."""
    sorts = case.of_kind.words(edition_book(case.edition_id)).get("category", {})
    sort = sorts.get(case.category) or str(case.of_kind.title)
    return f"{case.number} {sort} · {case.place.name}"
