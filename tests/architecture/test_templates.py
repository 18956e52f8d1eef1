"""Does every template compile, with every tag and every included file that it names?"""

from pathlib import PurePosixPath

import pytest
from django.template import engines

from tests.architecture.rules import the_tree

pytestmark = pytest.mark.only_sqlite

TEMPLATES = sorted(
    PurePosixPath(*file.parts[file.parts.index("templates") + 1 :]).as_posix()
    for file in the_tree()
    if "templates" in file.parts and file.parts[0] == "sportello"
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_template_compiles(name: str) -> None:
    engines["django"].get_template(name)
