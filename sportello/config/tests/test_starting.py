"""Is what is kept private and used by one desk at a time, and is nonsense answered in sentences?"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from sportello.config.claim import claim, open_desk, put_note
from sportello.config.env import DEMO_SECRET
from sportello.config.starting import Refused, keep_private, kept_secret, prepare_run, refuse_without_desk
from sportello.config.tests.another_user import a_folder_in_reach, closed_to_this_user
from sportello.kernel.commands import typed_as
from sportello.kernel.ports import free_port

ASK = "import sys; from pathlib import Path; from sportello.config.claim import open_desk; print(open_desk(Path(sys.argv[1])))"


@pytest.fixture(autouse=True)
def _this_process_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("SECRET_KEY", "URL", "DATA", "PORT", "DEMO", "LOG_FORMAT"):
        monkeypatch.setenv(f"SPORTELLO_{name}", "")
        monkeypatch.delenv(f"SPORTELLO_{name}")
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


def _mode(place: Path) -> int:
    return place.stat().st_mode & 0o777


def _program(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "sportello", *arguments]
    outer = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | variables
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=outer)


def test_the_first_start_makes_a_secret_that_stays(tmp_path: Path) -> None:
    first = kept_secret(tmp_path)
    assert len(first) > 50 and kept_secret(tmp_path) == first
    assert _mode(tmp_path / "secret-key") == 0o600


def test_options_become_the_environment(tmp_path: Path) -> None:
    prepare_run(["--port", "8765", "--data", str(tmp_path), "--empty"])
    assert os.environ["SPORTELLO_URL"] == "http://localhost:8765"
    assert os.environ["SPORTELLO_DATA"] == str(tmp_path)


def test_what_is_kept_is_for_its_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    keep_private(data)
    (data / "sportello.sqlite3").touch()
    assert (_mode(data), _mode(data / "sportello.sqlite3")) == (0o700, 0o600)


def test_an_earlier_installation_is_tightened(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for name in ("sportello.sqlite3", "somebody-elses.txt"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    keep_private(tmp_path)
    modes = [_mode(place) for place in (tmp_path, tmp_path / "sportello.sqlite3", tmp_path / "somebody-elses.txt")]
    assert modes == [0o700, 0o600, 0o644]


def test_a_folder_that_everybody_shares_stays_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    keep_private(tmp_path)
    assert _mode(tmp_path) == 0o777


@pytest.mark.parametrize("place", ["a-file", "a-file/below"])
def test_a_place_that_cannot_be_a_folder_is_refused_in_a_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(Refused, match="cannot be the folder where everything is kept"):
        keep_private(tmp_path / place)


@pytest.mark.parametrize("look", [refuse_without_desk, keep_private])
def test_a_folder_of_another_user_is_told_in_a_sentence(
    tmp_path: Path, look: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)  # with PostgreSQL a desk need not lie in the folder
    (tmp_path / "sportello.sqlite3").touch()
    with closed_to_this_user(tmp_path), pytest.raises(Refused, match=re.escape(f"chown -R USER {tmp_path}")):
        look(tmp_path)


def test_a_secret_of_another_user_is_told_in_a_sentence() -> None:
    with a_folder_in_reach() as data:
        kept_secret(data)
        with closed_to_this_user(data / "secret-key"), pytest.raises(Refused, match="chown -R"):
            keep_private(data)


@pytest.mark.parametrize("port", ["0", "8765"])
def test_an_address_that_is_not_ours_is_refused_in_a_sentence(tmp_path: Path, port: str) -> None:
    said = r"^This machine has no address 203\.0\.113\.9\. Choose another with --host\.$"
    with pytest.raises(Refused, match=said):
        prepare_run(["--host", "203.0.113.9", "--port", port, "--data", str(tmp_path)])


@pytest.mark.parametrize("option", ["port", "smtp-port"])
def test_a_taken_port_is_refused_before_anything_is_loaded(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = _program("run", "--port=0", "--smtp-port=0", f"--{option}={port}", "--data", str(tmp_path))
    assert (answer.returncode, answer.stderr) == (
        1, f"sportello: Port {port} is taken. Choose another with --{option}.\n",
    )  # fmt: skip
    assert not (tmp_path / "sportello.sqlite3").exists()


def test_one_port_for_pages_and_mail_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    port = free_port("127.0.0.1")
    answer = _program("run", f"--port={port}", f"--smtp-port={port}", "--data", str(tmp_path))
    assert answer.returncode == 1 and f"Port {port} cannot serve pages and mail." in answer.stderr
    assert not (tmp_path / "sportello.sqlite3").exists()


def test_the_program_says_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    answer = _program("run", "--data", str(tmp_path / "a-file"))
    assert answer.returncode == 1 and "Traceback" not in answer.stderr
    assert answer.stderr.startswith("sportello: ") and answer.stderr.count("\n") == 1


@pytest.mark.parametrize("option", ["--port", "--smtp-port"])
@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_is_none_is_refused(
    option: str, port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        prepare_run([f"{option}={port}", "--data", str(tmp_path)])
    assert f"{port} is not a port. Ports go from 1 to 65535; 0 takes a free one." in capsys.readouterr().err


def test_a_folder_belongs_to_one_desk_at_a_time(tmp_path: Path) -> None:
    assert open_desk(tmp_path) is None
    (tmp_path / "run.json").write_text('{"url": "http://left.by.a.crash.example"}')
    assert claim(tmp_path)
    assert open_desk(tmp_path) == {}
    put_note(tmp_path, {"url": "http://localhost:8731"})
    asked = subprocess.run([sys.executable, "-c", ASK, str(tmp_path)], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "{'url': 'http://localhost:8731'}"
    second = _program("run", "--data", str(tmp_path), "--port", "0", "--smtp-port", "0")
    assert second.returncode == 1 and second.stderr.count("\n") == 1
    assert "This desk is already open at http://localhost:8731." in second.stderr
    assert (tmp_path / "run.json").exists()


def test_a_desk_that_died_lets_go(tmp_path: Path) -> None:
    take = "import sys; from pathlib import Path; from sportello.config.claim import claim; assert claim(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", take, str(tmp_path)], check=True)
    assert open_desk(tmp_path) is None and claim(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("DATABASE_URL", "garbage", "It begins with postgres://"), ("DATABASE_URL", "mysql://x", "It begins with postgres://"),
     ("DATABASE_URL", "postgres://a@b:port/c", "It begins with postgres://"),
     ("SPORTELLO_UPLOAD_LIMIT_MB", "abc", "It is a whole number, such as 20."), ("SPORTELLO_UPLOAD_LIMIT_MB", "-1", "It is a number from 1"),
     ("SPORTELLO_UPLOAD_LIMIT_MB", "0", "It is a number from 1"), ("SPORTELLO_UPLOAD_LIMIT_MB", "91", "It is a number from 1 to 90."),
     ("SPORTELLO_MAIL_LIMIT_MB", "0", "It is a number from 1"), ("SPORTELLO_MAIL_LIMIT_MB", "201", "It is a number from 1 to 200."),
     ("SPORTELLO_TRUSTED_PROXIES", "10.0.0.2,zzz", "It is addresses and networks, as in 10.0.0.2,172.16.0.0/12. Not so: zzz."),
     ("SPORTELLO_TRUSTED_PROXIES", "10.0.0.2/8", "It is addresses and networks"), ("SPORTELLO_TRUSTED_PROXIES", "*", "It is addresses"),
     ("SPORTELLO_HOSTS", "https://help.example.com", "It is names of hosts"), ("SPORTELLO_HOSTS", "a.example:8000", "It is names of hosts"),
     ("SPORTELLO_SEAL_KEYS", "one,,two", "It is one key, or several with commas between. Not so: (nothing)."),
     ("SPORTELLO_LOG_FORMAT", "xml", "It is json or text."),
     ("SPORTELLO_DEBUG", "maybe", "It is 1 or 0."), ("SPORTELLO_URL", "https://help example.com", "It is the address"),
     ("SPORTELLO_URL", "https://user:pw@help.example.com", "It is the address"), ("SPORTELLO_URL", "https://*", "It is the address"),
     ("SPORTELLO_URL", "https://a.example?", "It ends with the host"), ("SPORTELLO_URL", "https://a.example/#", "It ends with the host"),
     ("SPORTELLO_URL", "help.example.com", "It is the address"),
     ("SPORTELLO_URL", "http://[", "It is the address"), ("SPORTELLO_URL", "https://a.example/sub", "It ends with the host")],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named_in_one_line(name: str, value: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "sportello.sqlite3").touch()
    answer = _program("doctor", **{"SPORTELLO_DATA": str(tmp_path), name: value})
    assert answer.returncode == 1 and answer.stderr.count("\n") == 1
    assert answer.stderr.startswith(f"sportello: {name} cannot be used: {said}")


def test_lists_may_have_blanks_between(tmp_path: Path) -> None:
    lists = {"HOSTS": "a.example, .b.example, [::1]", "TRUSTED_PROXIES": "10.0.0.2, fd00::/8", "SEAL_KEYS": "one, two"}
    outer = {f"SPORTELLO_{name}": value for name, value in lists.items()} | {"SPORTELLO_DATA": str(tmp_path)}
    show = "from sportello.config import env; print(env.HOSTS, env.TRUSTED_PROXIES, env.SEAL_KEYS)"
    answer = subprocess.run(
        [sys.executable, "-c", show], capture_output=True, text=True, env=os.environ | outer, check=True
    )
    assert answer.stdout == "['a.example', '.b.example', '[::1]'] ['10.0.0.2', 'fd00::/8'] ['one', 'two']\n"


def test_what_is_empty_is_as_unset_and_an_address_is_written_in_one_way(tmp_path: Path) -> None:
    names = (
        "SPORTELLO_DEBUG",
        "SPORTELLO_UPLOAD_LIMIT_MB",
        "SPORTELLO_LOG_FORMAT",
        "SPORTELLO_SEAL_KEYS",
        "DATABASE_URL",
    )
    outer = dict.fromkeys(names, "") | {
        "SPORTELLO_URL": " HTTPS://Help.Example.com:8443/ ",
        "SPORTELLO_DATA": str(tmp_path),
    }
    show = "from sportello.config import env; print(env.DEBUG, env.UPLOAD_LIMIT_MB, env.LOG_FORMAT, env.SEAL_KEYS, env.URL)"
    answer = subprocess.run(
        [sys.executable, "-c", show], capture_output=True, text=True, env=os.environ | outer, check=True
    )
    assert answer.stdout == "False 20 json [] https://help.example.com:8443\n"


def test_an_empty_secret_is_none(tmp_path: Path) -> None:
    (tmp_path / "sportello.sqlite3").touch()  # a desk, if an empty one
    answer = _program("doctor", SPORTELLO_DATA=str(tmp_path), SPORTELLO_SECRET_KEY="", DATABASE_URL="")
    assert "secret key: known to everybody\n      Set SPORTELLO_SECRET_KEY to a secret of your own" in answer.stdout
    os.environ["SPORTELLO_SECRET_KEY"] = ""
    (tmp_path / "secret-key").touch()  # as a full disk leaves it
    prepare_run(["--port", "0", "--smtp-port", "0", "--data", str(tmp_path)])
    assert len(os.environ["SPORTELLO_SECRET_KEY"]) > 50
    assert os.environ["SPORTELLO_SECRET_KEY"] == (tmp_path / "secret-key").read_text()


@pytest.mark.parametrize("secret", [DEMO_SECRET, "short", "a" * 50])
def test_a_desk_that_is_no_demo_does_not_start_with_a_weak_secret(tmp_path: Path, secret: str) -> None:
    options = ("run", "--empty", "--port=0", "--smtp-port=0", "--data", str(tmp_path))
    answer = _program(*options, SPORTELLO_SECRET_KEY=secret, DATABASE_URL="")
    assert answer.returncode == 1 and answer.stdout == "" and answer.stderr.count("\n") == 1
    assert "Set SPORTELLO_SECRET_KEY to a secret of your own of at least 32 random characters." in answer.stderr


@pytest.mark.parametrize("command", [
    "run --port=0 --smtp-port=0", "web --port=0", "worker", "intake --smtp-port=0", "migrate", "token list", "import-mail .",
])  # fmt: skip
def test_a_damaged_file_is_told_in_one_line_with_how_it_is_mended(tmp_path: Path, command: str) -> None:
    file = tmp_path / "sportello.sqlite3"
    file.write_bytes(b"noise" * 20)
    secret = "a secret of our own, for this test alone"
    variables = {"SPORTELLO_DATA": str(tmp_path), "SPORTELLO_SECRET_KEY": secret, "DATABASE_URL": ""}
    answer = _program(*command.split(), **variables)
    assert answer.returncode == 1 and answer.stderr == (
        "sportello: The database does not answer: file is not a database. "
        f"{file} is damaged: stop the program, and bring that file back from a backup.\n"
    )


def test_the_doctor_knows_that_sqlite_has_no_server(tmp_path: Path) -> None:
    file = tmp_path / "sportello.sqlite3"
    file.write_bytes(b"noise" * 20)
    damaged = _program("doctor", SPORTELLO_DATA=str(tmp_path), DATABASE_URL="")
    assert f"{file} is damaged: stop the program, and bring that file back from a backup." in damaged.stdout
    file.unlink()
    file.mkdir()
    unopened = _program("doctor", SPORTELLO_DATA=str(tmp_path), DATABASE_URL="")
    for answer in (damaged, unopened):
        assert (answer.returncode, answer.stderr) == (1, "") and "storage: " in answer.stdout
        assert answer.stdout.count("does not answer") == 1 and "DATABASE_URL" not in answer.stdout
    assert f"See that this user may read and write {file}" in unopened.stdout


def test_a_database_that_is_not_there_is_told_at_once_and_by_its_own_words(tmp_path: Path) -> None:
    nobody = f"postgres://sportello@127.0.0.1:{free_port('127.0.0.1')}/x"
    began = time.monotonic()
    answer = _program("migrate", SPORTELLO_DATA=str(tmp_path), DATABASE_URL=nobody)
    assert time.monotonic() - began < 15  # the pool would try for 30 seconds
    assert answer.returncode == 1 and answer.stderr.count("\n") == 1
    assert answer.stderr.startswith("sportello: The database does not answer: ") and "refused" in answer.stderr


@pytest.mark.parametrize("command", ["doctor", "jobs list", "token add --user ana@example.com", "import-mail ."])
def test_a_folder_without_a_desk_is_told_and_nothing_is_made(command: str, tmp_path: Path) -> None:
    answer = _program(*command.split(), SPORTELLO_DATA=str(tmp_path / "no"), DATABASE_URL="")
    assert answer.returncode == 1 and answer.stderr.count("\n") == 1
    assert answer.stderr.startswith("sportello: There is no desk in ") and not (tmp_path / "no").exists()


def test_missing_tables_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "sportello.sqlite3").touch()
    answer = _program("token", "list", SPORTELLO_DATA=str(tmp_path), DATABASE_URL="")
    assert answer.returncode == 1 and answer.stderr.count("\n") == 1
    assert answer.stderr.endswith("Run: sportello migrate\n")


def test_the_doctor_tells_a_dead_database_once_with_its_cause(tmp_path: Path) -> None:
    nobody = f"postgres://sportello@127.0.0.1:{free_port('127.0.0.1')}/x"
    began = time.monotonic()
    answer = _program("doctor", SPORTELLO_DATA=str(tmp_path), DATABASE_URL=nobody)
    assert time.monotonic() - began < 15
    assert (answer.returncode, answer.stderr) == (1, "")
    assert answer.stdout.count("does not answer") == 1 and "refused" in answer.stdout
    assert "storage: " in answer.stdout


def test_the_doctor_tells_missing_tables_once(tmp_path: Path) -> None:
    (tmp_path / "sportello.sqlite3").touch()
    answer = _program("doctor", SPORTELLO_DATA=str(tmp_path), DATABASE_URL="")
    assert "migrations are missing\n      Run: sportello migrate" in answer.stdout
    assert "no such table" not in answer.stdout and "does not answer" not in answer.stdout


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("import-mial", "There is no command import-mial. Did you mean import-mail?"),
        ("zzz", "There is no command zzz."),
    ],
)
def test_a_command_that_is_none_is_answered_with_the_names_of_ours(typed: str, said: str) -> None:
    answer = _program(typed)
    assert (answer.returncode, answer.stderr) == (1, f"sportello: {said} `sportello --help` lists them.\n")


def test_migrate_offers_nothing_that_would_leave_the_database_half_way() -> None:
    said = _program("migrate", "--help").stdout
    assert "Make the database fit this version." in said
    assert "--fake" not in said and "--settings" not in said and "--database" not in said


def test_a_command_calls_itself_as_it_is_typed() -> None:
    assert _program("build-assets", "--help").stdout.startswith("usage: sportello build-assets ")


def test_the_help_names_every_command_of_ours() -> None:
    ours = {typed_as(name) for name, app in get_commands().items() if str(app).startswith("sportello.")}
    said = _program("--help").stdout
    assert said == _program().stdout
    assert {name for name in ours if not re.search(rf"\b{name}\b", said)} == set()
    assert "flush" not in said and "runserver" not in said
