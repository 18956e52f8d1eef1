"""What do commands of ours have in common? Their --help shows their own options alone, and their words are text."""

from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand


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


def text(given: str) -> str:
    """Bytes of a command line that are no UTF-8 come as halves of characters, which no database keeps."""
    try:
        given.encode()
    except UnicodeEncodeError as error:
        raise ArgumentTypeError("There is a byte in it that is no text in UTF-8.") from error
    return given
