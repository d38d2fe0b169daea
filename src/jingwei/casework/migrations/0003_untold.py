from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_watched")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.Case(models.When(is_open=True, told_share__lt=3.0, then="due_at")),
                models.F("told_share"),
                name="case_untold",
            ),
        ),
    ]
