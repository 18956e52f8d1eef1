"""An administrator before a browser."""

import pytest
from django.test import Client

from sportello.desk.conftest import browser_of
from sportello.people.models import User
from sportello.people.testing import make_administrator


@pytest.fixture
def administrator(db: None) -> User:
    return make_administrator()


@pytest.fixture
def settings_page(administrator: User) -> Client:
    return browser_of(administrator)
