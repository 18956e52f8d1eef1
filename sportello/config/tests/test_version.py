"""Which version does the program say it is?"""

from contextlib import suppress

import pytest

import sportello
from sportello.__main__ import main


@pytest.mark.parametrize("asked", ["version", "--version", "version --help", "doctor --version", "run --version"])
def test_the_program_says_its_own_version(
    asked: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["sportello", *asked.split()])
    with suppress(SystemExit):  # as the parser of a command ends it
        main()
    assert capsys.readouterr().out == f"Sportello {sportello.__version__}\n"
