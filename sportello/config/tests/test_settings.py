"""Do the settings of an installation say what tests replace?"""

from django.contrib.auth.hashers import make_password
from django.test import override_settings

from sportello.config import settings


def test_passwords_are_kept_at_the_cost_that_we_chose() -> None:
    with override_settings(PASSWORD_HASHERS=settings.PASSWORD_HASHERS):
        assert "$m=19456,t=3,p=1$" in make_password("correct horse")
