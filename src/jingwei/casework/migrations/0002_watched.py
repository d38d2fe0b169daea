from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_first")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("is_open", True),
                    models.Q(("supervised", True), ("urged__gt", 0), ("returned__gt", 0), _connector="OR"),
                ),
                fields=["due_at", "-id"],
                name="case_watched",
            ),
        ),
    ]
