"""The outbox's tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Messages, used keys, rounds."""

    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("topic", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=200, unique=True)),
                ("payload", models.JSONField()),
                ("due_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(db_default=0)),
                (
                    "fault",
                    models.CharField(blank=True, db_default="", help_text="class of the last error", max_length=200),
                ),
                ("stuck", models.BooleanField(db_default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("due_at"),
                        models.F("id"),
                        name="outbox_waiting",
                        condition=models.Q(("stuck", False)),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UsedKey",
            fields=[
                ("key", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("put_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("task", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("ran_at", models.DateTimeField()),
                ("fault", models.CharField(blank=True, db_default="", max_length=200)),
            ],
        ),
    ]
