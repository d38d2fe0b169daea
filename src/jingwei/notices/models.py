"""What a post was told, kept until somebody at the post has read it and after."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One thing told to one post, once by `key`; it shows in the page, whatever else carries it.

    `label` names the matter without personal data ("WS2026000123 环境卫生·桂花苑"); `facts` holds moments
    as ISO 8601 and numbers. Read by one is read for the post, since the post owes, not a person.
    """

    county = models.ForeignKey("policy.County", models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey("organisations.Post", models.PROTECT, related_name="notices", db_index=False)
    event = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    digest_at = models.DateTimeField(null=True, help_text="waits for the digest of that moment; null when sent")
    key = models.CharField(max_length=150)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None) | Q(read_at__isnull=False, read_by__isnull=False),
                name="notice_read_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["post", "-id"], name="notice_latest"),
            models.Index("post", name="notice_unread", condition=Q(read_at=None)),
            models.Index("digest_at", name="notice_for_digest", condition=Q(digest_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.label}"
