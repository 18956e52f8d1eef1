"""What the tests of `account` share."""

from collections.abc import Iterator

import pytest

from sportello.channels.testing import Letter, collected_letters


@pytest.fixture
def letters() -> Iterator[list[Letter]]:
    with collected_letters() as collected:
        yield collected
