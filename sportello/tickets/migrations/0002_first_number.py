"""The first ticket is number 1001."""

from django.db import migrations

LAST_BEFORE_FIRST = 1000


def start_after(schema_editor, number):
    """The next ticket is the first above this number and above every ticket there is."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select max(id) from tickets_ticket")
        last = max(cursor.fetchone()[0] or 0, number)
        if schema_editor.connection.vendor == "postgresql":
            sequence = "pg_get_serial_sequence('tickets_ticket', 'id')"
            cursor.execute(f"select setval({sequence}, %s, %s)", [max(last, 1), last > 0])
        else:
            cursor.execute("delete from sqlite_sequence where name = 'tickets_ticket'")
            cursor.execute("insert into sqlite_sequence (name, seq) values ('tickets_ticket', %s)", [last])


def forwards(apps, schema_editor):
    start_after(schema_editor, LAST_BEFORE_FIRST)


def backwards(apps, schema_editor):
    start_after(schema_editor, 0)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_tickets")]

    operations = [migrations.RunPython(forwards, backwards)]
