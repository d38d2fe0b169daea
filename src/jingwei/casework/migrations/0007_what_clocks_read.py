from django.db import migrations, models

READ = """
UPDATE casework_clockentry e SET
    told_at = coalesce(e.at, c.recorded_at),
    reads_state = CASE e.verb WHEN 'stop' THEN 'stopped' WHEN 'pause' THEN 'paused' ELSE 'running' END,
    reads_stopped_at = CASE e.verb WHEN 'stop' THEN e.at END,
    reads_due_at = CASE
        WHEN e.verb IN ('set', 'extend') THEN e.due_at
        WHEN e.verb = 'pause' THEN NULL
        WHEN NOT EXISTS (
            SELECT FROM casework_clockentry l
            WHERE l.clock_id = e.clock_id AND l.id > e.id AND l.verb NOT IN ('stop', 'pause')
        ) THEN r.due_at
    END
FROM casework_clockrun r JOIN casework_case c ON c.id = r.case_id
WHERE r.id = e.clock_id;
UPDATE casework_clockentry e SET
    reads_state = r.state, reads_due_at = r.due_at, reads_stopped_at = r.stopped_at
FROM casework_clockrun r
WHERE r.id = e.clock_id
    AND NOT EXISTS (SELECT FROM casework_clockentry l WHERE l.clock_id = e.clock_id AND l.id > e.id);
"""
"""What is told of entries from before: the last reads as its run does. Of a clock whose time was changed later, what it
read before is known only where the source had set it or an extension said it; elsewhere nothing is made up.
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_waiting")]

    operations = [
        migrations.AddField("clockentry", "told_at", models.DateTimeField(null=True)),
        migrations.AddField("clockentry", "reads_state", models.CharField(default="", max_length=10), False),
        migrations.AddField("clockentry", "reads_due_at", models.DateTimeField(null=True)),
        migrations.AddField("clockentry", "reads_stopped_at", models.DateTimeField(null=True)),
        migrations.RunSQL(READ, ""),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", ""),
        migrations.AlterField("clockentry", "told_at", models.DateTimeField()),
    ]
