"""A reply knows the facts that came about along with it, which say more than the status before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0005_bulk_outcomes"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="message",
            name="previous_status",
        ),
        migrations.AddField(
            model_name="message",
            name="took_along",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
