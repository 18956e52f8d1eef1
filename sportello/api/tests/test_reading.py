"""What does the API tell a customer of our people and of what the desk keeps to itself?"""

from sportello.api.tests.conftest import Call
from sportello.people.models import User
from sportello.tickets.models import Ticket
from sportello.tickets.testing import make_reply


def test_a_customer_learns_the_first_name_of_who_answers(
    as_customer: Call, as_agent: Call, agent: User, ticket: Ticket
) -> None:
    ticket.tag(by=agent, add=["vip"])
    ticket.assign_to(agent, by=agent)
    make_reply(ticket, agent)
    found = as_customer("GET", f"/tickets/{ticket.pk}").json()
    assert (found["tags"], found["assignee_id"], found["assignee"]) == ([], None, "Marta")
    assert found["requester"]["address"] == "guest@hotel.example"
    whole = as_agent("GET", f"/tickets/{ticket.pk}").json()
    assert (whole["tags"], whole["assignee_id"], whole["assignee"]) == (["vip"], agent.pk, "Marta Rinaldi")
    message = as_customer("GET", f"/tickets/{ticket.pk}/messages").json()["items"][0]
    author = message["author"]
    assert (author["name"], author["address"], author["role"], author["time_zone"]) == ("Marta", "", "", "")
    assert (message["reasons"], message["delivery"]) == ([], None)
    for path in ("/tickets", "/search?q=%23" + str(ticket.pk), f"/tickets/{ticket.pk}/messages"):
        said = as_customer("GET", path).content.decode()
        assert agent.address not in said and "vip" not in said and "Rinaldi" not in said
