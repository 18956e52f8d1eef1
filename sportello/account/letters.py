"""Which mails does a person get about their own account? Each with a link that works once, for an hour.

No mail greets by name: a stranger may have given it in a form.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from sportello.channels.outgoing import send_account_mail
from sportello.people.models import Brand, OneTimeLink, User
from sportello.people.models.one_time_link import Purpose
from sportello.people.passwords import count_keys
from sportello.people.roles import Role
from sportello.ui.letters import letter

_VIEWS = {
    Purpose.SIGN_IN: "account:sign_in_by_link",
    Purpose.PASSWORD: "account:password_by_link",
    Purpose.ADDRESS: "account:address_by_link",
}


def send_sign_in_link(address: str, after: str) -> None:
    """Customers come in by link; who works at the desk chooses a password."""
    user = _known(address)
    if user:
        _send(user, Purpose.PASSWORD if user.is_staff else Purpose.SIGN_IN, address, after)


def send_password_link(address: str) -> None:
    user = _known(address)
    if user:
        _send(user, Purpose.PASSWORD, address)


def send_invitation(user: User) -> None:
    _send(user, Purpose.PASSWORD, user.address, letter_name="invitation")


def send_address_link(user: User, address: str) -> None:
    """To an address that nobody else has; the page says the same either way."""
    owner = User.objects.at_address(address)
    if owner is None or owner.pk == user.pk:
        _send(user, Purpose.ADDRESS, address)


def _known(address: str) -> User | None:
    user = User.objects.at_address(address)
    return user if user and user.is_active and user.role != Role.SYSTEM else None


@transaction.atomic
def _send(user: User, purpose: Purpose, address: str, after: str = "", *, letter_name: str = "") -> None:
    token = OneTimeLink.issue(user, purpose, address)
    path = reverse(_VIEWS[purpose], args=[token])
    link = f"{settings.SPORTELLO_URL}{path}" + (f"?{urlencode({'next': after})}" if after else "")
    context = {
        "firm": Brand.current().name,
        "address": address,
        "link": link,
        "tokens": count_keys(user),
        "desk": f"{settings.SPORTELLO_URL}{reverse('account:sign_in')}",
    }
    written = letter(f"account/mail/{letter_name or purpose}.txt", context, user.language)
    send_account_mail(address, written.subject, written.text, user.language)
