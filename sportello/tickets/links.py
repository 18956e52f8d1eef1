"""How does a customer reach a request without an account? By a signed link, bound to request and reader."""

from collections.abc import Callable
from datetime import timedelta

from django.core import signing

from sportello.kernel.slots import Slot
from sportello.people.models import User
from sportello.tickets.models import Ticket

VALID_FOR = timedelta(days=60)
_SALT = "tickets.follow"
_builder: Slot[Callable[[str], str]] = Slot("how a token becomes an address")


class LinkExpired(Exception):
    """The link was right once; a new one can be asked for."""


def follow_token(ticket: Ticket, reader: User) -> str:
    return signing.dumps([ticket.pk, reader.pk], salt=_SALT)


def read_follow_token(token: str) -> tuple[Ticket, User] | None:
    """The request and its reader; None for a forged token or a reader who no longer follows it. Raises LinkExpired."""
    return _read(token, VALID_FOR)


def read_whatever_its_age(token: str) -> tuple[Ticket, User] | None:
    """Only for mailing a fresh link to the reader: an old token shows nothing."""
    return _read(token, None)


def _read(token: str, max_age: timedelta | None) -> tuple[Ticket, User] | None:
    try:
        ticket_id, user_id = signing.loads(token, salt=_SALT, max_age=max_age)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except (signing.BadSignature, ValueError, TypeError):
        return None
    reader = User.objects.filter(pk=user_id, is_active=True).select_related("organisation").first()
    ticket = Ticket.objects.followed_by(reader).with_people().filter(pk=ticket_id).first() if reader else None
    return (ticket, reader) if ticket and reader else None


def reader_at(number: int, address: str) -> tuple[Ticket, User] | None:
    """The request with this number and the person at this address, if they follow it."""
    reader = User.objects.at_address(address)
    ticket = Ticket.objects.followed_by(reader).filter(pk=number).first() if reader else None
    return (ticket, reader) if ticket and reader else None


def build_links_with(builder: Callable[[str], str]) -> None:
    """The portal says how a token becomes an absolute address."""
    _builder.fill(builder)


def follow_link(ticket: Ticket, reader: User) -> str:
    """An absolute address that shows the request to its reader, without signing in."""
    return _builder.given(follow_token(ticket, reader))
