"""A mail that leaves while there is no mailbox goes into the sink."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("email", "0002_who_has_it")]

    operations = [
        migrations.AlterField(
            "outgoingmail",
            "mailbox",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outgoing",
                to="email.mailbox",
            ),
        )
    ]
