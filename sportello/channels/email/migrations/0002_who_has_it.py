"""Who has each mail, and what is wrong with a mailbox's way out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("email", "0001_email")]

    operations = [
        migrations.AddField("mailbox", "smtp_error", models.CharField(blank=True, max_length=300)),
        migrations.AddField("mailbox", "smtp_failing_since", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("outgoingmail", "accepted", models.JSONField(default=list)),
        migrations.AddField("outgoingmail", "refused", models.JSONField(default=dict)),
    ]
