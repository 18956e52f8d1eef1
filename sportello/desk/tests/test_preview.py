"""What does an agent read of a ticket without opening it?"""

import pytest
from django.test import Client
from django.utils import timezone

from sportello.people.testing import make_agent, make_customer, make_team
from sportello.tickets.models import TicketSeen
from sportello.tickets.testing import make_note, make_ticket

pytestmark = pytest.mark.django_db


def preview(browser: Client, number: int) -> str:
    response = browser.get(f"/desk/queue/all/preview/{number}/")
    assert response.status_code == 200
    return str(response.content, "utf-8")


def test_a_preview_shows_the_newest_messages_and_leads_to_an_answer() -> None:
    agent = make_agent(make_team("Heating"))
    ticket = make_ticket(team=agent.memberships.get().team, requester=make_customer(), subject="No heat")
    for text in ("First", "Second", "Third", "Fourth"):
        make_note(ticket, agent, text)
    browser = Client()
    browser.force_login(agent)
    page = preview(browser, ticket.pk)
    assert "No heat" in page
    assert [text for text in ("First", "Second", "Third", "Fourth") if text in page] == ["Second", "Third", "Fourth"]
    assert f"/desk/tickets/{ticket.pk}/?queue=all#composer" in page


def test_who_may_not_reply_is_offered_no_reply_and_a_look_at_the_preview_reads_nothing() -> None:
    agent = make_agent(make_team("Heating"), role="light_agent")
    ticket = make_ticket(team=agent.memberships.get().team, requester=make_customer())
    browser = Client()
    browser.force_login(agent)
    before = timezone.now()
    assert "#composer" not in preview(browser, ticket.pk)
    assert not TicketSeen.objects.filter(user=agent, at__gte=before).exists()
