"""The term of a field stands on the county's information list, not with the person."""

from django.db import migrations


class Migration(migrations.Migration):
    """Drops a column that is derived now."""

    dependencies = [
        ("people", "0002_assessment_sharing_tombstone_unmasking"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="person",
            name="keep_until",
        ),
    ]
