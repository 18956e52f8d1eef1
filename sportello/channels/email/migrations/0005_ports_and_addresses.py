"""Ports go from 1 to 65535, and an address that another mailbox has is refused in words that help."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("email", "0004_next_try"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mailbox",
            name="address",
            field=models.CharField(
                error_messages={"unique": "Another mailbox here has this address. Change that one under Settings."},
                max_length=254,
                unique=True,
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="mailbox",
            name="imap_port",
            field=models.PositiveIntegerField(
                default=993,
                validators=[
                    django.core.validators.MinValueValidator(1, "Ports go from 1 to 65535."),
                    django.core.validators.MaxValueValidator(65535, "Ports go from 1 to 65535."),
                ],
                verbose_name="IMAP port",
            ),
        ),
        migrations.AlterField(
            model_name="mailbox",
            name="smtp_port",
            field=models.PositiveIntegerField(
                default=587,
                validators=[
                    django.core.validators.MinValueValidator(1, "Ports go from 1 to 65535."),
                    django.core.validators.MaxValueValidator(65535, "Ports go from 1 to 65535."),
                ],
                verbose_name="SMTP port",
            ),
        ),
    ]
