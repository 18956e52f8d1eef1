"""What can be searched, and what is found?"""

from collections.abc import Collection

from django.db.models.expressions import RawSQL

from sportello.kernel.search.engine import engine
from sportello.kernel.search.query import Query, parse
from sportello.kernel.search.reach import Entry, Hit, Reach
from sportello.kernel.search.words import Words

MOST_HITS = 1_000


def index(kind: str, ref: int, *, container: int, scope: int, text: str) -> None:
    """Let the text be found from this transaction's commit on, in place of what the entry held before.

    The first 300,000 characters, 16,000 words and 100 identifiers count. `kind` is made of letters.
    """
    if not (kind.isascii() and kind.isalpha()):
        raise ValueError(f"A kind of entry is made of letters, not {kind!r}")
    engine().write(Entry(kind, ref, container, scope), Words.of(text))


def move(container: int, scope: int) -> None:
    """Let the container's entries be found by readers of that scope, and no longer by others."""
    engine().move(container, scope)


def forget(container: int) -> None:
    """Remove all the container's entries."""
    engine().forget(container)


def find(
    query: str,
    *,
    scopes: Collection[int] | None,
    containers: Collection[int] | None = None,
    kinds: Collection[str] | None = None,
    limit: int = 200,
) -> list[Hit]:
    """The newest entries that hold all words of the query, the last one as a beginning (of two letters or more).

    "Exact words" stand together, -word must be absent, and a part of an order number (four characters, a digit among
    them) finds it. `None` means no limit to scopes, containers or kinds. No query is an error: what cannot be
    understood is left out, and a query of nothing finds nothing.
    """
    asked = parse(query)
    reach = Reach(scopes, containers, kinds)
    if not asked.wanted or any(not limits.values for limits in reach.limits()):
        return []
    return engine().find(asked, reach, max(0, min(limit, MOST_HITS)))


def matching(
    query: str, *, scopes: Collection[int] | None, kinds: Collection[str], column: str = "container"
) -> RawSQL | Collection[int]:
    """The container (or the `ref`) of every entry that `find` would find without a limit, for `field__in=`.

    A query of nothing but words to leave out (-word) matches the entries that hold one of them.
    """
    asked = parse(query)
    if not asked.wanted:
        asked = Query(asked.unwanted, either=True)
    reach = Reach(scopes, None, kinds)
    if not asked.wanted or any(not limits.values for limits in reach.limits()):
        return ()
    return engine().matching(asked, reach, column)
