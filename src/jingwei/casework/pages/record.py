"""Whether a form arrived whole: its first field says that there is a last one, and what all of them come to.

Without a script the first field, `record`, says only `open`, and the last one, `whole`, must be there. With one,
`record` is the SHA-256 over all other fields, so that a single lost character is noticed.
"""

from hashlib import sha256
from urllib.parse import quote

from django.http import HttpRequest, QueryDict
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

FIRST, LAST, OPEN = "record", "whole", "open"
PLAIN = "-_.!~*'()"
"""What encodeURIComponent leaves as it is, beside letters and digits (ECMA-262, 19.2.6.4)."""


def not_whole(request: HttpRequest) -> str:
    """The sentence for a form that was cut on its way; empty for a whole one, and for one of another page."""
    said = request.POST.get(FIRST)
    if said is None:
        return ""
    ended = request.POST.get(LAST) == "1"
    if ended and (said == OPEN or constant_time_compare(said, digest(request.POST))):
        return ""
    return _("The form did not arrive whole, so nothing was done. Send it once more.")


def digest(fields: QueryDict) -> str:
    """The SHA-256 over all fields but `record`: by name, then in their order, written as in an address.

    Line ends count as one sign, for browsers write them as two on the way.
    """
    pairs = [(name, value) for name, values in sorted(fields.lists()) if name != FIRST for value in values]
    written = "&".join(f"{quote(name, PLAIN)}={quote(_lines(value), PLAIN)}" for name, value in pairs)
    return sha256(written.encode()).hexdigest()


def _lines(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")
