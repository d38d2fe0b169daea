"""Ground and the places on it."""

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
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("layer", models.CharField(max_length=16)),
                (
                    "code",
                    models.CharField(
                        help_text="GB/T 2260 and its continuations; own numbering beside the path",
                        max_length=24,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("english", models.CharField(blank=True, max_length=120)),
                ("path", models.CharField(db_collation="C", max_length=80)),
                ("rank", models.PositiveSmallIntegerField(default=0)),
                ("boundary", models.JSONField(blank=True, null=True)),
                ("lon", models.FloatField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("households", models.PositiveIntegerField(blank=True, null=True)),
                ("households_source", models.CharField(blank=True, max_length=120)),
                ("qr", models.CharField(max_length=10, unique=True)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "compound",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="within_compound",
                        to="places.place",
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="policy.county"
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="within_grid",
                        to="places.place",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["path", "rank"], name="place_by_path"),
                    models.Index(fields=["county", "layer"], name="place_by_layer"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("county"),
                        models.F("layer"),
                        models.F("code"),
                        models.F("since"),
                        name="place_code_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gt", models.F("since")), _connector="OR"),
                        name="place_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
