"""The buckets of the limits, without a write-ahead log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The first."""

    initial = True

    operations = [
        migrations.CreateModel(
            name="Bucket",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("full_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunSQL("ALTER TABLE running_bucket SET UNLOGGED", migrations.RunSQL.noop),
    ]
