"""The keys of forms that were sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The second."""

    dependencies = [("running", "0001_first")]

    operations = [
        migrations.CreateModel(
            name="Sent",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
