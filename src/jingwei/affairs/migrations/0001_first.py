"""Requests about one's own data."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first."""

    initial = True

    dependencies = [
        ("casework", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("see", "See what is kept"),
                            ("correct", "Correct what is kept"),
                            ("erase", "Erase what is kept"),
                            ("take_along", "Take it along"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.TextField(blank=True)),
                ("telephone", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="wishes_about",
                        to="casework.case",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wish", to="casework.case"
                    ),
                ),
            ],
        ),
    ]
