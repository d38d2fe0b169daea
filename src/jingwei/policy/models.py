"""Editions of packs, stored whole, and the county each speaks for."""

from django.db import models

from jingwei.policy.sections import in_language


class Edition(models.Model):
    """All that a pack said when a county adopted it, known by its digest; never changed, never deleted.

    Cases point to the edition whose spans, categories and rules they were opened under.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    pack = models.CharField(max_length=60)
    document = models.JSONField()
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="edition_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.digest[:12]}"


class County(models.Model):
    """A county at work in this installation, and the edition it works by today."""

    code = models.CharField(primary_key=True, max_length=6)
    name = models.CharField(max_length=60)
    english = models.CharField(max_length=80, blank=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="counties")

    class Meta:
        verbose_name_plural = "counties"
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^[0-9]{6}$"), name="county_code_of_six_digits"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.english)
