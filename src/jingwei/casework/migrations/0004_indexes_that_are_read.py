"""Indexes that a page or an act asks; every other one only cost the writers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0003_untold"),
        ("organisations", "0001_first"),
        ("people", "0003_term_by_list"),
        ("places", "0001_first"),
        ("policy", "0001_first"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_waiting",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_by_lead",
        ),
        migrations.AlterField(
            model_name="act",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="acts", to="casework.case"
            ),
        ),
        migrations.AlterField(
            model_name="act",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="act",
            name="post",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.post",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="asker",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="asked",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="county",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="policy.county"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="edition",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.edition"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="organisations.post",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="main",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joined_to_it",
                to="casework.case",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="number",
            field=models.CharField(max_length=24),
        ),
        migrations.AlterField(
            model_name="case",
            name="opened_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="owes",
                to="organisations.post",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="parent",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="casework.case",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="place",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
            ),
        ),
        migrations.AlterField(
            model_name="clockentry",
            name="edition",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.edition"
            ),
        ),
        migrations.AlterField(
            model_name="clockrun",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="clocks", to="casework.case"
            ),
        ),
        migrations.AlterField(
            model_name="hand",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="hands", to="casework.case"
            ),
        ),
        migrations.AlterField(
            model_name="hand",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="motion",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.post",
            ),
        ),
        migrations.AlterField(
            model_name="motion",
            name="raised",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="raises", to="casework.act"
            ),
        ),
        migrations.AlterField(
            model_name="motion",
            name="settled",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="settles",
                to="casework.act",
            ),
        ),
        migrations.AlterField(
            model_name="motion",
            name="to",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="motions",
                to="organisations.post",
            ),
        ),
        migrations.AlterField(
            model_name="round",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="casework.case"
            ),
        ),
        migrations.AlterField(
            model_name="standing",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.post",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("is_open", True)), fields=["due_at", "-id"], name="case_by_due"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(models.F("asker"), condition=models.Q(("asker__isnull", False)), name="case_of_asker"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("parent"), condition=models.Q(("parent__isnull", False)), name="case_of_parent"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(models.F("main"), condition=models.Q(("main__isnull", False)), name="case_joined"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("number",), name="case_number_once"),
        ),
    ]
