"""Do the desk's pages ask few questions of the database, and no more of them when there is more to show?"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sportello.channels.email.testing import make_mailbox
from sportello.people.models import Brand, User
from sportello.people.testing import make_administrator, make_agent, make_customer, make_team
from sportello.tickets.models import SavedView, Ticket
from sportello.tickets.testing import make_reply, make_ticket

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MANY = 50
ROWS_OF_AN_ANSWER = 11  # on SQLite one more than on PostgreSQL, which tells open screens without a row


@pytest.fixture
def agent() -> User:
    return make_agent(make_team("Heating"))


@pytest.fixture
def client_of_agent(agent: User) -> Client:
    browser = Client()
    browser.force_login(agent)
    return browser


def _ticket(agent: User) -> Ticket:
    team = agent.memberships.select_related("team").get().team
    ticket = make_ticket(team=team, requester=make_customer())
    ticket.tag(by=agent, add=["boiler", "urgent"])
    ticket.assign_to(agent, by=agent)
    return ticket


def _queries(browser: Client, path: str) -> int:
    """Of the second visit: what is remembered in the session has been written by then, and the firm is known."""
    browser.get(path)
    Brand.current()  # asked for once in five seconds, and this machine may be slow
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def test_the_queue_asks_at_most_twelve_questions_for_one_row_and_for_fifty(
    agent: User, client_of_agent: Client
) -> None:
    _ticket(agent)
    for_one = _queries(client_of_agent, "/desk/queue/all/")
    for _each in range(MANY - 1):
        _ticket(agent)
    for word in ("boiler", "status:new", "priority:high", "assignee:me", "is:unread"):
        SavedView.objects.create(name=word, owner=agent, query=word)
    for_many = _queries(client_of_agent, "/desk/queue/all/")
    assert for_many == for_one + 1
    assert for_many <= MOST_QUERIES


def test_an_administrator_has_the_queue_for_as_few() -> None:
    agent = make_agent(make_team("Heating"))
    _ticket(agent)
    browser = Client()
    browser.force_login(make_administrator())
    assert _queries(browser, "/desk/queue/all/") <= MOST_QUERIES


def test_the_ticket_page_asks_at_most_twelve_questions_for_one_message_and_for_fifty(
    agent: User, client_of_agent: Client
) -> None:
    ticket = _ticket(agent)
    make_reply(ticket, agent)
    path = f"/desk/tickets/{ticket.pk}/"
    for_few = _queries(client_of_agent, path)
    for _each in range(MANY - 2):
        make_reply(ticket, agent)
    for_many = _queries(client_of_agent, path)
    assert for_many == for_few
    assert for_many <= MOST_QUERIES


def test_a_search_asks_at_most_twelve_questions_for_one_hit_and_for_fifty(agent: User, client_of_agent: Client) -> None:
    _ticket(agent)
    for_one = _queries(client_of_agent, "/desk/search/?q=thermostats")
    for _each in range(MANY - 1):
        _ticket(agent)
    for_many = _queries(client_of_agent, "/desk/search/?q=thermostats")
    assert for_many == for_one
    assert for_many <= MOST_QUERIES


def _answer(browser: Client, ticket: Ticket) -> tuple[int, int]:
    """How many statements read and how many write, of the second answer."""
    path = f"/desk/tickets/{ticket.pk}/messages/"
    for text in ("We look into it.", "The valve is set."):
        with CaptureQueriesContext(connection) as asked:
            assert browser.post(path, {"kind": "reply", "text": text}).status_code == 302
    statements = [query["sql"].split(maxsplit=1)[0].upper() for query in asked.captured_queries]
    return statements.count("SELECT"), sum(word in ("INSERT", "UPDATE", "DELETE") for word in statements)


def test_an_answer_asks_at_most_twelve_questions_and_writes_each_row_once(agent: User, client_of_agent: Client) -> None:
    """The rows: message, ticket, fact, two of the index of words, mail, its id, its job, what is seen, the form's token."""
    make_mailbox(team=agent.memberships.get().team)
    ticket = _ticket(agent)
    of_few = _answer(client_of_agent, ticket)
    for _each in range(MANY):
        make_reply(ticket, agent)
    of_many = _answer(client_of_agent, ticket)
    assert of_many == of_few
    assert of_many[0] <= MOST_QUERIES
    assert of_many[1] <= ROWS_OF_AN_ANSWER
