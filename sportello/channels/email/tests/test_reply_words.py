"""What does an answer say besides the agent's words: that it is solved and how, and when the quoted words were said?"""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
import time_machine

from sportello.channels.email.letters import letter_of
from sportello.channels.email.models import OutgoingMail
from sportello.channels.email.quotes import split
from sportello.channels.email.testing import make_mailbox
from sportello.people.testing import make_agent, make_customer
from sportello.tickets.models import Message, Ticket
from sportello.tickets.testing import make_reply, make_ticket

pytestmark = pytest.mark.django_db

EARLY = datetime(2026, 11, 25, 23, 54, tzinfo=UTC)


def asked(zone: str = "Europe/Rome", language: str = "en") -> Ticket:
    requester = make_customer(name="Zoe", time_zone=zone, language=language)
    with time_machine.travel(EARLY, tick=False):
        return make_ticket(team=make_mailbox().team, requester=requester, text="It is cold.")


def texts(message: Message) -> tuple[str, str]:
    letter = message_from_bytes(letter_of(OutgoingMail.objects.get(message=message)), policy=default)
    assert isinstance(letter, EmailMessage)
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain and html
    return plain.get_content().replace("\r\n", "\n"), html.get_content()


@pytest.mark.parametrize("undo_seconds", [0, 10])
def test_an_answer_that_solves_says_so_and_how(undo_seconds: int) -> None:
    ticket = asked()
    solution = "The gateway <b>was</b> restarted."
    agent = make_agent(ticket.team)
    message = make_reply(ticket, agent, "It is warm.", undo_seconds=undo_seconds, then="solved", solution=solution)
    plain, html = texts(message)
    assert f"With this, your request #{ticket.pk} is solved." in plain
    assert f"How it was solved:\n{solution}" in plain and "Answer this mail and the request is open again." in plain
    assert "The gateway &lt;b&gt;was&lt;/b&gt; restarted." in html
    later = make_reply(ticket, agent, "One more thing.")
    assert "solved" not in texts(later)[0]


def test_an_answer_that_solves_nothing_does_not_say_so() -> None:
    ticket = asked()
    assert "solved" not in texts(make_reply(ticket, make_agent(ticket.team), then="waiting"))[0]


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        ("Asia/Tokyo", "en", "On 26 November 2026, 08:54, Zoe wrote:"),
        ("Europe/Rome", "en", "On 26 November 2026, 00:54, Zoe wrote:"),
        ("Mars/Olympus", "en", "On 25 November 2026, 23:54, Zoe wrote:"),
    ],
)
def test_the_quoted_words_were_said_in_the_readers_zone(zone: str, language: str, said: str) -> None:
    ticket = asked(zone, language)
    plain, html = texts(make_reply(ticket, make_agent(ticket.team)))
    assert said in plain and said in html


@pytest.mark.parametrize("language", ["en", "it", "ro"])
def test_our_own_quote_is_folded_when_it_comes_back(language: str) -> None:
    ticket = asked(language=language)
    plain, _html = texts(make_reply(ticket, make_agent(ticket.team)))
    line = next(one for one in plain.splitlines() if "2026" in one)
    assert split(f"Thanks.\n\n{line}\n> We are on it.\n").new.strip() == "Thanks."
