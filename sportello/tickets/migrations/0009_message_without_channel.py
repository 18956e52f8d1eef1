"""A note is carried by no channel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0008_submission_has_message"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="channel",
            field=models.CharField(
                blank=True,
                choices=[
                    ("email", "E-mail"),
                    ("form", "Form"),
                    ("portal", "Portal"),
                    ("phone", "Phone"),
                    ("api", "API"),
                ],
                default="email",
                max_length=20,
            ),
        ),
    ]
