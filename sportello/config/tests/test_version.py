"""Which version does the program say it is?"""

import pytest

import sportello
from sportello.__main__ import main


@pytest.mark.parametrize("asked", ["version", "--version"])
def test_the_program_says_its_own_version(
    asked: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["sportello", asked])
    main()
    assert capsys.readouterr().out == f"Sportello {sportello.__version__}\n"
