"""How are entries found in SQLite? By FTS5 without content, ordered by row number, that is by newest.

The table of words keeps no text: it takes a third of the room, but SQLite 3.40 takes an entry out of it only when told
the old words once more, which is why `SearchEntry.words` keeps them. The `ascii` tokenizer splits our terms at the
spaces and nowhere else. Beginnings of two and three letters have lists of their own (`prefix`).
`cross join` keeps the planner from starting with the entries.
"""

import json
from collections.abc import Iterable

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

from sportello.kernel.search.query import Clause, Query
from sportello.kernel.search.reach import Entry, Hit, Reach
from sportello.kernel.search.words import FRAGMENT, Words, scope_mark

AS_MARKS = 200  # so many scopes become search terms; the rows of more are filtered
QUOTE = '"'

INSERT = "insert into kernel_searchindex(rowid, words) values (%s, %s)"
DELETE = "insert into kernel_searchindex(kernel_searchindex, rowid, words) values ('delete', %s, %s)"
OUT_OF_MANY = {
    "scope": " and e.scope in (select value from json_each(%s))",
    "container": (  # the plus lets the list of ids be read once, in place of each row that holds the words
        " and +f.rowid in (select id from kernel_searchentry where container in (select value from json_each(%s)))"
    ),
    "kind": " and e.kind in (select value from json_each(%s))",
}
MATCHING = (
    "select {columns} from kernel_searchindex f cross join kernel_searchentry e on e.id = f.rowid "
    "where kernel_searchindex match %s{condition}"
)
FIND = MATCHING + " order by f.rowid desc limit %s"


class SQLiteEngine:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def write(self, entry: Entry, words: Words) -> None:
        text = " ".join([*entry.marks(), *words.terms, *words.fragments])
        name: list[int | str] = [entry.kind, entry.ref]
        columns: list[int | str] = [entry.container, entry.scope, text, *name]
        with transaction.atomic(savepoint=False), self._connection.cursor() as cursor:
            cursor.execute(
                "insert into kernel_searchentry (container, scope, words, kind, ref) values (%s, %s, %s, %s, %s)"
                " on conflict (kind, ref) do nothing",
                columns,
            )
            if cursor.rowcount == 1:
                cursor.execute(INSERT, [cursor.lastrowid, text])
                return
            cursor.execute("select id, words from kernel_searchentry where kind = %s and ref = %s", name)
            old = cursor.fetchone()
            if old[1] != text:
                cursor.execute(DELETE, old)
                cursor.execute(
                    "update kernel_searchentry set container = %s, scope = %s, words = %s where kind = %s and ref = %s",
                    columns,
                )
                cursor.execute(INSERT, [old[0], text])

    def move(self, container: int, scope: int) -> None:
        with transaction.atomic(savepoint=False), self._connection.cursor() as cursor:
            cursor.execute(
                "select id, words, scope from kernel_searchentry where container = %s and scope <> %s",
                [container, scope],
            )
            for number, words, old_scope in cursor.fetchall():
                moved = words.replace(f"{scope_mark(old_scope)} ", f"{scope_mark(scope)} ", 1)
                cursor.execute(DELETE, [number, words])
                cursor.execute(INSERT, [number, moved])
                cursor.execute(
                    "update kernel_searchentry set scope = %s, words = %s where id = %s", [scope, moved, number]
                )

    def forget(self, container: int) -> None:
        with transaction.atomic(savepoint=False), self._connection.cursor() as cursor:
            cursor.execute("select id, words from kernel_searchentry where container = %s", [container])
            cursor.executemany(DELETE, cursor.fetchall())
            cursor.execute("delete from kernel_searchentry where container = %s", [container])

    def find(self, query: Query, reach: Reach, limit: int) -> list[Hit]:
        condition, parameters = _asked(query, reach)
        statement = FIND.format(columns="e.container, e.ref, e.kind", condition=condition)
        with self._connection.cursor() as cursor:
            cursor.execute(statement, [*parameters, limit])
            return [Hit(*row) for row in cursor.fetchall()]

    def matching(self, query: Query, reach: Reach, column: str) -> RawSQL:
        condition, parameters = _asked(query, reach)
        return RawSQL(MATCHING.format(columns=f"e.{column}", condition=condition), parameters)  # noqa: S611  values are bound


def _asked(query: Query, reach: Reach) -> tuple[str, list[str]]:
    """A condition for what has no mark in the index, and all parameters, the match first."""
    match = (" OR " if query.either else " AND ").join(_one_of(_spellings(clause)) for clause in query.wanted)
    match = f"({match})" if query.either else match
    condition, parameters = "", []
    for limits in reach.limits():
        if 0 < len(limits.marks) <= AS_MARKS:
            match += f" AND {_one_of(f'{QUOTE}{mark}{QUOTE}' for mark in limits.marks)}"
        else:
            condition += OUT_OF_MANY[limits.column]
            parameters.append(json.dumps(limits.values))
    if query.unwanted:
        match = f"({match}) NOT {_one_of(spelling for clause in query.unwanted for spelling in _spellings(clause))}"
    return condition, [match, *parameters]


def _spellings(clause: Clause) -> list[str]:
    """The ways in which an entry may hold what was asked, as FTS5 writes them."""
    phrase = f'"{" ".join(clause.words)}"' + (" *" if clause.begins else "")
    return [phrase, f'"{FRAGMENT}{clause.fragment}" *'] if clause.fragment else [phrase]


def _one_of(expressions: Iterable[str]) -> str:
    return f"({' OR '.join(expressions)})"
