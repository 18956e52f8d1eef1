"""Every form that is noted has its message."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0007_forget_empty_submissions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="submission",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="submissions", to="tickets.message"
            ),
        ),
    ]
