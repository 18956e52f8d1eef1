"""What a note said of its channel was true of none."""

from django.db import migrations


def forget_channels_of_notes(apps, schema_editor):
    apps.get_model("tickets", "Message").objects.filter(kind="note").update(channel="")


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0009_message_without_channel"),
    ]

    operations = [
        migrations.RunPython(forget_channels_of_notes, migrations.RunPython.noop, elidable=True),
    ]
