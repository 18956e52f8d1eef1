"""The `sportello` command: Django's management commands under the program's own name."""

import os
import sys

from sportello import __version__
from sportello.kernel.memory import give_back_soon

SERVERS = ("run", "web", "worker", "intake")
SETTLED = ("doctor", "jobs", "token", "import_mail")  # they need a desk that is there already
KEEPERS = (*SERVERS, "migrate", *SETTLED)  # they touch what is kept
ONLY_ASKED = {"-h", "--help", "--version"}  # about the program: nothing is touched

HELP = """usage: sportello COMMAND [options]

  run           the whole desk in one process, with a demo on the first start (bin/run)
  web           pages, API and live updates, as a process of its own
  worker        jobs and the schedule, as a process of its own
  intake        the SMTP door, as a process of its own
  migrate       make the database fit this version
  doctor        what is wrong here, and how to mend it
  jobs          what failed for good: list it, try it again, forget it
  import-mail   take in old mail
  token         make, list and take back tokens for the API
  version       the version of the program

For developers: openapi and events write what the docs hold, build-assets the styles and scripts.
`sportello COMMAND --help` says more.
"""


def main() -> None:
    give_back_soon()
    argv = ["sportello", *sys.argv[1:]]
    if len(argv) > 1 and not argv[1].startswith("-"):
        argv[1] = argv[1].replace("-", "_")
    if said := _about_itself(argv[1:]):
        sys.stdout.write(said)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
    try:
        if argv[1] in KEEPERS and not ONLY_ASKED & {*argv[2:]}:
            _prepare(argv[1], argv[2:])
        from sportello.kernel.commands import OwnCommands

        if argv[1] in KEEPERS and argv[1] != "doctor" and os.environ.get("DATABASE_URL"):
            _knock()
        OwnCommands(argv).execute()
        if argv[1] in SERVERS:
            _leave()
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell says of a program that Ctrl-C ended
    except Exception as error:
        _say(error, with_trace="--traceback" in argv)


def _knock() -> None:
    """A database that does not answer is told at once, and by its own words."""
    from sportello.config.mishaps import knock

    knock()


def _say(error: Exception, *, with_trace: bool) -> None:
    from sportello.config.mishaps import in_words

    if with_trace or not (said := in_words(error)):
        raise error
    sys.exit(f"sportello: {said}")


def _about_itself(words: list[str]) -> str:
    """What Django would answer with its own version and its own commands."""
    if words[:1] in (["version"], ["--version"]):
        return f"Sportello {__version__}\n"
    return HELP if words in ([], ["help"], ["-h"], ["--help"]) else ""


def _leave() -> None:
    from sportello.config.leaving import leave

    leave()


def _prepare(command: str, options: list[str]) -> None:
    """Before the settings are read: they open the folder where everything is kept."""
    from sportello.config import starting

    try:
        if command == "run":
            starting.prepare_run(options)
            return
        if command in SETTLED:
            starting.refuse_without_desk(starting.data_folder())
        starting.keep_private(starting.data_folder())
    except starting.Refused as refusal:
        sys.exit(f"sportello: {refusal}")


if __name__ == "__main__":
    main()
