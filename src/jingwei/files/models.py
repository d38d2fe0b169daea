"""What is known of each photograph; the photograph itself lies in a folder beside the database."""

from django.db import models


class Blob(models.Model):
    """One photograph as it was handed in, known by the digest of its bytes.

    `width` and `height` are pixels: first those its header claims, once `ready_at` is set those of the
    full-size picture that is shown. `fault` holds the name of the rule it broke when it was decoded; such
    a photograph is never shown.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveIntegerField(help_text="bytes, as handed in")
    kind = models.CharField(max_length=40, help_text="media type, as handed in")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="blob_is_named_by_its_digest"
            ),
            models.CheckConstraint(
                condition=models.Q(ready_at=None) | models.Q(fault=""),
                name="blob_at_fault_is_never_ready",
            ),
        ]
        indexes = [models.Index(fields=["made_at"], name="blob_waiting", condition=models.Q(ready_at=None, fault=""))]

    def __str__(self) -> str:
        return self.sha256[:12]


class Handing(models.Model):
    """Who handed in a photograph: `hand` is a keyed digest of an account or of a browser, and is gone after a day.

    Only this hand may attach the photograph to a matter; a digest that was guessed or overheard is worth nothing.
    """

    blob = models.ForeignKey(Blob, models.CASCADE, related_name="handings")
    hand = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("blob", "hand", name="handed_in_once_by_a_hand")]
        indexes = [models.Index("at", name="handing_by_age")]

    def __str__(self) -> str:
        return f"{self.blob_id[:12]} by {self.hand[:12]}"
