"""Does a page cost the same with many rows as with one?"""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(render: Callable[[], object]) -> list[str]:
    """What `render` asks the database once caches are warm."""
    render()
    with CaptureQueriesContext(connection) as asked:
        render()
    return [query["sql"] for query in asked]


def assert_constant_queries(
    render: Callable[[], object], add_row: Callable[[], object], *, rows: int = 5, at_most: int = 12
) -> None:
    """`render` is asked with one row and with many; it takes callables, so that it cannot silently do nothing."""
    add_row()
    with_one = queries_of(render)
    for _ in range(rows):
        add_row()
    with_many = queries_of(render)
    assert len(with_many) == len(with_one), "\n".join([f"{len(with_one)} queries became {len(with_many)}:", *with_many])
    assert len(with_many) <= at_most, "\n".join([f"{len(with_many)} queries, {at_most} are allowed:", *with_many])
