from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_watched")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True), ("told_share__lt", 3.0)),
                fields=["due_at", "told_share"],
                name="case_untold",
            ),
        ),
    ]
