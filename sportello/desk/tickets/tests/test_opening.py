"""How does an agent open a ticket for somebody who called or came by?"""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sportello.channels.email.testing import make_mailbox
from sportello.desk.conftest import browser_of
from sportello.people.models import Team, User
from sportello.people.models.team import join_team
from sportello.people.roles import Role
from sportello.people.testing import make_administrator, make_agent, make_customer, make_team
from sportello.tickets.models import Ticket

URL = "/desk/tickets/new/"


@pytest.fixture
def call(team: Team) -> dict[str, Any]:
    return {
        "requester": "Elena@Clinica.example",
        "name": "Elena Dumitru",
        "team": team.pk,
        "channel": "phone",
        "priority": "3",
        "subject": "Red light",
        "text": "It blinks three times.",
    }


def test_a_call_becomes_a_ticket(desk: Client, agent: User, call: dict[str, Any]) -> None:
    response = desk.post(URL, call)
    ticket = Ticket.objects.get()
    assert response.status_code == 302 and response["Location"] == f"/desk/tickets/{ticket.pk}/"
    assert (ticket.subject, ticket.channel, ticket.priority) == ("Red light", "phone", 3)
    assert (ticket.requester.address, ticket.requester.name) == ("elena@clinica.example", "Elena Dumitru")
    opened = ticket.timeline.first()
    assert opened and opened.actor == agent
    message = ticket.messages.get()
    assert message.text == "It blinks three times." and message.author == ticket.requester and message.incoming


def test_somebody_who_is_known_stays_who_they_are(desk: Client, call: dict[str, Any]) -> None:
    elena = make_customer("elena@clinica.example", "Dr. Elena Dumitru")
    desk.post(URL, call)
    assert Ticket.objects.get().requester == elena
    elena.refresh_from_db()
    assert elena.name == "Dr. Elena Dumitru"


def test_files_come_along_up_to_the_stated_limit(desk: Client, call: dict[str, Any], settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2 * 1024 * 1024
    assert "Up to 2.0 MB together" in desk.get(URL).content.decode()
    letter = SimpleUploadedFile("letter.txt", b"Dear all", "text/plain")
    desk.post(URL, call | {"files": [letter, SimpleUploadedFile("photo.png", b"png", "image/png")]})
    message = Ticket.objects.get().messages.get()
    assert [(file.name, file.size) for file in message.attachments.order_by("id")] == [
        ("letter.txt", 8),
        ("photo.png", 3),
    ]
    heavy = SimpleUploadedFile("film.mp4", b"x" * (2 * 1024 * 1024 + 1), "video/mp4")
    refused = desk.post(URL, call | {"files": [heavy]})
    assert refused.status_code == 422
    assert "The files are larger than 2 MB in total." in refused.content.decode()
    assert Ticket.objects.count() == 1


def test_a_note_for_colleagues_goes_along(desk: Client, agent: User, call: dict[str, Any]) -> None:
    desk.post(URL, call | {"note": "She sounds worried."})
    note = Ticket.objects.get().messages.get(kind="note")
    assert note.text == "She sounds worried." and note.author == agent


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("requester", ""),
        ("requester", "nobody"),
        ("requester", "a@example.com, b@example.com"),
        ("requester", "a@example.com\r\nBcc: b@example.com"),
        ("team", ""),
        ("team", "999"),
        ("team", "nonsense"),
        ("channel", "api"),
        ("priority", "9"),
        ("priority", ""),
        ("subject", " "),
        ("subject", "x" * 251),
        ("text", ""),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_the_rest_kept(
    desk: Client, call: dict[str, Any], field: str, value: str
) -> None:
    response = desk.post(URL, call | {field: value})
    page = response.content.decode()
    assert response.status_code == 422 and 'aria-invalid="true"' in page
    assert field == "subject" or "Red light" in page
    assert field == "text" or "It blinks three times." in page
    assert not Ticket.objects.exists() and not User.objects.customers().exists()


def test_b137_an_address_of_ours_asks_for_nothing(desk: Client, call: dict[str, Any]) -> None:
    make_mailbox("support@desk.example")
    response = desk.post(URL, call | {"requester": "Support@desk.example"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "That is one of our own addresses." in page and "It blinks three times." in page
    assert not Ticket.objects.exists()


def test_only_ones_own_counters_are_offered(desk: Client, call: dict[str, Any]) -> None:
    billing = make_team("Billing")
    page = desk.get(URL).content.decode()
    assert "Technical" in page and "Billing" not in page
    assert desk.post(URL, call | {"team": billing.pk}).status_code == 422


def test_a_light_agent_opens_none(team: Team, call: dict[str, Any]) -> None:
    light = browser_of(make_agent(team, role=Role.LIGHT_AGENT))
    assert light.post(URL, call).status_code == 403 and not Ticket.objects.exists()
    agent = browser_of(make_agent(team))
    for page in ("/desk/queue/all/", "/desk/palette/"):
        assert f'"{URL}"' not in light.get(page).content.decode() and f'"{URL}"' in agent.get(page).content.decode()


def test_people_are_suggested_as_one_types(desk: Client) -> None:
    make_customer("elena@clinica.example", "Elena Dumitru")
    make_customer("andrei@hotel.example", "Andrei Munteanu")
    for typed in ("elen", "dumi", "clinica"):
        options = desk.get(f"{URL}people/?requester={typed}").content.decode()
        assert 'value="elena@clinica.example"' in options and "andrei" not in options


def test_customers_are_told_nobody(team: Team) -> None:
    assert browser_of(make_customer()).get(f"{URL}people/?requester=a").status_code == 403


def test_it_goes_to_a_colleague_with_tags_and_copies_at_once(desk: Client, team: Team, call: dict[str, Any]) -> None:
    davide = make_agent(team, name="Davide Conti")
    more = {"assignee": davide.pk, "tags": "gateway, red light ,", "cc": "luca@clinica.example; ana@clinica.example"}
    assert desk.post(URL, call | more).status_code == 302
    ticket = Ticket.objects.get()
    assert ticket.assignee == davide
    assert ticket.tag_names == ["gateway", "red-light"]
    assert sorted(ticket.participants.values_list("address", flat=True)) == [
        "ana@clinica.example",
        "luca@clinica.example",
    ]


def test_who_does_not_answer_there_cannot_get_it(desk: Client, agent: User, team: Team, call: dict[str, Any]) -> None:
    billing = make_team("Billing")
    join_team(agent, billing)
    oliver = make_agent(billing, name="Oliver Hayes")
    response = desk.post(URL, call | {"assignee": oliver.pk})
    assert response.status_code == 422 and "Oliver Hayes does not answer in Technical." in response.content.decode()
    light = make_agent(team, role=Role.LIGHT_AGENT, name="Noor Haddad")
    assert desk.post(URL, call | {"assignee": light.pk}).status_code == 422
    assert "Noor Haddad" not in desk.get(URL).content.decode()
    assert not Ticket.objects.exists()


def test_a_wrong_address_in_copy_is_named(desk: Client, call: dict[str, Any]) -> None:
    response = desk.post(URL, call | {"cc": "luca@clinica.example, nobody"})
    assert response.status_code == 422 and "nobody is not a mail address." in response.content.decode()


def test_the_counter_is_ones_own_or_the_one_that_was_looked_at(team: Team) -> None:
    billing, chosen = make_team("Billing"), '<option value="{}" selected>'
    administrator = browser_of(make_administrator())
    assert "Choose a team</option>" in administrator.get(URL).content.decode()
    administrator.get(f"/desk/queue/team-{team.pk}/")
    assert chosen.format(team.pk) in administrator.get(URL).content.decode()
    own = browser_of(make_agent(team))
    assert chosen.format(team.pk) in own.get(URL).content.decode() and billing.name not in own.get(URL).content.decode()


def test_more_tags_than_are_taken_at_once_are_told_in_place_of_dropped(
    desk: Client, team: Team, call: dict[str, Any]
) -> None:
    shown = desk.post(URL, call | {"tags": ",".join(f"tag{n}" for n in range(51))})
    assert shown.status_code == 422 and "At most 50 tags." in shown.content.decode()
    assert not Ticket.objects.exists()


def test_more_addresses_than_are_taken_at_once_are_told_in_place_of_dropped(
    desk: Client, team: Team, call: dict[str, Any]
) -> None:
    shown = desk.post(URL, call | {"cc": ",".join(f"guest{n}@example.com" for n in range(51))})
    assert shown.status_code == 422 and "At most 50 addresses." in shown.content.decode()
    assert not Ticket.objects.exists()
    desk.post(URL, call | {"cc": ",".join(f"guest{n}@example.com" for n in [*range(50), 0])})
    assert Ticket.objects.get().participants.count() == 50
