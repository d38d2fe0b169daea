"""Persons: officials who hold posts, and residents who asked to be answered."""

from typing import Self

from django.db import models

from jingwei.people.keys import keyring


def masked_telephone(number: str) -> str:
    """A telephone number as most may see it: its first three and last four digits."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****"


class Person(models.Model):
    """A person of whom something is kept, with the purpose, the ground in law and the term (PIPL 6, 13, 19).

    Name and telephone are locked (see `keys`); `telephone_mark` finds an equal number.
    """

    OFFICIAL, ASKER = "official", "asker"

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=16)
    ground = models.CharField(max_length=40, help_text="why this may be kept: duty, request, consent")
    name_locked = models.BinaryField(null=True)
    telephone_locked = models.BinaryField(null=True)
    telephone_mark = models.CharField(max_length=64, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["county", "telephone_mark"],
                name="person_by_mark",
                condition=~models.Q(telephone_mark=""),
            )
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"  # never the name: this string reaches logs

    @classmethod
    def named(cls, county_id: str, name: str, telephone: str = "", *, purpose: str, ground: str) -> Self:
        """A new, unsaved person with `name` and `telephone` locked."""
        keys = keyring()
        return cls(
            county_id=county_id,
            purpose=purpose,
            ground=ground,
            name_locked=keys.lock(name, "name") if name else None,
            telephone_locked=keys.lock(telephone, "telephone") if telephone else None,
            telephone_mark=keys.mark(telephone, "telephone") if telephone else "",
        )

    @property
    def name(self) -> str:
        """The person's name in clear; empty where none was given or it was erased."""
        return keyring().unlock(bytes(self.name_locked), "name") if self.name_locked else ""

    @property
    def telephone(self) -> str:
        """The telephone number in clear; empty where none was given or it was erased."""
        return keyring().unlock(bytes(self.telephone_locked), "telephone") if self.telephone_locked else ""

    @property
    def masked_telephone(self) -> str:
        """The number as most may see it, `138****6021`; empty where none was given."""
        return masked_telephone(self.telephone) if self.telephone_locked else ""
