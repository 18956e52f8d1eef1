"""From a customer's mail to an answered ticket, and back: the main job, end to end."""

import re
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.signing import b62_decode
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tests.browser.desk import Desk, a_mail, eventually, text_of
from tests.dovecot import PASSWORD, Inbox

pytestmark = pytest.mark.browser

CUSTOMER, IN_COPY = "lucia.neri@cliente.example", "ugo.neri@cliente.example"
BY_FORM = "walter@kunde.example"
LINK = re.compile(r"https?://\S+/r/\S+")
Somebody = Callable[..., Person]


def number_of(desk: Desk, subject: str) -> int:
    found: list[int] = [t["number"] for t in desk.api("tickets?limit=20")["items"] if t["subject"] == subject]
    return found[0] if found else 0


def age_of(token: str) -> float:
    """How many seconds ago a form was opened, which its token says."""
    return time.time() - b62_decode(token.split(":")[-2])


def receipt_of(desk: Desk, number: int, mail: EmailMessage) -> EmailMessage:
    """What the customer is told at once: the number, and a link to follow the ticket."""
    (receipt,) = eventually(lambda: desk.sent_to(CUSTOMER, f"#{number}"))
    assert LINK.search(text_of(receipt)) and receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == mail["Message-ID"]
    return receipt


def link_in(mail: EmailMessage) -> str:
    found = LINK.search(text_of(mail))
    assert found
    return found[0]


def asks_by_form(page: Page, subject: str, text: str) -> None:
    """Somebody without an account, in no hurry: who is quicker than three seconds is held softly."""
    page.locator("input[name=address]").fill(BY_FORM)
    page.locator("input[name=name]").fill("Walter Braun")
    page.locator("input[name=subject]").fill(subject)
    page.locator("select[name=topic]").select_option(label="Support")
    page.locator("textarea[name=body]").fill(text)
    eventually(lambda: age_of(page.locator("input[name=token]").first.input_value()) > 3)
    page.locator("form:has(textarea) button.button--primary").first.click()


def test_a_mail_becomes_an_answered_ticket(desk: Desk, somebody: Somebody) -> None:
    agent = somebody()
    agent.signs_in("agent")
    page = agent.goes_to("/desk/queue/unassigned/")
    subject = "The boiler stops with error E42"

    # 1. a mail arrives; the open queue shows it by itself; the customer gets a receipt
    first = a_mail(
        f"Lucia Neri <{CUSTOMER}>",
        desk.about["mailbox"],
        subject,
        "Since last night it stops with E42.",
        Cc=f"Ugo Neri <{IN_COPY}>",
        Message_ID="<first@cliente.example>",
    )
    desk.post_mail(first)
    expect(page.get_by_role("link", name=subject)).to_be_visible(timeout=15_000)
    number = eventually(lambda: number_of(desk, subject))
    link = link_in(receipt_of(desk, number, first))

    # 2. the agent opens it, notes, takes it, answers with a file and lets it wait
    page.get_by_role("link", name=subject).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    expect(page.locator("#timeline")).to_contain_text("Since last night it stops with E42.")
    page.locator(".composer__tab", has_text="Note").click()
    page.locator("textarea[name=text]").fill("Old gateway, the pump is worn.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".message--note")).to_contain_text("the pump is worn")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#header")).to_contain_text("Marta Rinaldi")
    page.locator(".composer__tab", has_text="Reply").click()
    page.locator("textarea[name=text]").fill("Turn it off for a minute, then tell us what it shows.")
    page.locator("input[type=file]").set_input_files(
        {"name": "guide.txt", "mimeType": "text/plain", "buffer": b"1. Off"}
    )
    page.locator("select[name=then]").select_option("waiting")
    page.locator(".composer__send").click()
    expect(page.locator("#header")).to_contain_text("Waiting for customer")
    reply = eventually(lambda: desk.sent_to(CUSTOMER, "Turn it off for a minute"), within=30)[0]
    assert [address.addr_spec for address in reply["To"].addresses] == [CUSTOMER]
    assert [address.addr_spec for address in reply["Cc"].addresses] == [IN_COPY]
    assert reply["Message-ID"] != reply["In-Reply-To"] == "<first@cliente.example>"
    assert "<first@cliente.example>" in reply["References"]
    local, domain = desk.about["mailbox"].split("@")
    assert re.fullmatch(rf"{local}\+r[a-z2-7]+\.[a-z2-7]{{26}}@{domain}", reply["Reply-To"].addresses[0].addr_spec)
    assert "Auto-Submitted" not in reply
    assert [part.get_filename() for part in reply.iter_attachments()] == ["guide.txt"]
    assert "the pump is worn" not in reply.as_string()

    # 3. the customer answers from a mail client: it joins, is open again, unread for its assignee
    answer = a_mail(
        CUSTOMER, str(reply["Reply-To"]), f"Re: {subject}", "Now it shows E43.\n", In_Reply_To=str(reply["Message-ID"])
    )
    agent.goes_to("/desk/queue/mine/")
    desk.post_mail(answer)
    row = page.locator(f"#ticket-{number}")
    expect(row).to_contain_text("Now it shows E43.", timeout=15_000)
    expect(row).to_have_attribute("data-unread", "")
    assert desk.api(f"tickets/{number}")["status"] == "open"

    # 4. the customer follows the link, sees the public thread, and answers there without an account
    customer = somebody()
    theirs = customer.goes_to(link)
    expect(theirs.locator("body")).to_contain_text("Turn it off for a minute")
    assert "the pump is worn" not in theirs.content()
    theirs.locator("textarea").first.fill("It smells of gas too.")
    theirs.locator("form:has(textarea) button.button--primary").first.click()
    expect(theirs.locator("body")).to_contain_text("It smells of gas too.")
    assert customer.barriers_by_day_and_night() == []
    last = eventually(lambda: [m for m in desk.api(f"tickets/{number}/messages")["items"] if "gas" in m["text"]])[0]
    assert last["incoming"] is True

    # 5. the agent solves it and says how; the customer is told; a later answer reopens it
    page = agent.goes_to(f"/desk/tickets/{number}/")
    page.keyboard.press("s")
    page.get_by_label("How was it solved?", exact=False).first.fill("The technician changed the pump.")
    page.get_by_role("button", name="Solve", exact=True).click()
    expect(page.locator("#header")).to_contain_text("Solved")
    told = eventually(lambda: desk.sent_to(CUSTOMER, "The technician changed the pump."))[0]
    assert "Auto-Submitted" not in told  # somebody typed it
    desk.post_mail(a_mail(CUSTOMER, str(told["Reply-To"]), f"Re: {subject}", "It is back again."))
    eventually(lambda: desk.api(f"tickets/{number}")["status"] == "open")

    # 6. another customer asks by the form, without a script; a colleague finds all by number, word, name and address
    guest = somebody(java_script_enabled=False)
    asks_by_form(
        guest.goes_to("/requests/new/"), "Contract for a second house", "We would like a Wartungsvertrag there."
    )
    other = eventually(lambda: number_of(desk, "Contract for a second house"))
    expect(guest.page.locator("body")).to_contain_text(str(other))
    customer.goes_to(guest.page.url)  # in a browser with scripts, which axe needs
    assert customer.barriers_by_day_and_night() == []
    eventually(lambda: desk.sent_to(BY_FORM, f"#{other}"))
    colleague = somebody()
    colleague.signs_in("supervisor")
    wanted = {
        number: (str(number), "E43", "Lucia", CUSTOMER),
        other: (str(other), "Wartungsvertrag", "Walter", BY_FORM),
    }
    for ticket, several in wanted.items():
        for words in several:
            page = colleague.goes_to(f"/desk/search/?q={words}")
            expect(page.locator(f"#ticket-{ticket}")).to_be_visible()
    assert colleague.barriers() == []


@pytest.fixture
def read_by_imap(desk: Desk, inbox: Inbox) -> Iterator[tuple[str, Inbox]]:
    """A mailbox of the walk's team at a real IMAP server: its address, and where its mails lie."""
    address = f"{inbox.user}@alba-termica.example"
    (team,) = [box["team_id"] for box in desk.api("mailboxes") if box["address"] == desk.about["mailbox"]]
    about = {"address": address, "name": "Alba Termica", "team_id": team, "imap_password": PASSWORD}
    made = desk.api("mailboxes", about | inbox.settings)
    now = time.time()  # IMAP tells full seconds, and what is older than the mailbox is not answered
    eventually(lambda: int(time.time()) > now)
    yield address, inbox
    desk.api(f"mailboxes/{made['id']}", {"is_active": False}, method="PATCH")


@pytest.mark.dovecot
def test_a_mail_that_lies_at_an_imap_server_comes_to_an_open_screen_by_itself(
    desk: Desk, somebody: Somebody, read_by_imap: tuple[str, Inbox]
) -> None:
    """The desk reads it by its own schedule, at the next full minute."""
    address, inbox = read_by_imap
    agent = somebody()
    agent.signs_in("agent")
    page = agent.goes_to("/desk/queue/unassigned/")
    subject = "The pump hums at night"
    mail = a_mail(f"Lucia Neri <{CUSTOMER}>", address, subject, "Since Monday.", Message_ID="<hum@cliente.example>")
    inbox.receive(mail.as_bytes())
    expect(page.get_by_role("link", name=subject)).to_be_visible(timeout=90_000)
    number = number_of(desk, subject)
    receipt = receipt_of(desk, number, mail)
    assert receipt["From"].addresses[0].addr_spec == address
    assert desk.api(f"tickets/{number}")["channel"] == "email"
    page.get_by_role("link", name=subject).click()
    expect(page.locator("#timeline")).to_contain_text("Since Monday.")


@pytest.fixture
def window(desk: Desk) -> Iterator[dict[str, Any]]:
    """The team of the walk, whose follow-up window is afterwards as it was."""
    (box,) = [box for box in desk.api("mailboxes") if box["address"] == desk.about["mailbox"]]
    team = desk.api(f"teams/{box['team_id']}")
    yield team
    desk.api(f"teams/{team['id']}", {"follow_up_days": team["follow_up_days"]}, method="PATCH")


def test_an_answer_after_the_follow_up_window_opens_a_linked_ticket(
    desk: Desk, somebody: Somebody, window: dict[str, Any]
) -> None:
    subject = "Radiator cold in the hall"
    desk.post_mail(a_mail(CUSTOMER, desk.about["mailbox"], subject, "It stays cold."))
    number = eventually(lambda: number_of(desk, subject))
    admin = somebody()
    admin.signs_in("administrator")
    page = admin.goes_to(f"/desk/settings/teams/{window['id']}/")
    page.locator("input[name=follow_up_days]").fill("0")
    page.get_by_role("button", name="Save").click()
    eventually(lambda: desk.api(f"teams/{window['id']}")["follow_up_days"] == 0)
    desk.api(f"tickets/{number}/solution", {"note": "Bled the radiator."})
    told = eventually(lambda: desk.sent_to(CUSTOMER, "Bled the radiator."))[0]
    desk.post_mail(a_mail(CUSTOMER, str(told["Reply-To"]), f"Re: {subject}", "Cold again after a month."))
    follow_up = eventually(lambda: [t for t in desk.api("tickets?limit=5")["items"] if t["follow_up_of"] == number])[0]
    assert follow_up["status"] == "new"
    assert desk.api(f"tickets/{number}")["status"] == "solved"


def test_a_reply_is_taken_back_in_time(desk: Desk, somebody: Somebody) -> None:
    subject = "How do I set the clock"
    desk.post_mail(a_mail(CUSTOMER, desk.about["mailbox"], subject, "It is an hour off."))
    number = eventually(lambda: number_of(desk, subject))
    agent = somebody()
    agent.signs_in("agent")
    page = agent.goes_to(f"/desk/tickets/{number}/")
    page.locator("textarea[name=text]").fill("Press menu for long, then wrong words.")
    page.locator(".composer__send").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("textarea[name=text]")).to_have_value("Press menu for long, then wrong words.")
    assert desk.api(f"tickets/{number}")["status"] == "new"
    states: list[Any] = [m["delivery"] for m in desk.api(f"tickets/{number}/messages")["items"]]
    assert "cancelled" in states and "sent" not in states
    agent.goes_to(f"/desk/tickets/{number}/")
    expect(page.locator(".message[data-withdrawn]")).to_be_visible()
    assert agent.barriers_by_day_and_night() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_walk_bars_anyone(desk: Desk, somebody: Somebody, scheme: str) -> None:
    """axe finds no violation of WCAG 2.2 AA."""
    admin = somebody(color_scheme=scheme)
    paths = ["/", "/requests/new/", "/account/sign-in/"]
    found = {path: admin.barriers() for path in paths if admin.goes_to(path)}
    admin.signs_in("administrator")
    ticket = desk.api("tickets?limit=1")["items"][0]
    letter = desk.api("mail/sink?limit=1")["items"][0]["id"]
    inside = [
        "/desk/queue/all/",
        "/desk/queue/mine/",
        f"/desk/tickets/{ticket['number']}/",
        f"/desk/tickets/{ticket['number']}/history/",
        "/desk/search/?q=boiler",
        "/desk/tickets/new/",
        "/desk/people/",
        "/desk/settings/",
        f"/desk/settings/teams/{ticket['team_id']}/",
        "/desk/settings/mailboxes/new/",
        "/desk/settings/staff/new/",
        "/desk/settings/organisations/",
        "/desk/mail/",
        "/desk/mail/stuck/",
        "/desk/mail/sent/",
        f"/desk/mail/sent/{letter}/",
        "/account/",
        "/account/tokens/",
        "/requests/",
    ]
    found |= {path: admin.barriers() for path in inside if admin.goes_to(path)}
    assert {path: barriers for path, barriers in found.items() if barriers} == {}


@pytest.mark.parametrize("width", [1440, 390])
def test_no_form_that_is_refused_bars_anyone(somebody: Somebody, width: int) -> None:
    """axe finds no violation of WCAG 2.2 AA where everything was left out."""
    admin = somebody(viewport={"width": width, "height": 900})
    found = {}

    def is_refused(path: str) -> None:
        page = admin.goes_to(path)
        form = page.locator("form:has(:required)").first
        for field in form.locator(":required:is(input, textarea):not([type=radio], [type=checkbox])").all():
            field.fill("")
        with page.expect_navigation():
            form.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
        expect(page.locator("[aria-invalid=true]").first).to_be_attached()
        found[path] = admin.barriers_by_day_and_night()

    is_refused("/requests/new/")
    admin.signs_in("administrator")
    is_refused("/desk/tickets/new/")
    for place in ("firm", "teams/new", "mailboxes/new", "staff/new", "organisations/new"):
        is_refused(f"/desk/settings/{place}/")
    assert {path: barriers for path, barriers in found.items() if barriers} == {}


def test_an_idle_tab_asks_nothing(desk: Desk, somebody: Somebody) -> None:
    agent = somebody()
    agent.signs_in("agent")
    page = agent.page
    page.wait_for_load_state("load")
    agent.goes_to("/health/")  # which ends the stream of the page before
    page.clock.install()
    with page.expect_response(lambda response: response.request.resource_type == "eventsource"):
        agent.goes_to("/desk/queue/all/")
    page.wait_for_load_state("load")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for("10:00")  # whatever waits on a timer comes to its turn
    last = f"{desk.url}/health/?last"
    page.evaluate("address => fetch(address)", last)
    assert [address for address in asked if "/static/" not in address] == [last]  # the tab's icon comes late
