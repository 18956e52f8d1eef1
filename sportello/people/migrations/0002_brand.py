"""The firm's name, one-time links, and teams as topics of the portal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="is_offered",
            field=models.BooleanField(
                default=True,
                help_text="Customers can choose this team as a topic in the portal.",
                verbose_name="offered to customers",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="topic_hint",
            field=models.CharField(
                blank=True,
                help_text="Such as: copies, payments, renewal.",
                max_length=100,
                verbose_name="words under the topic",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="topic_icon",
            field=models.CharField(
                choices=[
                    ("chat", "chat"),
                    ("mail", "mail"),
                    ("phone", "phone"),
                    ("wifi", "wifi"),
                    ("flame", "flame"),
                    ("wrench", "wrench"),
                    ("invoice", "invoice"),
                    ("calendar", "calendar"),
                    ("lock", "lock"),
                    ("user", "user"),
                    ("building", "building"),
                    ("star", "star"),
                ],
                default="chat",
                max_length=12,
                verbose_name="icon",
            ),
        ),
        migrations.CreateModel(
            name="Brand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("tagline", models.CharField(blank=True, max_length=60, verbose_name="tagline")),
                ("footer", models.CharField(blank=True, max_length=200, verbose_name="footer")),
                ("language", models.CharField(default="en", max_length=10, verbose_name="language")),
                ("time_zone", models.CharField(default="Europe/Rome", max_length=64, verbose_name="time zone")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="brand_only_one")],
            },
        ),
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("sign_in", "Sign In"), ("password", "Password"), ("address", "Address")],
                        max_length=10,
                    ),
                ),
                ("address", models.CharField(max_length=254)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="one_time_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="one_time_link_by_expiry")],
            },
        ),
    ]
