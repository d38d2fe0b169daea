"""Where each county's notices are pushed to, as the environment says."""

from urllib.parse import urlsplit


class BadWebhook(ValueError):
    """A webhook is a county's code, an equals sign and an http or https address."""


def webhooks(said: str) -> dict[str, str]:
    """County code to address, from `990121=https://relay.example/notices 990122=…`. Raises BadWebhook."""
    found: dict[str, str] = {}
    for pair in said.split():
        county, _, address = pair.partition("=")
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or county in found:
            raise BadWebhook(
                f"JINGWEI_WEBHOOK should read like «990121=https://relay.example/notices», "
                f"each county once, not «{county}=…»."
            )
        found[county] = address
    return found
