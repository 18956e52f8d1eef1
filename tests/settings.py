"""How do tests differ from an installation? A data folder of their own, cheap passwords, no waiting for the disk."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# A developer's own installation must not leak in. DATABASE_URL stays: it says which database the tests run on.
for _name in [name for name in os.environ if name.startswith("SPORTELLO_")]:
    del os.environ[_name]
os.environ["SPORTELLO_DATA"] = _data = tempfile.mkdtemp(prefix="sportello-data-")  # one per process, so per worker
os.environ["SPORTELLO_SECRET_KEY"] = "only-for-tests-0123456789-0123456789-0123456789-0123456789"
atexit.register(shutil.rmtree, _data, ignore_errors=True)

from sportello.config.settings import *  # noqa: E402,F403  the environment comes first
from sportello.config.settings import DATABASES, MIDDLEWARE, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["tests.passwords.QuickArgon2PasswordHasher"]
MIDDLEWARE.remove("sportello.account.middleware.FirstRunMiddleware")  # most tests have no administrator
STATIC_ROOT = Path(_data, "static")  # empty: every test client would look through all assets
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if "init_command" in DATABASES["default"]["OPTIONS"]:
    DATABASES["default"]["OPTIONS"]["init_command"] += ";pragma synchronous=off"
