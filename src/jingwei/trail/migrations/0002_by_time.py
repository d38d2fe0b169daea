"""The trail found by time: an auditor asks for days. A block index, which costs the writers next to nothing."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    """By time."""

    dependencies = [("trail", "0001_first")]

    operations = [
        migrations.AddIndex("line", BrinIndex(fields=["written_at"], name="trail_by_time", pages_per_range=32)),
    ]
