"""Does the ticket page stand in the right frame: with the view that it came from, or with a word when there is none?"""

from django.test import Client

from sportello.people.models import User
from sportello.tickets import intake
from sportello.tickets.conversation import Words
from sportello.tickets.models import SavedView, Tag, Ticket
from sportello.tickets.words import Channel

STRIP = "pane--strip"


def page_of(desk: Client, ticket: Ticket, query: str = "") -> str:
    return desk.get(f"/desk/tickets/{ticket.pk}/{query}").content.decode()


def test_a_remembered_view_stands_beside_only_the_tickets_that_it_holds(
    desk: Client, agent: User, ticket: Ticket
) -> None:
    assert STRIP not in page_of(desk, ticket)  # the view is Mine, and it is nobody's
    assert STRIP in page_of(desk, ticket, "?queue=mine")  # where one came from stays
    for key, holds in [
        ("unassigned", True),
        ("all", True),
        ("recent", True),
        (f"team-{ticket.team_id}", True),
        ("solved", False),
    ]:
        desk.get(f"/desk/queue/{key}/")
        assert (STRIP in page_of(desk, ticket)) is holds, key
    ticket.assign_to(agent, by=agent)
    for key, holds in [("mine", True), ("unassigned", False)]:
        desk.get(f"/desk/queue/{key}/")
        assert (STRIP in page_of(desk, ticket)) is holds, key
    ticket.solve(by=agent)
    for key, holds in [("mine", False), ("all", False), ("solved", True)]:
        desk.get(f"/desk/queue/{key}/")
        assert (STRIP in page_of(desk, ticket)) is holds, key


def test_a_saved_view_is_asked(desk: Client, agent: User, ticket: Ticket) -> None:
    Tag.named("valve")
    view = SavedView.objects.create(name="Valves", query="tag:valve", owner=agent)
    desk.get(f"/desk/queue/saved-{view.pk}/")
    assert STRIP not in page_of(desk, ticket)
    ticket.tag(by=agent, add=["valve"])
    assert STRIP in page_of(desk, ticket)


def test_an_unknown_ticket_is_named_inside_the_desk(desk: Client) -> None:
    response = desk.get("/desk/tickets/987654/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "You have no ticket 987654" in page and 'class="rail"' in page


def test_why_it_is_here_is_said_once(desk: Client, customer: User, ticket: Ticket) -> None:
    new = intake.NewTicket("Cold", customer, ticket.team, Words(text="It is cold."), channel=Channel.EMAIL)
    mailed = intake.open_ticket(new, cause={"by": "mail"})
    why = page_of(desk, mailed).partition('id="why"')[2]
    assert "E-mail" in why and "opened the ticket" not in why and "by mail" not in why
