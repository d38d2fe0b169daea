"""What is late, and what is of one sort, read in the order of its list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0004_indexes_that_are_read"),
        ("organisations", "0001_first"),
        ("people", "0003_term_by_list"),
        ("places", "0001_first"),
        ("policy", "0001_first"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_by_due",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at", "-id"], name="case_due"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["county", "category", "-id"], name="case_of_sort"),
        ),
    ]
