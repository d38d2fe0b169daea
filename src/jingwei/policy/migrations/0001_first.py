"""Editions and counties."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("pack", models.CharField(max_length=60)),
                ("document", models.JSONField()),
                ("adopted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="edition_by_digest"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="County",
            fields=[
                ("code", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("english", models.CharField(blank=True, max_length=80)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counties",
                        to="policy.edition",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "counties",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9]{6}$")), name="county_code_of_six_digits"
                    )
                ],
            },
        ),
    ]
