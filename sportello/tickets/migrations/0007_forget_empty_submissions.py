"""A form was once noted before its message; one that never got so far may be sent anew."""

from django.db import migrations


def forget_what_came_to_nothing(apps, schema_editor):
    apps.get_model("tickets", "Submission").objects.filter(message=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0006_took_along"),
    ]

    operations = [
        migrations.RunPython(forget_what_came_to_nothing, migrations.RunPython.noop, elidable=True),
    ]
