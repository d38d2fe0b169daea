"""Every post knows since when it stands; one that did not has stood as long as its organisation."""

from django.db import migrations, models

FILLED = """
    UPDATE organisations_post p SET since = o.since FROM organisations_organisation o
    WHERE o.id = p.organisation_id AND p.since IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_posts_and_alliances")]

    operations = [
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.AlterField(model_name="post", name="since", field=models.DateField()),
    ]
