"""A finished change of many tickets can be closed by its owner."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0010_notes_have_no_channel"),
    ]

    operations = [
        migrations.AddField(
            model_name="bulkjob",
            name="put_away",
            field=models.BooleanField(default=False),
        ),
    ]
