"""Do the settings of an installation say what tests replace?"""

from django.contrib.auth.hashers import make_password
from django.test import override_settings

from sportello.api.bodies import largest_body
from sportello.channels.email.smtp_server import Door
from sportello.config import arrivals, env, settings


def test_passwords_are_kept_at_the_cost_that_we_chose() -> None:
    with override_settings(PASSWORD_HASHERS=settings.PASSWORD_HASHERS):
        assert "$m=19456,t=3,p=1$" in make_password("correct horse")


def test_the_largest_limits_fit_into_what_one_network_may_have_under_way() -> None:
    with override_settings(UPLOAD_LIMIT_BYTES=env.LARGEST_UPLOAD_MB * arrivals.MB):
        assert largest_body() <= arrivals._held.most_of_one
    assert Door().room.most_of_one >= env.LARGEST_MAIL_MB * arrivals.MB
