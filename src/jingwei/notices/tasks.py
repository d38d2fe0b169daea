"""Carrying notices out of the house: mail and webhook at once, the digest in the morning."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from jingwei.accounts.models import Account
from jingwei.notices.letters import digest, letter, send
from jingwei.notices.links import address
from jingwei.notices.models import Notice
from jingwei.notices.pushing import push
from jingwei.notices.queries import addressees
from jingwei.notices.words import headings, sentence
from jingwei.outbox.acts import put
from jingwei.outbox.handlers import every, handler
from jingwei.policy.notices import Channel, Event, NoticesSection
from jingwei.policy.queries import book


@handler("notice.spread")
def spread(payload: dict[str, Any], *, key: str) -> None:
    """One message for each address, so that one that fails is tried again without the others."""
    for notice in Notice.objects.filter(pk__in=payload["notices"]).order_by("pk"):
        by = book(notice.county_id)[NoticesSection].channels_for(Event(notice.event))
        if Channel.MAIL in by and notice.digest_at is None:
            _put_letters(notice)
        if Channel.WEBHOOK in by and notice.county_id in settings.JINGWEI_WEBHOOK:
            put("notice.webhook", {"notice": notice.pk}, key=f"notice.webhook:{notice.key}", at=notice.at)


@handler("notice.mail")
def mail(payload: dict[str, Any], *, key: str) -> None:
    """One notice to one account; nothing where the account has been closed or has no address any more."""
    account = _open(payload["account"])
    if account is not None:
        notice = Notice.objects.select_related("post__organisation").get(pk=payload["notice"])
        send(letter(notice, account.email, key=key))


@handler("notice.digest")
def mail_digest(payload: dict[str, Any], *, key: str) -> None:
    """What waited for the morning and is still unread, to one account, in one mail."""
    account = _open(payload["account"])
    notices = list(Notice.objects.filter(pk__in=payload["notices"], read_at=None).order_by("pk"))
    if account is not None and notices:
        send(digest(notices, account.email, key=key))


@handler("notice.webhook")
def webhook(payload: dict[str, Any], *, key: str) -> None:
    """One notice to the county's relay; nothing where it has none any more. No personal data leaves."""
    notice = Notice.objects.select_related("post__organisation").get(pk=payload["notice"])
    to = settings.JINGWEI_WEBHOOK.get(notice.county_id)
    if to is not None:
        push(to, said_to_relay(notice), key=key, secret=settings.JINGWEI_WEBHOOK_SECRET)


@every(60)
def send_digests(at: datetime) -> None:
    """Put one mail for each person about all that was to wait until now.

    Looked for here, and not put with a due time by `tell`: a deed that commits just after the hour would
    find its digest gone already.
    """
    with transaction.atomic():
        due = list(Notice.objects.select_for_update(skip_locked=True).filter(digest_at__lte=at).order_by("pk"))
        Notice.objects.filter(pk__in=[notice.pk for notice in due]).update(digest_at=None)
        unread = [notice for notice in due if notice.read_at is None]
        holders = addressees({notice.post_id for notice in unread}, timezone.localdate(at))
        for account, ids in _by_account(unread, holders).items():
            put(
                "notice.digest",
                {"account": account, "notices": ids},
                key=f"notice.digest:{account}:{ids[-1]}",
                at=at,
            )


def said_to_relay(notice: Notice) -> dict[str, Any]:
    """What a relay is told: the event, the matter by number and label, the post; in the house's language."""
    with override(settings.LANGUAGE_CODE):
        return {
            "event": notice.event,
            "heading": headings(notice.county_id)[notice.event],
            "words": sentence(notice),
            "label": notice.label,
            "county": notice.county_id,
            "post": {"id": notice.post_id, "title": notice.post.full_title},
            "subject": {"type": notice.subject_type, "id": notice.subject_id},
            "at": timezone.localtime(notice.at).isoformat(),
            "due": notice.facts.get("due"),
            "link": address(notice),
        }


def _put_letters(notice: Notice) -> None:
    on = timezone.localdate(notice.at)
    for account in addressees([notice.post_id], on)[notice.post_id]:
        put(
            "notice.mail",
            {"notice": notice.pk, "account": account.pk},
            key=f"notice.mail:{notice.key}:{account.pk}",
            at=notice.at,
        )


def _by_account(notices: list[Notice], holders: dict[int, list[Account]]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = {}
    for notice in notices:
        for account in holders[notice.post_id]:
            grouped.setdefault(account.pk, []).append(notice.pk)
    return grouped


def _open(account_id: int) -> Account | None:
    return Account.objects.filter(pk=account_id, is_active=True).exclude(email="").first()
