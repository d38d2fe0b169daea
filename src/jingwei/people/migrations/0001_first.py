"""Persons, with name and telephone locked."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first."""

    initial = True

    dependencies = [
        ("policy", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("purpose", models.CharField(max_length=16)),
                (
                    "ground",
                    models.CharField(help_text="why this may be kept: duty, request, consent", max_length=40),
                ),
                ("name_locked", models.BinaryField(null=True)),
                ("telephone_locked", models.BinaryField(null=True)),
                ("telephone_mark", models.CharField(blank=True, max_length=64)),
                ("keep_until", models.DateField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.county"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("telephone_mark", ""), _negated=True),
                        fields=["county", "telephone_mark"],
                        name="person_by_mark",
                    )
                ],
            },
        ),
    ]
