"""What does --help of a command of ours show? Its own options: what every command takes from Django is left out."""

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
