"""Did a person send this form? What looks like a machine is kept and marked, never lost."""

import secrets
from datetime import timedelta

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext_noop

from sportello.kernel.limits import take
from sportello.people.models import User
from sportello.tickets.models import Submission, Ticket

TOO_FAST = timedelta(seconds=2)
MOST_IN_AN_HOUR = 300
TAG = "check-first"
SIGNS = {  # what agents read beside the message
    "trap": gettext_noop("A machine may have sent it: a field that nobody sees was filled in"),
    "no-token": gettext_noop("A machine may have sent it: the form was never opened here"),
    "too-fast": gettext_noop("A machine may have sent it: it came within two seconds"),
    "token-used-twice": gettext_noop("A machine may have sent it: one form brought several requests"),
    "flood": gettext_noop("A machine may have sent it: very many came within an hour"),
}
_signer = TimestampSigner(salt="portal.form")


def dated_token() -> str:
    """For one form: it tells a second sending from a first one, and how long somebody wrote."""
    return _signer.sign(secrets.token_urlsafe(12))


def suspicion(token: str, *, trap: str) -> str:
    """Why this may come from a machine, as one of SIGNS; "" for a person. `trap` stood in a field nobody sees."""
    if trap:
        return "trap"
    try:
        _signer.unsign(token)
    except BadSignature:
        return "no-token"
    if _was_signed_within(token, TOO_FAST):
        return "too-fast"
    if Submission.objects.of_token(token).exists():
        return "token-used-twice"
    if not take("guest-requests", "", limit=MOST_IN_AN_HOUR, per=timedelta(hours=1)):
        return "flood"
    return ""


def _was_signed_within(token: str, age: timedelta) -> bool:
    try:
        _signer.unsign(token, max_age=age)
    except SignatureExpired:
        return False
    return True


def mark(ticket: Ticket, code: str) -> None:
    """Let agents see that nobody vouches for it, and why."""
    cause = {"by": "form guard", "reason": code}
    ticket.tag(by=User.objects.system(), add=[TAG], cause=cause)
