"""Indexes that a page asks; every other one only cost the writers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_first"),
        ("organisations", "0001_first"),
        ("people", "0003_term_by_list"),
        ("policy", "0001_first"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="county",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.county"
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="key",
            field=models.CharField(max_length=150),
        ),
        migrations.AlterField(
            model_name="notice",
            name="post",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="organisations.post",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="read_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("key",), name="notice_once"),
        ),
    ]
