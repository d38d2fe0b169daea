"""What a county's pack says of registration: what units and members may offer to do."""

from django.utils.translation import gettext_lazy

from jingwei.policy.sections import Keyed, Section, section


class OfferLine(Keyed, frozen=True, kw_only=True):
    """Something that a unit or a member may offer: explaining policies, settling quarrels, repairs."""


class RegistrationSection(Section, frozen=True, kw_only=True):
    """The county's offers."""

    offers: tuple[OfferLine, ...] = ()

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be offered today, as (key, words)."""
        return [(line.key, str(line)) for line in self.offers if not line.retired]

    def told(self, keys: list[str]) -> list[str]:
        """What the county calls these offers; the key itself where it does not any more."""
        words = {line.key: str(line) for line in self.offers}
        return [words.get(key, key) for key in keys]


TITLES = {
    "": gettext_lazy("Double registration"),
    "offers": gettext_lazy("Offers"),
}

section("registration", RegistrationSection, titles=TITLES)
