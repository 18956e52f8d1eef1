"""Does a start read only what the first page needs?"""

import os
import subprocess
import sys
from pathlib import Path

from django.urls import resolve, reverse

START = """
import sys
import django
django.setup()
import sportello.config.management.commands.run, sportello.config.asgi
from django.urls import resolve, reverse
resolve(reverse("account:sign_in"))
print(sorted({name.partition(".")[0] for name in sys.modules} & {"lxml", "ninja", "numpy", "psycopg", "pydantic"}))
"""


def test_a_start_leaves_wide_libraries_for_later(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"SPORTELLO_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "sportello.config.settings"}
    read = subprocess.run([sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True)
    assert read.stdout.strip() == "[]"


def test_addresses_that_come_in_late_can_be_named_and_found() -> None:
    assert reverse("api-v1:openapi-json") == "/api/v1/openapi.json"
    assert resolve("/api/v1/openapi.json").view_name == "api-v1:openapi-json"
