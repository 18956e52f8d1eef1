"""Signals for open screens, and the words that can be found, in the form that each database searches."""

import django.utils.timezone
from django.db import migrations, models

# Without content: a third of the room. `ascii` splits our terms at the spaces only; two and three letters are begun often.
SQLITE = (
    "create virtual table kernel_searchindex using fts5("
    "words, content='', columnsize=0, prefix='2 3', tokenize=\"ascii tokenchars '#~@.+-_'\")",
)
SQLITE_BACK = ("drop table kernel_searchindex",)
# Rows of up to 8 kB stay in one piece; new words wait in a short list only, since every search reads it.
POSTGRESQL = (
    "alter table kernel_searchentry set (toast_tuple_target = 8160)",
    "create index search_entry_words on kernel_searchentry using gin (words) with (gin_pending_list_limit = 256)",
)
POSTGRESQL_BACK = ("drop index search_entry_words", "alter table kernel_searchentry reset (toast_tuple_target)")


class WordsField(models.Field):
    """The field as it was here. By its name it is the one of the model, so that nothing seems to have changed."""

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "sportello.kernel.models.search.WordsField", args, kwargs


def forwards(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_blobs")]

    operations = [
        migrations.CreateModel(
            name="LiveSignal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("topic", models.CharField(max_length=100)),
                ("data", models.JSONField()),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("ref", models.BigIntegerField()),
                ("container", models.BigIntegerField()),
                ("scope", models.BigIntegerField()),
                ("words", WordsField()),
            ],
            options={
                "indexes": [models.Index(fields=["container"], name="search_entry_container")],
                "constraints": [models.UniqueConstraint(fields=("kind", "ref"), name="search_entry_once")],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
