"""What tests of searching need: entries by the ten thousand, and which refs a query finds."""

from collections.abc import Collection

from django.db import connection

from sportello.kernel.search import find

_POSTGRESQL = """
insert into kernel_searchentry (id, kind, ref, container, scope, words)
select id, 'filler', n, n, 9, format('''#s9'' ''#kfiller'' ''^fi'' ''^fil'' ''filler'':1 ''n%%s'':2
    ''#b14.%%s'' ''#b17.%%s''', n, id >> 14, id >> 17)::tsvector
from (select n, nextval(pg_get_serial_sequence('kernel_searchentry', 'id')) as id from generate_series(%s, %s) n) new
"""
_SQLITE = (
    """
    insert into kernel_searchentry (kind, ref, container, scope, words)
    with recursive numbers(n) as (select %s union all select n + 1 from numbers where n < %s)
    select 'filler', n, n, 9, printf('#s9 #kfiller filler n%%d', n) from numbers
    """,
    "insert into kernel_searchindex (rowid, words) select id, words from kernel_searchentry where ref between %s and %s"
    " and kind = 'filler'",
)


def fill(first: int, last: int) -> None:
    """Entries whose words are "filler" and n7, in scope 9, as fast as the database can; then its statistics."""
    with connection.cursor() as cursor:
        for statement in [_POSTGRESQL] if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement, [first, last])
        cursor.execute("analyze")


def continue_at(number: int) -> None:
    """The next entry gets about this number, as if as many had come before it; nothing on SQLite, which needs none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select setval(pg_get_serial_sequence('kernel_searchentry', 'id'), %s)", [number])


def refs(
    query: str,
    *,
    scopes: Collection[int] | None = None,
    containers: Collection[int] | None = None,
    kinds: Collection[str] | None = None,
    limit: int = 200,
) -> list[int]:
    hits = find(query, scopes=scopes, containers=containers, kinds=kinds, limit=limit)
    return [hit.ref for hit in hits]
