"""Does the search page show what a row of the queue shows, mark what was looked for, and say when there is more?"""

from django.test import Client

from sportello.people.models import Team, User
from sportello.people.testing import make_customer, make_organisation
from sportello.tickets.testing import make_ticket


def test_a_hit_shows_organisation_and_tags_and_marks_the_words(desk: Client, agent: User, team: Team) -> None:
    ana = make_customer("ana@hotel.example", "Ana Ionescu", organisation=make_organisation("Hotel Carpatica"))
    ticket = make_ticket(team=team, requester=ana, subject="Valve 312", text="The valve is closed.")
    ticket.tag(by=agent, add=["gold"])
    page = desk.get("/desk/search/", {"q": "valve"}).content.decode()
    assert '<span class="ticket-row__org">Hotel Carpatica</span>' in page
    assert '<span class="tag">gold</span>' in page
    assert "The <mark>valve</mark> is closed." in page
    assert "<mark>Valve</mark> 312</a>" in page
    assert '<span class="count">1 ticket</span>' in page


def test_the_rows_are_walked_with_the_keys_of_the_queue(desk: Client, team: Team) -> None:
    make_ticket(team=team, text="valve")
    page = desk.get("/desk/search/", {"q": "valve"}).content.decode()
    assert "<row-picker" in page and 'name="ticket"' not in page


def test_more_than_fifty_are_called_the_newest_fifty(desk: Client, team: Team) -> None:
    ana = make_customer("ana@hotel.example", "Ana Ionescu")
    for _each in range(50):
        make_ticket(team=team, requester=ana)
    page = desk.get("/desk/search/", {"q": "ionescu"}).content.decode()
    assert '<span class="count">50 tickets</span>' in page
    make_ticket(team=team, requester=ana)
    page = desk.get("/desk/search/", {"q": "ionescu"}).content.decode()
    assert '<span class="count">the newest 50</span>' in page and page.count('<li class="ticket-row"') == 50


def test_conditions_lead_to_the_list_that_reads_them(desk: Client) -> None:
    assert desk.get("/desk/search/?q=status:open+valve")["Location"] == "/desk/queue/all/?q=status%3Aopen+valve"
    for words in ("error:404", "valve", "12"):
        assert desk.get("/desk/search/", {"q": words}).status_code == 200
