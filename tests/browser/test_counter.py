"""From a customer's mail to an answered ticket, and back: the main job, end to end."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.signing import b62_decode
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.desk import Desk, a_mail, eventually, text_of

pytestmark = pytest.mark.browser

CUSTOMER = "lucia.neri@cliente.example"
LINK = re.compile(r"https?://\S+/r/\S+")
Somebody = Callable[..., Person]


def number_of(desk: Desk, subject: str) -> int:
    found: list[int] = [t["number"] for t in desk.api("tickets?limit=20")["items"] if t["subject"] == subject]
    return found[0] if found else 0


def age_of(token: str) -> float:
    """How many seconds ago a form was opened, which its token says."""
    return time.time() - b62_decode(token.split(":")[-2])


def test_a_mail_becomes_an_answered_ticket(desk: Desk, somebody: Somebody) -> None:
    agent = somebody()
    agent.signs_in("agent")
    page = agent.goes_to("/desk/queue/unassigned/")
    subject = "The boiler stops with error E42"

    # 1. a mail arrives; the open queue shows it by itself; the customer gets a receipt
    desk.post_mail(
        a_mail(
            f"Lucia Neri <{CUSTOMER}>",
            desk.about["mailbox"],
            subject,
            "Since last night it stops with E42.",
            Message_ID="<first@cliente.example>",
        )
    )
    expect(page.get_by_role("link", name=subject)).to_be_visible(timeout=15_000)
    number = eventually(lambda: number_of(desk, subject))
    receipt = eventually(lambda: desk.sent_to(CUSTOMER))[0]
    assert f"#{number}" in text_of(receipt)
    link = LINK.search(text_of(receipt))
    assert link and receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == "<first@cliente.example>"

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
    assert reply["In-Reply-To"] == "<first@cliente.example>"
    assert "<first@cliente.example>" in reply["References"]
    assert reply["Reply-To"].addresses[0].addr_spec != desk.about["mailbox"]
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
    theirs = customer.goes_to(link[0])
    expect(theirs.locator("body")).to_contain_text("Turn it off for a minute")
    assert "the pump is worn" not in theirs.content()
    theirs.locator("textarea").first.fill("It smells of gas too.")
    theirs.locator("form:has(textarea) button.button--primary").first.click()
    expect(theirs.locator("body")).to_contain_text("It smells of gas too.")
    assert customer.barriers() == []
    last = eventually(lambda: [m for m in desk.api(f"tickets/{number}/messages")["items"] if "gas" in m["text"]])[0]
    assert last["incoming"] is True

    # 5. the agent solves it and says how; the customer is told; a later answer reopens it
    page = agent.goes_to(f"/desk/tickets/{number}/")
    page.keyboard.press("s")
    page.get_by_label("How was it solved?", exact=False).first.fill("The technician changed the pump.")
    page.get_by_role("button", name="Solve", exact=True).click()
    expect(page.locator("#header")).to_contain_text("Solved")
    told = eventually(lambda: desk.sent_to(CUSTOMER, "The technician changed the pump."))[0]
    assert told["Auto-Submitted"] == "auto-replied"
    desk.post_mail(a_mail(CUSTOMER, str(told["Reply-To"]), f"Re: {subject}", "It is back again."))
    eventually(lambda: desk.api(f"tickets/{number}")["status"] == "open")

    # 6. found by number, word, name and address
    for words in (str(number), "E43", "Lucia", CUSTOMER):
        page = agent.goes_to(f"/desk/search/?q={words}")
        expect(page.locator(f"#ticket-{number}")).to_be_visible()
    assert agent.barriers() == []


def test_an_answer_after_the_follow_up_window_opens_a_linked_ticket(desk: Desk, somebody: Somebody) -> None:
    subject = "Radiator cold in the hall"
    desk.post_mail(a_mail(CUSTOMER, desk.about["mailbox"], subject, "It stays cold."))
    number = eventually(lambda: number_of(desk, subject))
    admin = somebody()
    admin.signs_in("administrator")
    team = desk.api(f"tickets/{number}")["team_id"]
    page = admin.goes_to(f"/desk/settings/teams/{team}/")
    page.locator("input[name=follow_up_days]").fill("0")
    page.get_by_role("button", name="Save").click()
    desk.api(f"tickets/{number}/solution", {"note": "Bled the radiator."})
    told = eventually(lambda: desk.sent_to(CUSTOMER, "Bled the radiator."))[0]
    desk.post_mail(a_mail(CUSTOMER, str(told["Reply-To"]), f"Re: {subject}", "Cold again after a month."))
    follow_up = eventually(lambda: [t for t in desk.api("tickets?limit=5")["items"] if t["follow_up_of"] == number])[0]
    assert follow_up["status"] == "new"
    assert desk.api(f"tickets/{number}")["status"] == "solved"
    page = admin.goes_to(f"/desk/settings/teams/{team}/")
    page.locator("input[name=follow_up_days]").fill("14")
    page.get_by_role("button", name="Save").click()


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


def test_a_request_by_the_portal_form_needs_no_script(desk: Desk, somebody: Somebody) -> None:
    customer = somebody(java_script_enabled=False)
    page = customer.goes_to("/requests/new/")
    page.locator("input[name=address]").fill("walter@kunde.example")
    page.locator("input[name=name]").fill("Walter Braun")
    page.locator("input[name=subject]").fill("Contract for a second house")
    page.locator("select[name=topic]").select_option(label="Support")
    page.locator("textarea[name=body]").fill("We would like the same contract there.")
    eventually(
        lambda: age_of(page.locator("input[name=token]").first.input_value()) > 3
    )  # what is quicker is held softly
    page.locator("form:has(textarea) button.button--primary").first.click()
    number = eventually(lambda: number_of(desk, "Contract for a second house"))
    expect(page.locator("body")).to_contain_text(str(number))
    eventually(lambda: desk.sent_to("walter@kunde.example"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_walk_bars_anyone(desk: Desk, somebody: Somebody, scheme: str) -> None:
    """axe finds no violation of WCAG 2.2 AA."""
    admin = somebody(color_scheme=scheme)
    paths = ["/", "/requests/new/", "/account/sign-in/"]
    found = {path: admin.barriers() for path in paths if admin.goes_to(path)}
    admin.signs_in("administrator")
    ticket = desk.api("tickets?limit=1")["items"][0]["number"]
    inside = [
        "/desk/queue/all/",
        f"/desk/tickets/{ticket}/",
        f"/desk/tickets/{ticket}/history/",
        "/desk/search/?q=boiler",
        "/desk/tickets/new/",
        "/desk/people/",
        "/desk/settings/",
        "/desk/settings/mailboxes/new/",
        "/desk/settings/organisations/",
        "/desk/mail/",
        "/desk/mail/stuck/",
        "/desk/mail/sent/",
        "/account/",
        "/account/tokens/",
        "/requests/",
    ]
    found |= {path: admin.barriers() for path in inside if admin.goes_to(path)}
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
    assert asked == [last]
