"""What do our commands have in common? Names and options of their own, the program's version, words that are text."""

import sys
from argparse import ArgumentTypeError
from difflib import get_close_matches
from typing import Any

from django.core.management import ManagementUtility, get_commands
from django.core.management.base import BaseCommand, CommandParser

from sportello import __version__
from sportello.kernel.numbers import row_number


class OwnCommands(ManagementUtility):
    def fetch_command(self, subcommand: str) -> BaseCommand:
        known = get_commands()
        if subcommand in known:
            return super().fetch_command(subcommand)
        typed = typed_as(subcommand)
        ours = [typed_as(name) for name, app in known.items() if str(app).startswith("sportello.")]
        meant = "".join(f" Did you mean {name}?" for name in get_close_matches(typed, ours, 1))
        sys.exit(f"sportello: There is no command {typed}.{meant} `sportello --help` lists them.")


class OwnCommand(BaseCommand):
    requires_system_checks = ()
    suppressed_base_arguments = {
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
    }

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, typed_as(subcommand), **kwargs)

    def get_version(self) -> str:
        return f"Sportello {__version__}"


def typed_as(name: str) -> str:
    """A command's file is a module, so its name has no dash."""
    return name.replace("_", "-")


def number(given: str) -> int:
    """Of a row, as one of our lists gives it."""
    found = row_number(given)
    if found is None:
        raise ArgumentTypeError(f"{typed_as(given)} is no number that a list gives.")
    return found


def text(given: str) -> str:
    """Bytes of a command line that are no UTF-8 come as halves of characters, which no database keeps."""
    try:
        given.encode()
    except UnicodeEncodeError as error:
        raise ArgumentTypeError("There is a byte in it that is no text in UTF-8.") from error
    return given
