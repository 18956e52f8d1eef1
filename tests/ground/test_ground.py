"""Do the guards of conftest.py really guard?"""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection

from tests import loopback
from tests.architecture.rules import ROOT

FAR_AWAY = ("192.0.2.1", 80)  # an address that RFC 5737 gives to nobody


def test_a_connection_to_another_machine_is_refused_and_noted() -> None:
    with pytest.raises(PermissionError, match="stay on loopback"):
        socket.create_connection(FAR_AWAY, timeout=1)
    assert "192.0.2.1" in loopback.ESCAPES.pop()


def test_a_datagram_to_another_machine_is_refused_and_noted() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, pytest.raises(PermissionError):
        datagrams.sendto(b"hello", FAR_AWAY)
    assert loopback.ESCAPES.pop()


def test_names_are_not_looked_up() -> None:
    with pytest.raises(socket.gaierror, match="look up no names"):
        socket.getaddrinfo("mail.example.com", 25)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1])).close()


def test_the_data_folder_is_of_this_run_alone() -> None:
    assert "sportello-data-" in str(settings.SPORTELLO_DATA)
    assert os.environ["SPORTELLO_DATA"] == str(settings.SPORTELLO_DATA)


def test_passwords_are_cheap_but_real() -> None:
    encoded = make_password("correct horse")
    assert encoded.startswith("argon2$argon2id$")
    assert check_password("correct horse", encoded)
    assert not check_password("wrong horse", encoded)


@pytest.mark.only_sqlite
def test_a_test_about_sqlite_runs_on_sqlite() -> None:
    assert connection.vendor == "sqlite"


@pytest.mark.only_postgresql
def test_a_test_about_postgresql_runs_on_postgresql() -> None:
    assert connection.vendor == "postgresql"


@pytest.mark.slow
@pytest.mark.only_sqlite
def test_whoever_skips_or_expects_to_fail_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_excuses.py").write_text(
        "import pytest\n"
        "def test_in_the_middle(): pytest.skip('not today')\n"
        "@pytest.mark.skip\ndef test_before(): pass\n"
        "@pytest.mark.skipif(False, reason='not there')\ndef test_elsewhere(): pass\n"
        "@pytest.mark.xfail\ndef test_expected(): assert False\n"
        "@pytest.mark.xfail\ndef test_unexpected(): pass\n"
        "def test_fine(): pass\n"
    )
    (tmp_path / "test_module.py").write_text("import pytest\npytest.skip(allow_module_level=True)\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "--continue-on-collection-errors"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
    assert re.search(r"= 4 failed, 1 passed, 2 errors in", run.stdout), run.stdout
