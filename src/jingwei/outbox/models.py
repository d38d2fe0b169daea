"""The outbox's rows: messages that wait, keys that were used, and when each task last came round."""

from django.db import models


class Message(models.Model):
    """Something still to be done; the row goes, in the same transaction, when it is done.

    The payload holds ids and names of templates, never what a person wrote or how she is reached.
    """

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField()
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(db_default=0)
    fault = models.CharField(max_length=200, blank=True, db_default="", help_text="class of the last error")
    stuck = models.BooleanField(db_default=False)

    class Meta:
        indexes = [models.Index("due_at", "id", name="outbox_waiting", condition=models.Q(stuck=False))]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class UsedKey(models.Model):
    """A key that was put once; it outlives its message, so that twice is once after the handling too."""

    key = models.CharField(max_length=200, primary_key=True)
    put_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class Round(models.Model):
    """When a periodic task was last run, and the class of its error where it failed."""

    task = models.CharField(max_length=200, primary_key=True)
    ran_at = models.DateTimeField()
    fault = models.CharField(max_length=200, blank=True, db_default="")

    def __str__(self) -> str:
        return self.task
