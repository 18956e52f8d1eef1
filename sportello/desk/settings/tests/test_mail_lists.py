"""Does the list of stuck mail say what is stuck, and what becomes of it?"""

from datetime import UTC, datetime

from django.test import Client
from time_machine import travel

from sportello.channels.email.models import OutgoingMail
from sportello.tickets.testing import make_ticket

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)


def stuck(**columns: object) -> OutgoingMail:
    to = ["ion@client.example"]
    return OutgoingMail.objects.create(
        **{"purpose": "receipt", "to": to, "msgid": "<1@x>", "not_before": NOW} | columns
    )


@travel(NOW, tick=False)
def test_a_stuck_mail_names_its_ticket_its_kind_and_its_next_try(settings_page: Client) -> None:
    ticket = make_ticket(subject="Boiler cold")
    later = datetime(2026, 11, 30, 19, 45, tzinfo=UTC)
    stuck(ticket=ticket, state="deferred", attempts=1, next_try_at=later)
    page = settings_page.get("/desk/mail/stuck/").content.decode()
    assert f'<a href="/desk/tickets/{ticket.pk}/">{ticket.pk} Boiler cold</a>' in page
    assert "Receipt" in page and "tried once" in page and "next try" in page
    assert 'datetime="2026-11-30T19:45' in page or 'datetime="2026-11-30T20:45' in page


@travel(NOW, tick=False)
def test_what_no_ticket_has_is_named_by_its_own_subject_and_is_not_tried_again_once_refused(
    settings_page: Client,
) -> None:
    stuck(purpose="account", subject="Your link", state="failed", attempts=3)
    page = settings_page.get("/desk/mail/stuck/").content.decode()
    assert "Your link" in page and "Account mail" in page and "tried 3 times" in page
    assert "next try" not in page
