"""Sessions with an owner, passwords that were in use, the second factor, wrong tries, and measures taken."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Signing in."""

    dependencies = [
        ("accounts", "0001_first"),
        ("people", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("by_person", models.BigIntegerField()),
                ("by_title", models.CharField(max_length=200)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("reviewed_by", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="PastPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.TextField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "last_step",
                    models.BigIntegerField(default=0, help_text="half minute of the last code; none is taken twice"),
                ),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                ("closed_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("browser", models.CharField(blank=True, help_text="such as Chrome · Windows", max_length=40)),
                ("since", models.DateTimeField()),
                (
                    "used_at",
                    models.DateTimeField(help_text="last use, shown to its owner alone and gone with the session"),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WrongTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_mark", models.CharField(max_length=64)),
                ("from_mark", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveField(
            model_name="account",
            name="last_login",
        ),
        migrations.AddField(
            model_name="account",
            name="first_until",
            field=models.DateTimeField(help_text="until when a password handed out opens the gate", null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="outside_mark",
            field=models.CharField(help_text="keyed hash of the name outside", max_length=64, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="account",
            name="password_since",
            field=models.DateTimeField(help_text="when its holder chose the password; null: not yet", null=True),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Upper("username"), name="username_once_in_any_case"
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="measures", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="pastpassword",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="past_passwords", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recoverycode",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="recovery_codes", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="secondfactor",
            name="account",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="second_factor", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sessions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="wrongtry",
            index=models.Index(fields=["name_mark", "at"], name="wrong_try_by_name"),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(models.F("at"), condition=models.Q(("reviewed_at", None)), name="measure_to_review"),
        ),
    ]
