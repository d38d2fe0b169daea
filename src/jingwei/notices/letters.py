"""Notices as mail: plain words, a link, and a name by which a repetition is known."""

import hashlib
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from jingwei.notices.links import address, paths
from jingwei.notices.models import Notice
from jingwei.notices.resting import asking
from jingwei.notices.words import headings, sentence

TIME_OUT = 10
"""Seconds the mail server has for each answer; without it a dead one would hold the worker for ever."""

LINES = 60
"""Notices a digest lists; the rest it counts."""


def letter(notice: Notice, to: str, *, key: str) -> EmailMessage:
    """The mail about one notice, in the language of the house."""
    with override(settings.LANGUAGE_CODE):
        subject = f"{headings(notice.county_id)[notice.event]} · {notice.label}"
        body = [sentence(notice), _("For: %(post)s") % {"post": notice.post.full_title}, address(notice)]
        return _mail(subject, body, to, key)


def digest(notices: Sequence[Notice], to: str, *, key: str) -> EmailMessage:
    """One mail about everything that could wait until this morning, in the language of the house."""
    with override(settings.LANGUAGE_CODE):
        subject = ngettext("%(count)s notice to read", "%(count)s notices to read", len(notices)) % {
            "count": len(notices)
        }
        leads = paths(notices[:LINES])
        body = [f"{sentence(one)}\n{settings.BASE_URL}{leads[one.pk]}" for one in notices[:LINES]]
        if len(notices) > LINES:
            body.append(_("And %(count)s more at the desk.") % {"count": len(notices) - LINES})
        return _mail(subject, body, to, key)


def send(mail: EmailMessage) -> None:
    """Hand the mail to the mail server, or raise."""
    with asking(f"mail {settings.EMAIL_HOST}"):
        mail.connection = get_connection(timeout=TIME_OUT)
        mail.send()


def message_id(key: str) -> str:
    """The Message-ID of the mail sent under `key`, the same however often it is tried."""
    name = hashlib.sha256(key.encode()).hexdigest()[:40]
    return f"<{name}@{urlsplit(settings.BASE_URL).hostname or 'jingwei'}>"


def _mail(subject: str, body: Sequence[str], to: str, key: str) -> EmailMessage:
    parts = [*body, _("This mail was sent by the system; nobody reads answers to it.")]
    headers = {"Message-ID": message_id(key), "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, "\n\n".join(parts) + "\n", to=[to], headers=headers)
