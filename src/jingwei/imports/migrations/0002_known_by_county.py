"""A row is known again by its county: two counties may be sent the same numbers by one hotline."""

from typing import Any

from django.db import migrations, models


def name_the_only_county(apps: Any, _schema: Any) -> None:
    """What was brought in while one county worked here was brought in for it."""
    counties = list(apps.get_model("policy", "County").objects.values_list("code", flat=True)[:2])
    if len(counties) == 1:
        for name in ("Run", "Known"):
            apps.get_model("imports", name).objects.update(county=counties[0])


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_first"), ("policy", "0001_first")]

    operations = [
        migrations.AddField(
            "run",
            "county",
            models.CharField(
                blank=True, default="", help_text="the county it was for; empty where none stands", max_length=6
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "known", "county", models.CharField(blank=True, default="", max_length=6), preserve_default=False
        ),
        migrations.RunPython(name_the_only_county, migrations.RunPython.noop),
        migrations.RemoveConstraint("known", "imported_row_is_known_once"),
        migrations.AddConstraint(
            "known",
            models.UniqueConstraint(
                fields=["importer", "county", "source", "number"], name="imported_row_is_known_once"
            ),
        ),
    ]
