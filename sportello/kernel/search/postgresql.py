"""How are entries found in PostgreSQL? In a vector made of our own terms, the newest stretch of the table first.

No single statement is safe for both a rare and a common word: the planner knows neither where the matches lie nor how
many a reader may see. So the newest rows are read one by one, which tells how frequent the matches are; a frequent
word is found by reading on, a rare one through the GIN index, within a block of the newest rows when it would match too
many. `offset 0` and `id + 0` keep the planner from undoing this. Beginnings of two and three letters are words of
their own in the vector, since GIN reads and merges the lists of all words behind a beginning.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from sportello.kernel.search.query import Clause, Query
from sportello.kernel.search.reach import Entry, Hit, Reach
from sportello.kernel.search.text import is_cjk
from sportello.kernel.search.words import FRAGMENT, Words, scope_mark

BEGINNING = "^"
BEGINNINGS = (2, 3)  # letters
FIRST_WALK = 2_000  # rows
LATER_WALKS = (16_000, 4_000)  # rows at most: in that time the index reads the lists behind a common beginning
BLOCKS = (14, 17)  # bits of the number of an entry that its mark of a block leaves out: 16,384 and 131,072 rows
AS_MARKS = 64  # so many scopes become search terms; the rows of more are filtered
BY_CONTAINER = 1_000  # so many containers are looked up one by one


def _block_marks(number: str) -> str:
    return " || ".join(f"('''#b{bits}.' || ({number} >> {bits}) || '''')::tsvector" for bits in BLOCKS)


UPDATE = (
    "update kernel_searchentry set container = %s, scope = %s, "  # noqa: S608  our own numbers only
    f"words = %s::tsvector || {_block_marks('id')} where kind = %s and ref = %s"
)
INSERT = (
    "insert into kernel_searchentry (id, kind, ref, container, scope, words) "  # noqa: S608  our own numbers only
    "select new.id, %s, %s, %s, %s, "
    f"%s::tsvector || {_block_marks('new.id')} "
    "from (select nextval(pg_get_serial_sequence('kernel_searchentry', 'id')) as id) new "
    "on conflict (kind, ref) do update set container = excluded.container, scope = excluded.scope, "
    f"words = %s::tsvector || {_block_marks('kernel_searchentry.id')}"
)
MOVE = (
    "update kernel_searchentry set scope = %s, words = ts_delete(words, '#s' || scope) || %s::tsvector "
    "where container = %s and scope <> %s"
)
WALK = (
    "select container, ref, kind from (select * from kernel_searchentry where id > %s and id <= %s "
    "order by id desc offset 0) newest where words @@ %s::tsquery{condition} order by id desc limit %s"
)
LOOK_UP = (
    "select container, ref, kind from kernel_searchentry where words @@ %s::tsquery and id + 0 <= %s{condition} "
    "order by id + 0 desc limit %s"
)


class PostgreSQLEngine:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def write(self, entry: Entry, words: Words) -> None:
        vector = _vector(entry, words)
        place: list[int | str] = [entry.container, entry.scope, vector]
        with self._connection.cursor() as cursor:
            cursor.execute(UPDATE, [*place, entry.kind, entry.ref])
            if cursor.rowcount == 0:
                cursor.execute(INSERT, [entry.kind, entry.ref, *place, vector])

    def move(self, container: int, scope: int) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(MOVE, [scope, _quoted(scope_mark(scope)), container, scope])

    def forget(self, container: int) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute("delete from kernel_searchentry where container = %s", [container])

    def find(self, query: Query, reach: Reach, limit: int) -> list[Hit]:
        return _Search(self._connection, _Question.of(query, reach), limit).run()


@dataclass(frozen=True)
class _Question:
    match: str  # as a tsquery
    condition: str
    parameters: list[list[int] | list[str]]
    of_few_containers: bool

    @classmethod
    def of(cls, query: Query, reach: Reach) -> "_Question":
        match = " & ".join(_one_of(_spellings(clause)) for clause in query.wanted)
        condition = ""
        parameters = []
        for limits in reach.limits():
            if 0 < len(limits.marks) <= AS_MARKS:
                match += f" & {_one_of(_quoted(mark) for mark in limits.marks)}"
            else:
                condition += f" and {limits.column} = any(%s)"
                parameters.append(limits.values)
        for clause in query.unwanted:
            match += f" & !{_one_of(_spellings(clause))}"
        of_few = reach.containers is not None and len(reach.containers) <= BY_CONTAINER
        return cls(match, condition, parameters, of_few)


class _Search:
    """From the newest entry downwards, in at most five stretches, until there are enough hits."""

    def __init__(self, connection: BaseDatabaseWrapper, question: _Question, limit: int) -> None:
        self._connection = connection
        self._question = question
        self._limit = limit
        self._hits: list[Hit] = []
        self._top = self._down_to = self._newest()

    def run(self) -> list[Hit]:
        if not self._question.of_few_containers:
            self._walk(FIRST_WALK)
            for longest in LATER_WALKS:
                if (rows := self._rows_to_go()) <= longest:
                    self._walk(rows)
            self._look_up_in_block(self._rows_to_go())
        self._look_up(0, self._question.match)
        return self._hits

    def _rows_to_go(self) -> int:
        """How many more rows hold the missing hits, if they are as frequent as in those seen, and a quarter more."""
        missing = self._limit - len(self._hits)
        if not self._hits:
            return self._top + 1
        return missing * (self._top - self._down_to) * 5 // (4 * len(self._hits))

    def _walk(self, rows: int) -> None:
        above = max(self._down_to - rows, 0)
        self._collect(WALK, above, [above, self._down_to, self._question.match])

    def _look_up_in_block(self, rows: int) -> None:
        for bits in BLOCKS:
            block = self._top >> bits
            start = (block - 1) << bits
            if rows <= 1 << bits and start > 0:
                marks = _one_of(_quoted(f"#b{bits}.{number}") for number in (block, block - 1))
                self._look_up(start - 1, f"{self._question.match} & {marks}")
                return

    def _look_up(self, above: int, match: str) -> None:
        self._collect(LOOK_UP, above, [match, self._down_to])

    def _collect(self, statement: str, above: int, parameters: list[int | str]) -> None:
        missing = self._limit - len(self._hits)
        if missing <= 0 or above >= self._down_to:
            return
        with self._connection.cursor() as cursor:
            cursor.execute(
                statement.format(condition=self._question.condition),
                [*parameters, *self._question.parameters, missing],
            )
            self._hits.extend(Hit(*row) for row in cursor.fetchall())
        self._down_to = above

    def _newest(self) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute("select coalesce(max(id), 0) from kernel_searchentry")
            newest: int = cursor.fetchone()[0]
        return newest


def _vector(entry: Entry, words: Words) -> str:
    beginnings = {term[:size] for term in words.terms if not is_cjk(term) for size in BEGINNINGS if len(term) >= size}
    unplaced = [*entry.marks(), *words.fragments, *(BEGINNING + beginning for beginning in beginnings)]
    placed = [f"{_quoted(term)}:{position}" for position, term in enumerate(words.terms, start=1)]
    return " ".join([*map(_quoted, unplaced), *placed])


def _spellings(clause: Clause) -> list[str]:
    """The ways in which an entry may hold what was asked, as a tsquery writes them."""
    *_, last = clause.words
    if clause.begins and len(clause.words) == 1 and len(last) in BEGINNINGS:
        phrase = _quoted(BEGINNING + last)
    else:
        phrase = " <-> ".join(map(_quoted, clause.words)) + (":*" if clause.begins else "")
    return [f"({phrase})", f"{_quoted(FRAGMENT + clause.fragment)}:*"] if clause.fragment else [f"({phrase})"]


def _one_of(expressions: Iterable[str]) -> str:
    return f"({' | '.join(expressions)})"


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
