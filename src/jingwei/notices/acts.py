"""Telling a post something, once; and noting that somebody at the post has read it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from jingwei.notices.models import Notice
from jingwei.organisations.models import Post
from jingwei.outbox.acts import put
from jingwei.policy.notices import Channel, Event, NoticesSection
from jingwei.policy.queries import book

AT_ONCE = 200
"""Notices that one message of the outbox spreads."""

WRITE = """
INSERT INTO notices_notice
    (county_id, post_id, event, subject_type, subject_id, label, facts, at, digest_at, key)
SELECT county, post, event, subject_type, subject_id, label, facts::jsonb, at, digest_at, key
FROM unnest(
    %s::text[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[],
    %s::timestamptz[], %s::timestamptz[], %s::text[]
) AS told(county, post, event, subject_type, subject_id, label, facts, at, digest_at, key)
ON CONFLICT (key) DO NOTHING
RETURNING id, event, county_id
"""


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


@transaction.atomic(savepoint=False)
def tell_many(tellings: Iterable[Telling]) -> int:
    """Tell all of it, in as many queries for a thousand as for one and county; how many were new."""
    told = sorted(tellings, key=lambda telling: telling.key)  # one order for all writers: no deadlock
    posts = {id(telling.post): telling.post for telling in told}
    prefetch_related_objects(list(posts.values()), "organisation")
    sections = {code: book(code)[NoticesSection] for code in {_county(telling) for telling in told}}
    rows = [
        _row(telling, sections[_county(telling)])
        for telling in told
        if sections[_county(telling)].channels_for(telling.event)
    ]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])
        fresh = cursor.fetchall()
    travelling = [pk for pk, event, county in fresh if _travels(sections[county], Event(event))]
    for ids in _portions(travelling):
        put("notice.spread", {"notices": list(ids)}, key=f"notice.spread:{ids[0]}", at=told[0].at)
    return len(fresh)


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


def _row(telling: Telling, section: NoticesSection) -> tuple[object, ...]:
    facts = {"due": telling.due.isoformat()} if telling.due else {}
    line = section.events[telling.event]
    waits = line.digest and Channel.MAIL in section.channels_for(telling.event)
    return (
        _county(telling),
        telling.post.pk,
        telling.event.value,
        *telling.subject,
        " ".join(telling.label.split())[:200],  # a line break would be refused in a mail's subject
        json.dumps(facts),
        telling.at,
        next_digest(telling.at, section.digest_hour) if waits else None,
        telling.key,
    )


def _county(telling: Telling) -> str:
    return telling.post.organisation.county_id


def _travels(section: NoticesSection, event: Event) -> bool:
    """Whether anything leaves the house before the digest."""
    by = set(section.channels_for(event)) - {Channel.PAGE}
    return bool(by - {Channel.MAIL} if section.events[event].digest else by)


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
