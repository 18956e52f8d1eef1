"""Who is it that writes? Addresses, identities and organisations."""

import pytest

from sportello.people.models import User
from sportello.people.testing import make_customer

pytestmark = pytest.mark.django_db


def test_an_address_is_the_same_in_any_case() -> None:
    ana = make_customer("Ana.Ionescu@Example.COM")
    assert ana.address == "ana.ionescu@example.com"
    assert User.objects.at_address(" ANA.ionescu@example.com ") == ana
