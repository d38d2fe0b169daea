"""Persons: officials who hold posts, and residents who asked to be answered; and what was done with their data."""

from typing import Self

from django.db import models

from jingwei.people.keys import keyring
from jingwei.people.lists import NAME, STAFF_NAME, STAFF_TELEPHONE, TELEPHONE, Personal, refuse_unlisted
from jingwei.people.locked import COLUMNS, Column, LockedText
from jingwei.people.numbers import only_digits
from jingwei.policy.books import Book
from jingwei.policy.queries import book as book_of


def masked_telephone(number: str) -> str:
    """A telephone number as most may see it: its first three and last four digits."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "****"


def marks_of(telephone: str) -> list[str]:
    """The marks under which a number may stand, for `telephone_mark__in`; dashes and blanks do not matter."""
    return keyring().marks(only_digits(telephone), "telephone")


def masked_name(name: str) -> str:
    """A name as most may see it: its first character."""
    return f"{name[:1]}**" if name else ""


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
    def named(
        cls, county_id: str, name: str, telephone: str = "", *, purpose: str, ground: str, book: Book | None = None
    ) -> Self:
        """A new, unsaved person with `name` and `telephone` locked.

        `book` is the county's, where it is at hand already. Raises NotOnTheList for a field the county does not keep.
        """
        person = cls(county_id=county_id, purpose=purpose, ground=ground)
        said = [field for field, value in zip(fields_of(purpose), (name, telephone), strict=True) if value]
        if said:
            refuse_unlisted(book or book_of(county_id), *said)
        person.rename(name)
        person.renumber(telephone)
        return person

    def rename(self, name: str) -> None:
        """Lock another name; empty takes it away. Saves nothing."""
        self.name_locked = keyring().lock(name, "name") if name else None

    def renumber(self, telephone: str) -> None:
        """Lock another telephone number, with the mark that finds it; empty takes both away. Saves nothing."""
        self.telephone_locked = keyring().lock(telephone, "telephone") if telephone else None
        self.telephone_mark = keyring().mark(only_digits(telephone), "telephone") if telephone else ""

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

    @property
    def masked_name(self) -> str:
        """The name as most may see it, `赵**`; empty where none was given."""
        return masked_name(self.name) if self.name_locked else ""


COLUMNS += [
    Column("people_person", "name_locked", "name", binary=True),
    Column("people_person", "telephone_locked", "telephone", binary=True, marked="telephone_mark", marks=only_digits),
]


def fields_of(purpose: str) -> tuple[Personal, Personal]:
    """The fields of the information list that the name and the telephone of a person are."""
    return (NAME, TELEPHONE) if purpose == Person.ASKER else (STAFF_NAME, STAFF_TELEPHONE)


class Unmasking(models.Model):
    """One showing of a covered name or number: to which post, of what, for what reason. The auditor counts them."""

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="unmaskings")
    at = models.DateTimeField()
    by_person = models.BigIntegerField()
    by_post = models.BigIntegerField()
    by_title = models.CharField(max_length=200)
    about = models.CharField(max_length=40, help_text="the number of the case it was needed for")
    reason = models.CharField(max_length=48, help_text="a key of the county's list of reasons")
    words = LockedText()

    class Meta:
        indexes = [models.Index(fields=["county", "-at"], name="unmasking_newest")]

    def __str__(self) -> str:
        return f"unmasking {self.pk}"


class Tombstone(models.Model):
    """What stands where personal data was: of which thing, which field, when it went, and by which rule.

    `edition` is the pack's whose list said so; `why` is term, unlisted (off the list, and its term over), or wish.
    """

    TERM, UNLISTED, WISH = "term", "unlisted", "wish"

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=48)
    at = models.DateTimeField()
    why = models.CharField(max_length=10)
    rule = models.CharField(max_length=60, help_text="the term as the list gave it, such as 365 days")
    edition = models.ForeignKey("policy.Edition", models.PROTECT, related_name="+")
    pieces = models.PositiveIntegerField(default=1, help_text="how many values went")

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="tombstone_of")]

    def __str__(self) -> str:
        return f"{self.field} of {self.subject_type} {self.subject_id}"


class Assessment(models.Model):
    """An assessment of what a way of handling personal data does to those it speaks of (PIPL 55–56); kept three years.

    An assessment is not rewritten: a later one stands beside it.
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_post = models.BigIntegerField()
    by_title = models.CharField(max_length=200)
    subject = models.CharField(max_length=120, help_text="what was assessed")
    occasion = models.CharField(max_length=20)
    necessity = LockedText(help_text="whether purpose and manner are lawful, proper and necessary")
    risks = LockedText(help_text="what it does to the rights of those concerned")
    measures = LockedText(help_text="whether the measures of protection are lawful and fit the risk")
    outcome = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"assessment {self.pk}"


class Sharing(models.Model):
    """One handing-over of personal data: to whom, what for, which fields, of how many (PIPL 21–23). Kept three years.

    `sort`: export (a list taken away), provide, entrust, joint. No value of anybody's stands in it.
    """

    EXPORT, PROVIDE, ENTRUST, JOINT = "export", "provide", "entrust", "joint"

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_post = models.BigIntegerField()
    by_title = models.CharField(max_length=200)
    sort = models.CharField(max_length=10)
    recipient = models.CharField(max_length=120)
    purpose = LockedText()
    ground = models.CharField(max_length=120)
    fields = models.JSONField(default=list, help_text="keys of the information list")
    records = models.PositiveIntegerField(default=0)
    covered = models.BooleanField(default=True, help_text="numbers were handed over covered")

    class Meta:
        indexes = [models.Index(fields=["county", "-at"], name="sharing_newest")]

    def __str__(self) -> str:
        return f"sharing {self.pk}"
