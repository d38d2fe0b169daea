"""What is done with personal data: shown, handed over, assessed, erased."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_first"),
        ("policy", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_post", models.BigIntegerField()),
                ("by_title", models.CharField(max_length=200)),
                ("subject", models.CharField(help_text="what was assessed", max_length=120)),
                ("occasion", models.CharField(max_length=20)),
                (
                    "necessity",
                    models.TextField(help_text="whether purpose and manner are lawful, proper and necessary"),
                ),
                ("risks", models.TextField(help_text="what it does to the rights of those concerned")),
                (
                    "measures",
                    models.TextField(help_text="whether the measures of protection are lawful and fit the risk"),
                ),
                ("outcome", models.CharField(max_length=20)),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.county"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sharing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_post", models.BigIntegerField()),
                ("by_title", models.CharField(max_length=200)),
                ("sort", models.CharField(max_length=10)),
                ("recipient", models.CharField(max_length=120)),
                ("purpose", models.CharField(max_length=200)),
                ("ground", models.CharField(max_length=120)),
                ("fields", models.JSONField(default=list, help_text="keys of the information list")),
                ("records", models.PositiveIntegerField(default=0)),
                ("covered", models.BooleanField(default=True, help_text="numbers were handed over covered")),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.county"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["county", "-at"], name="sharing_newest")],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("field", models.CharField(max_length=48)),
                ("at", models.DateTimeField()),
                ("why", models.CharField(max_length=10)),
                ("rule", models.CharField(help_text="the term as the list gave it, such as 365 days", max_length=60)),
                ("pieces", models.PositiveIntegerField(default=1, help_text="how many values went")),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.county"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.edition"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="tombstone_of")],
            },
        ),
        migrations.CreateModel(
            name="Unmasking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_person", models.BigIntegerField()),
                ("by_post", models.BigIntegerField()),
                ("by_title", models.CharField(max_length=200)),
                ("about", models.CharField(help_text="the number of the case it was needed for", max_length=40)),
                ("reason", models.CharField(help_text="a key of the county's list of reasons", max_length=48)),
                ("words", models.TextField()),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.county"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unmaskings", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["county", "-at"], name="unmasking_newest")],
            },
        ),
    ]
