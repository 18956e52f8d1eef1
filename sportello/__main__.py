"""The `sportello` command: Django's management commands under the program's own name."""

import os
import sys

from sportello import __version__


def main() -> None:
    argv = ["sportello", *sys.argv[1:]]
    if len(argv) > 1 and not argv[1].startswith("-"):
        argv[1] = argv[1].replace("-", "_")
    if argv[1:2] == ["run"]:
        from sportello.config.starting import prepare_environment

        prepare_environment(argv[2:])
    if argv[1:] in (["version"], ["--version"]):  # Django would say its own
        sys.stdout.write(f"Sportello {__version__}\n")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
    from django.core.management import ManagementUtility

    try:
        ManagementUtility(argv).execute()
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell says of a program that Ctrl-C ended


if __name__ == "__main__":
    main()
