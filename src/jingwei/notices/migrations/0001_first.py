"""What posts were told."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first."""

    initial = True

    dependencies = [
        ("organisations", "0001_first"),
        ("people", "0001_first"),
        ("policy", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("event", models.CharField(max_length=40)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("label", models.CharField(max_length=200)),
                ("facts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "digest_at",
                    models.DateTimeField(help_text="waits for the digest of that moment; null when sent", null=True),
                ),
                ("key", models.CharField(max_length=150, unique=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.county"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="organisations.post",
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["post", "-id"], name="notice_latest"),
                    models.Index(models.F("post"), condition=models.Q(("read_at", None)), name="notice_unread"),
                    models.Index(
                        models.F("digest_at"),
                        condition=models.Q(("digest_at__isnull", False)),
                        name="notice_for_digest",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at", None), ("read_by", None)),
                            models.Q(("read_at__isnull", False), ("read_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="notice_read_by_somebody",
                    )
                ],
            },
        ),
    ]
