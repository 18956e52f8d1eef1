"""The `sportello` command: Django's management commands under the program's own name."""

import os
import sys


def main() -> None:
    argv = ["sportello", *sys.argv[1:]]
    if len(argv) > 1:
        argv[1] = argv[1].replace("-", "_")
    if argv[1:2] == ["run"]:
        from sportello.config.starting import prepare_environment

        prepare_environment(argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
    from django.core.management import ManagementUtility

    ManagementUtility(argv).execute()


if __name__ == "__main__":
    main()
