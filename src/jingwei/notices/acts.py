"""Telling a post something, once; and noting that somebody at the post has read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils import timezone

from jingwei.notices.models import Notice
from jingwei.organisations.models import Post
from jingwei.outbox.acts import putting
from jingwei.policy.books import Book
from jingwei.policy.notices import Channel, Event, NoticesSection
from jingwei.policy.queries import book
from jingwei.strokes.stroke import Clause, Stroke

AT_ONCE = 200
"""Notices that one message of the outbox spreads."""

_TOLD = """
SELECT * FROM jsonb_to_recordset(%s::jsonb) AS told(
    county text, post bigint, event text, subject_type text, subject_id bigint, label text, facts jsonb,
    at timestamptz, digest_at timestamptz, key text, travels boolean
)
"""

_KEPT = """
INSERT INTO notices_notice
    (county_id, post_id, event, subject_type, subject_id, label, facts, at, digest_at, key)
SELECT county, post, event, subject_type, subject_id, label, facts, at, digest_at, key FROM {0} ORDER BY key
ON CONFLICT (key) DO NOTHING
RETURNING id, key
"""  # one order for all writers: no deadlock

_SPREAD = f"""
SELECT 'notice.spread' AS topic, 'notice.spread:' || min(id) AS key, min(at) AS at, min(at) AS due,
       jsonb_build_object('notices', jsonb_agg(id ORDER BY id)) AS payload
FROM (SELECT k.id, t.at, (row_number() OVER (ORDER BY k.id) - 1) / {AT_ONCE} AS portion
      FROM {{1}} k JOIN (SELECT DISTINCT key, at FROM {{0}} WHERE travels) t USING (key)) AS travelling
GROUP BY portion
"""

NOTICES = Clause("notices", (_TOLD, _KEPT, _SPREAD, *putting("{2}", "{3}")), counts=1)
"""Notices that are kept with the rows of an act, and the messages that spread them; see `tell_with`."""


@dataclass(frozen=True)
class Telling:
    """What is told to whom. `key` says which happening this is ("case.overdue:4711:2"; at most 150)."""

    event: Event
    post: Post
    subject: tuple[str, int]
    label: str
    at: datetime
    key: str
    due: datetime | None = None


def tell(
    event: Event,
    post: Post,
    *,
    subject: tuple[str, int],
    label: str,
    at: datetime,
    key: str,
    due: datetime | None = None,
) -> None:
    """Tell `post` of `event`, in the caller's transaction, by the channels its county has switched on.

    `label` names the matter without personal data. Told twice under one `key`, it is told once.
    """
    tell_many([Telling(event, post, subject, label, at, key, due)])


def tell_many(tellings: Iterable[Telling]) -> int:
    """Tell all of it, in as many queries for a thousand as for one and county; how many were new."""
    told = list(tellings)
    posts = {id(telling.post): telling.post for telling in told}
    prefetch_related_objects(list(posts.values()), "organisation")
    books = {code: book(code) for code in {_county(telling) for telling in told}}
    stroke = Stroke()
    for telling in told:
        tell_with(stroke, telling, books[_county(telling)])
    return stroke.write().get("notices", 0)


def tell_with(stroke: Stroke, telling: Telling, pack: Book) -> None:
    """Tell it with the rows of an act, by what the county's `pack` says of its event today."""
    section = pack[NoticesSection]
    if section.channels_for(telling.event):
        stroke.say(NOTICES, _row(telling, section))


def mark_read(post: Post, *, person_id: int, at: datetime, up_to: int | None = None) -> int:
    """Note that a person at `post` has read its notices, those numbered up to `up_to` only; how many."""
    unread = Notice.objects.filter(post=post, read_at=None)
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=at, read_by_id=person_id)


def next_digest(at: datetime, hour: int) -> datetime:
    """The first moment after `at` at which the clock of the house says `hour`."""
    today = timezone.localtime(at).replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today > at else today + timedelta(days=1)


def _row(telling: Telling, section: NoticesSection) -> dict[str, object]:
    line = section.events[telling.event]
    waits = line.digest and Channel.MAIL in section.channels_for(telling.event)
    return {
        "county": _county(telling),
        "post": telling.post.pk,
        "event": telling.event.value,
        "subject_type": telling.subject[0],
        "subject_id": telling.subject[1],
        "label": " ".join(telling.label.split())[:200],  # a line break would be refused in a mail's subject
        "facts": {"due": telling.due.isoformat()} if telling.due else {},
        "at": telling.at,
        "digest_at": next_digest(telling.at, section.digest_hour) if waits else None,
        "key": telling.key,
        "travels": _travels(section, telling.event),
    }


def _county(telling: Telling) -> str:
    return telling.post.organisation.county_id


def _travels(section: NoticesSection, event: Event) -> bool:
    """Whether anything leaves the house before the digest."""
    by = set(section.channels_for(event)) - {Channel.PAGE}
    return bool(by - {Channel.MAIL} if section.events[event].digest else by)
