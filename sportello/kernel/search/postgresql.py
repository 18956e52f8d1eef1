"""How are entries found in PostgreSQL? In a vector made of our own terms, the newest stretch of the table first.

No single statement is safe for both a rare and a common word: the planner knows neither where the matches lie nor how
many a reader may see. So the newest rows are read one by one, which tells how frequent the matches are; a frequent
word is found by reading on, a rare one through the GIN index, within a block of the newest rows when it would match too
many. That is one statement in stretches, each of which is read only when those before it held too few hits. The limits
inside and `id + 0` keep the planner from undoing this. Beginnings of two and three letters are words of their own in
the vector, since GIN reads and merges the lists of all words behind a beginning.
"""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL

from sportello.kernel.search.query import Clause, Query
from sportello.kernel.search.reach import Entry, Hit, Limits, Reach
from sportello.kernel.search.text import is_cjk
from sportello.kernel.search.words import FRAGMENT, Words, scope_mark

BEGINNING = "^"
BEGINNINGS = (2, 3)  # letters
FIRST_WALK = 2_000  # rows
SECOND_WALK = 16_000  # rows at most: in that time the index reads the lists behind a common beginning
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
AT_ONCE = """
select container, ref, kind from kernel_searchentry where words @@ %(match)s::tsquery{condition}
order by id + 0 desc limit %(limit)s
"""
# how many more rows hold the missing hits, if they are as frequent as in those seen, and a quarter more
ROWS_TO_GO = "case hits when 0 then top + 1 else (%(limit)s - hits) * (top - down_to) * 5 / (4 * hits) end as to_go"
IN_STRETCHES = f"""
with ends as materialized (select coalesce(max(id), 0) as top from kernel_searchentry),
newest as materialized (
    select id, container, ref, kind from (
        select * from kernel_searchentry where id > (select top - {FIRST_WALK} from ends)
        order by id desc limit {FIRST_WALK}
    ) walked where words @@ %(match)s::tsquery{{condition}} order by id desc limit %(limit)s
),
first as materialized (
    select *, {ROWS_TO_GO} from (
        select top, top - {FIRST_WALK} as down_to, (select count(*) from newest) as hits from ends
    ) seen
),
newer as materialized (
    select id, container, ref, kind from (
        select * from kernel_searchentry where id <= (select down_to from first)
        and id > (select down_to - to_go from first) and (select to_go between 1 and {SECOND_WALK} from first)
        order by id desc limit {SECOND_WALK}
    ) walked where words @@ %(match)s::tsquery{{condition}} order by id desc limit %(limit)s
),
second as materialized (
    select *, {ROWS_TO_GO} from (
        select top, case when to_go <= {SECOND_WALK} then down_to - to_go else down_to end as down_to,
            hits + (select count(*) from newer) as hits from first
    ) seen
),
block as materialized (
    select before << bits as start,
        %(match)s || ' & (''#b' || bits || '.' || before || ''' | ''#b' || bits || '.' || before + 1 || ''')' as match
    from (
        select bits, (top >> bits) - 1 as before
        from second, (values {", ".join(f"({bits})" for bits in BLOCKS)}) sizes (bits)
        where hits < %(limit)s and to_go <= 1 << bits
    ) last where before > 0 order by bits limit 1
),
near as materialized (
    select id, container, ref, kind from kernel_searchentry
    where exists (select from block) and words @@ (select match from block)::tsquery{{condition}}
    and id + 0 <= (select down_to from second)
    order by id + 0 desc limit %(limit)s
),
third as materialized (
    select coalesce((select start from block) - 1, down_to) as down_to, hits + (select count(*) from near) as hits
    from second
),
rest as materialized (
    select id, container, ref, kind from kernel_searchentry
    where words @@ %(match)s::tsquery{{condition}} and id + 0 <= (select down_to from third)
    and (select hits < %(limit)s from third) order by id + 0 desc limit %(limit)s
)
select container, ref, kind from (
    select * from newest union all select * from newer union all select * from near union all select * from rest
) found order by id desc limit %(limit)s
"""  # noqa: S608  our own names and numbers only


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
        match, limits = _asked(query, reach)
        condition = "".join(f" and {limit.column} = any(%({limit.column})s)" for limit in limits)
        parameters = {limit.column: limit.values for limit in limits}
        of_few_containers = reach.containers is not None and len(reach.containers) <= BY_CONTAINER
        statement = (AT_ONCE if of_few_containers else IN_STRETCHES).format(condition=condition)
        with self._connection.cursor() as cursor:
            cursor.execute(statement, {"match": match, "limit": limit, **parameters})
            return [Hit(*row) for row in cursor.fetchall()]

    def matching(self, query: Query, reach: Reach, column: str) -> RawSQL:
        match, limits = _asked(query, reach)
        condition = "".join(f" and {limit.column} = any(%s)" for limit in limits)
        statement = f"select {column} from kernel_searchentry where words @@ %s::tsquery{condition}"  # noqa: S608  our names
        return RawSQL(statement, [match, *(limit.values for limit in limits)])  # noqa: S611  values are bound


def _asked(query: Query, reach: Reach) -> tuple[str, list[Limits]]:
    """As a tsquery, and what has no mark in the vectors."""
    match = (" | " if query.either else " & ").join(_one_of(_spellings(clause)) for clause in query.wanted)
    match = f"({match})" if query.either else match
    unmarked = []
    for limits in reach.limits():
        if 0 < len(limits.marks) <= AS_MARKS:
            match += f" & {_one_of(_quoted(mark) for mark in limits.marks)}"
        else:
            unmarked.append(limits)
    for clause in query.unwanted:
        match += f" & !{_one_of(_spellings(clause))}"
    return match, unmarked


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
