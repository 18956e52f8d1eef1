"""Kept bytes, by what they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_jobs")]

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
            ],
        ),
    ]
