"""`sportello openapi [FILE]`: write what the API publishes about itself, always in the same order."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sportello.api.urls import api
from sportello.kernel.commands import OwnCommand


def described() -> str:
    return json.dumps(api.get_openapi_schema(), indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n"


class Command(OwnCommand):
    help = "Write the description of the API (OpenAPI) to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=Path("docs/openapi.json"))

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        file.write_text(described(), encoding="utf-8")
        self.stdout.write(f"Written: {file}")
