"""Does the docs' table of variables name each that the program reads, and no other?"""

import re

from tests.architecture.rules import ROOT


def test_the_table_of_variables_is_what_the_program_reads() -> None:
    read = re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "sportello/config/env.py").read_text("utf-8"))
    named = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/howto/postgresql.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(read)
