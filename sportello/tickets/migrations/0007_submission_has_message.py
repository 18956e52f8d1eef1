"""Every form that is noted has its message."""

import django.db.models.deletion
from django.db import migrations, models


def forget_what_came_to_nothing(apps, schema_editor):
    """A form was noted before its message; one that never got there is sent anew."""
    apps.get_model("tickets", "Submission").objects.filter(message=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0006_took_along"),
    ]

    operations = [
        migrations.RunPython(forget_what_came_to_nothing, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="submission",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="submissions", to="tickets.message"
            ),
        ),
    ]
