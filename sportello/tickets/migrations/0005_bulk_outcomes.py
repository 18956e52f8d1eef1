"""What a bulk change did to each ticket is a row of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0004_only_by_facts"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="bulkjob",
            name="before",
        ),
        migrations.RemoveField(
            model_name="bulkjob",
            name="failures",
        ),
        migrations.AddField(
            model_name="bulkjob",
            name="failed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="BulkOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("why", models.CharField(blank=True, max_length=200)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("undone", models.BooleanField(default=False)),
                (
                    "job",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="tickets.bulkjob",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("job", "ticket"), name="outcome_once_a_ticket")],
            },
        ),
    ]
