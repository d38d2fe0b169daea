import django.db.models.deletion
from django.db import migrations, models

AS_THEY_READ = """
UPDATE casework_clockentry e SET told_at = greatest(e.at, c.recorded_at)
FROM casework_clockrun r JOIN casework_case c ON c.id = r.case_id WHERE r.id = e.clock_id;

INSERT INTO casework_deadline (case_id, round, clock, due_at, stopped, at, until, told_at)
SELECT p.* FROM casework_case c
CROSS JOIN LATERAL (
    SELECT r.*, lead(r.since) OVER (PARTITION BY r.round, r.name ORDER BY r.run) AS anew
    FROM casework_clockrun r WHERE r.case_id = c.id AND r.name IN ('handling', 'attendance')
) r
CROSS JOIN LATERAL (
    SELECT c.id, r.round, r.name, r.due_at, false, r.since, least(r.stopped_at, r.anew), greatest(r.since, c.recorded_at)
    WHERE r.state = 'running' OR r.stopped_at IS NOT NULL
    UNION ALL
    SELECT c.id, r.round, r.name, r.due_at, true, r.stopped_at, r.anew, greatest(r.stopped_at, c.recorded_at)
    WHERE r.state = 'stopped'
) p(case_id, round, clock, due_at, stopped, at, until, told_at)
WHERE p.due_at IS NOT NULL AND (p.at IS NULL OR p.until IS NULL OR p.at < p.until)
ORDER BY c.id, r.round, r.run;

UPDATE casework_act a SET facts = a.facts || jsonb_build_object('rating', r.rating)
FROM casework_round r
WHERE r.rating_told AND r.rating IS NOT NULL AND a.id = (
    SELECT max(b.id) FROM casework_act b
    WHERE b.case_id = r.case_id AND b.round = r.number AND b.step = 'call_back'
);
"""
"""What is told of clocks from before: when each run was due as it reads today. What it said before an extension or a
hold is in the ledger, and is not made up here. A rating told on the telephone is put where it is told now, with the act.
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_waiting")]

    operations = [
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("clock", models.CharField(max_length=40)),
                ("due_at", models.DateTimeField()),
                ("stopped", models.BooleanField(default=False)),
                ("at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField()),
                ("untold_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="casework.case",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("case"), models.F("round"), name="deadlines_of_round"),
                    models.Index(models.F("due_at"), name="deadlines_by_day"),
                    models.Index(
                        models.F("until"),
                        models.F("due_at"),
                        condition=models.Q(("stopped", False)),
                        name="deadlines_not_met",
                    ),
                ],
            },
        ),
        migrations.AddField("clockentry", "told_at", models.DateTimeField(null=True)),
        migrations.RunSQL(AS_THEY_READ, ""),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", ""),
        migrations.AlterField("clockentry", "told_at", models.DateTimeField()),
    ]
