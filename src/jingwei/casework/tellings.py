"""Who is told of what happened to a case; words and channels are the pack's."""

from datetime import datetime

from jingwei.casework.models import Case
from jingwei.notices.acts import tell
from jingwei.organisations.models import Post
from jingwei.policy.notices import Event
from jingwei.policy.queries import edition_book


def owner(case: Case, event: Event, at: datetime, mark: str = "") -> None:
    """Tell the post that owes the case."""
    if case.owner is not None:
        post(case, case.owner, event, at, mark)


def post(case: Case, to: Post, event: Event, at: datetime, mark: str = "") -> None:
    """Tell a post of `event`; once for each version of the case."""
    tell(
        event,
        to,
        subject=("case", case.pk),
        label=label_of(case),
        at=at,
        due=case.due_at,
        key=f"case:{case.pk}:{event.value}:{to.pk}:{mark or case.version}",
    )


def label_of(case: Case) -> str:
    """How a case is named in mail and webhook: number, sort and place, never a resident's words."""
    sorts = case.of_kind.words(edition_book(case.edition_id)).get("category", {})
    sort = sorts.get(case.category) or str(case.of_kind.title)
    return f"{case.number} {sort} · {case.place.name}"


def received(case: Case, at: datetime) -> None:
    """Something new lies on a desk."""
    owner(case, Event.ASSIGNED if case.parent_id else Event.RECEIVED, at)
