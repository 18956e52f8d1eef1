"""Does the desk do under an agent's hands what it shows? Keys, growing fields, and what colleagues do meanwhile."""

from collections.abc import Callable
from email.message import EmailMessage
from queue import Queue
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Person
from tests.browser.desk import Desk, a_mail, eventually

pytestmark = pytest.mark.browser

Somebody = Callable[..., Person]
LONG = "\n\n".join(f"{n}. The boiler in room {n} is cold." for n in range(1, 60))


def arrives(desk: Desk, subject: str, text: str, html: str = "") -> int:
    mail: EmailMessage = a_mail("Lucia Neri <lucia@cliente.example>", desk.about["mailbox"], subject, text)
    if html:
        mail.add_alternative(html, subtype="html")
    desk.post_mail(mail)
    return int(eventually(lambda: [t["number"] for t in newest(desk) if t["subject"] == subject])[0])


def arrives_again(desk: Desk, number: int, text: str) -> None:
    """The customer answers the receipt of their mail."""
    receipt = eventually(lambda: desk.sent_to("lucia@cliente.example", str(number)))[0]
    mail = a_mail("Lucia Neri <lucia@cliente.example>", desk.about["mailbox"], f"Re: {receipt['Subject']}", text)
    mail["In-Reply-To"] = receipt["Message-ID"]
    desk.post_mail(mail)


def newest(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.api("tickets?limit=20")["items"]
    return found


def opened(desk: Desk, somebody: Somebody, subject: str, text: str, html: str = "") -> tuple[int, Page]:
    """A mail that arrived, before an agent's eyes."""
    number = arrives(desk, subject, text, html)
    agent = somebody()
    agent.signs_in("agent")
    return number, agent.goes_to(f"/desk/tickets/{number}/")


def height_of(page: Page, selector: str) -> float:
    return float(page.locator(selector).evaluate("(one) => one.getBoundingClientRect().height"))


def test_letters_and_the_palette_lead_into_the_text(desk: Desk, somebody: Somebody) -> None:
    number, page = opened(desk, somebody, "Keys", "Which of them?")
    text = page.locator("textarea[name=text]")
    page.keyboard.press("c")
    page.keyboard.type("is this lost?")
    expect(text).to_have_value("is this lost?")
    expect(page.locator("#composer")).to_have_attribute("data-kind", "note")
    text.blur()
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("reply")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Replyr")
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    expect(page.locator("#composer")).to_have_attribute("data-kind", "reply")
    assert desk.api(f"tickets/{number}")["status"] == "new"


def test_the_composer_is_as_tall_as_its_text(desk: Desk, somebody: Somebody) -> None:
    _number, page = opened(desk, somebody, "Room", "How much?")
    before = height_of(page, "textarea[name=text]")
    page.locator("textarea[name=text]").fill("\n".join("A line" for _ in range(10)))
    assert height_of(page, "textarea[name=text]") > before + 100


@pytest.mark.parametrize(("width", "height"), [(720, 450), (1280, 600), (1024, 640)])
def test_in_a_low_window_one_reads_what_one_answers_and_can_send_it(
    desk: Desk, somebody: Somebody, width: int, height: int
) -> None:
    number = arrives(desk, f"Low window {height}", "How much?")
    agent = somebody(viewport={"width": width, "height": height})
    agent.signs_in("agent")
    page = agent.goes_to(f"/desk/tickets/{number}/")
    assert height_of(page, "#timeline") > height / 3
    page.keyboard.press("r")
    expect(page.locator("textarea[name=text]")).to_be_focused()
    page.keyboard.insert_text("\n".join("A line" for _ in range(11)))
    assert height_of(page, "#timeline") > height / 4
    for button in page.locator(".composer__send, .composer__pick").all():
        expect(button).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("How much?").last).to_be_in_viewport()


def speaks(person: Person, language: str) -> Page:
    """The queue in this language from now on."""
    page = person.goes_to("/desk/queue/all/")
    page.evaluate(
        """(language) => fetch("/account/language/", { method: "POST", body: new URLSearchParams({ language, next: "/" }),
            headers: { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"] } })""",
        language,
    )
    return person.goes_to("/desk/queue/all/")


@pytest.mark.parametrize("language", ["it", "ro"])
def test_rail_and_search_box_hold_the_longer_words_of_other_languages(somebody: Somebody, language: str) -> None:
    administrator = somebody()
    administrator.signs_in("administrator")
    page = speaks(administrator, language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    for word in page.locator(".rail__item > span:not(.avatar)").all():
        outside, inside = word.locator("..").bounding_box(), word.bounding_box()
        assert outside and inside and inside["width"] <= outside["width"], word.inner_text()
        assert word.evaluate("(one) => one.scrollWidth <= one.parentElement.clientWidth")
        assert inside["height"] < 20, word.inner_text()
    box = page.locator(".sidebar__search")
    assert box.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    expect(box.locator("kbd").last).to_be_in_viewport(ratio=1)
    speaks(administrator, "en")


def test_mail_that_arrives_below_is_told_to_who_reads_further_up(desk: Desk, somebody: Somebody) -> None:
    number = arrives(desk, "Many words", LONG)
    agent = somebody()
    agent.signs_in("agent")
    page = agent.goes_to(f"/desk/tickets/{number}/")
    expect(page.locator(".message").first).to_be_visible()
    told = page.get_by_role("button", name="1 new message")
    expect(told).to_be_hidden()
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
    page.locator("#timeline").evaluate("(pane) => pane.scrollTo(0, 0)")
    arrives_again(desk, number, "The cellar too.")
    expect(told).to_be_in_viewport(ratio=1, timeout=15_000)
    assert page.title().startswith("(1) ")
    assert page.locator("#timeline").evaluate("(pane) => pane.scrollTop") == 0
    assert agent.barriers() == []
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    assert page.title().startswith(str(number))
    told.click()
    expect(page.get_by_text("The cellar too.").last).to_be_in_viewport()
    expect(page.locator(".message--new").last).to_contain_text("The cellar too.")
    expect(told).to_be_hidden()


def test_the_keys_alone_solve_a_ticket_with_words(desk: Desk, somebody: Somebody) -> None:
    number, page = opened(desk, somebody, "By keys", "Is it done?")
    page.keyboard.press("s")
    note = page.locator("#solution-note")
    expect(note).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(note).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(note).not_to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(note).to_be_focused()
    page.keyboard.type("Valve replaced.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("Valve replaced.")
    assert desk.api(f"tickets/{number}")["status"] == "solved"


def test_a_colleague_sees_at_once_that_a_reply_was_taken_back(desk: Desk, somebody: Somebody) -> None:
    number = arrives(desk, "Taken back", "When do you come?")
    writer, reader = somebody(), somebody()
    writer.signs_in("agent")
    reader.signs_in("administrator")
    theirs = reader.goes_to(f"/desk/tickets/{number}/")
    page = writer.goes_to(f"/desk/tickets/{number}/")
    page.locator("textarea[name=text]").fill("On Tuesday.")
    page.locator(".composer__send").click()
    expect(theirs.locator("#timeline")).to_contain_text("On Tuesday.")
    page.get_by_role("button", name="Undo").click()
    for screen in (page, theirs):
        expect(screen.locator(".message[data-withdrawn]")).to_contain_text("The customer never saw it.")


def test_a_long_mail_is_read_from_its_beginning_and_once(desk: Desk, somebody: Somebody) -> None:
    _number, page = opened(
        desk, somebody, "Many rooms", LONG, f"<pre>{LONG}</pre><img src='https://far.example/x.png'>"
    )
    expect(page.get_by_text("1. The boiler in room 1 is cold.").first).to_be_in_viewport()
    expect(page.get_by_text("As it was sent")).to_have_count(1)
    expect(page.locator(".mail-fold iframe")).to_be_hidden()
    page.get_by_text("As it was sent").click()
    expect(page.frame_locator(".mail-fold iframe").get_by_text("room 59")).to_be_attached()


def test_counts_live_and_many_are_changed_without_a_jump(desk: Desk, somebody: Somebody) -> None:
    agent = somebody()
    agent.signs_in("agent")
    arrives(desk, "Counted already", "One.")
    page = agent.goes_to("/desk/queue/all/")
    count = int(page.locator("#view-count").inner_text().split()[0])
    number = arrives(desk, "Counted", "One more.")
    row = page.locator(f"#ticket-{number}")
    expect(row).to_be_visible(timeout=15_000)
    expect(page.locator("#view-count")).to_have_text(f"{count + 1} tickets")
    page.wait_for_function(f"document.title.includes('({count + 1})')")

    rows = page.locator(".pane__body:has(> #ticket-list)")
    before = rows.bounding_box()
    page.locator(f"#ticket-{number} .ticket-row__pick").click()
    bar = page.locator("#bulk-bar")
    expect(bar).to_be_visible()
    assert rows.bounding_box() == before
    assert height_of(page, "#bulk-bar") < 60
    bar.get_by_text("Tag", exact=True).first.click()
    bar.locator("#bulk-tag").fill("field-work")
    page.keyboard.press("Enter")
    expect(page.locator("#bulk-job")).to_contain_text("Add “field-work” to 1 ticket 1 done")
    expect(row).to_contain_text("field-work")
    bar.get_by_text("Tag", exact=True).first.click()
    expect(bar.locator("#bulk-tag")).to_have_value("")
    page.keyboard.press("Escape")
    bar.get_by_text("Assign", exact=True).first.click()
    bar.get_by_role("button", name="Marta Rinaldi").click()
    expect(page.locator("#bulk-job")).to_contain_text("Assign 1 ticket to Marta Rinaldi 1 done")
    assert agent.barriers() == []


def test_on_a_phone_the_words_that_were_taken_back_come_with_the_composer(desk: Desk, somebody: Somebody) -> None:
    number = arrives(desk, "On the way", "Where are you?")
    agent = somebody(viewport={"width": 390, "height": 844}, has_touch=True)
    agent.signs_in("agent")
    page = agent.goes_to(f"/desk/tickets/{number}/")
    page.locator(".composer-bar").get_by_text("Reply").click()
    page.locator("textarea[name=text]").fill("In an hour.")
    page.locator(".composer__send").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("textarea[name=text]")).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value("In an hour.")


def test_on_a_phone_many_are_changed_after_select(desk: Desk, somebody: Somebody) -> None:
    number = arrives(desk, "Picked by thumb", "One.")
    agent = somebody(viewport={"width": 390, "height": 844}, has_touch=True)
    agent.signs_in("agent")
    page = agent.goes_to("/desk/queue/all/")
    box = page.locator(f"#ticket-{number} input[type=checkbox]")
    expect(box).to_be_hidden()
    page.get_by_role("button", name="Select tickets").tap()
    expect(box).to_be_visible()
    assert agent.barriers() == []
    page.locator(f"#ticket-{number}").tap()
    expect(box).to_be_checked()
    assert agent.barriers() == []
    bar = page.locator("#bulk-bar")
    bar.get_by_text("Assign", exact=True).first.tap()
    bar.get_by_role("button", name="Marta Rinaldi").tap()
    expect(page.locator("#bulk-job")).to_contain_text("Assign 1 ticket to Marta Rinaldi 1 done")
    page.get_by_role("button", name="Select tickets").tap()
    expect(box).to_be_hidden()


def test_the_strip_shows_the_row_of_the_ticket_that_is_open(desk: Desk, somebody: Somebody) -> None:
    agent = somebody(viewport={"width": 1440, "height": 500})
    agent.signs_in("agent")
    page = agent.goes_to("/desk/queue/all/")
    last = page.locator(".ticket-row").nth(11).get_attribute("id") or ""
    agent.goes_to(f"/desk/tickets/{last.removeprefix('ticket-')}/?queue=all")
    expect(page.locator(f"#{last}[aria-current]")).to_be_in_viewport(ratio=0.95)


def test_pictures_that_are_shown_are_not_said_to_be_held_back(desk: Desk, somebody: Somebody) -> None:
    _number, page = opened(desk, somebody, "A picture", "Look.", "<p>Look.</p><img src='https://far.example/x.png'>")
    page.get_by_text("As it was sent").click()
    bar = page.locator(".mail-frame__bar").first
    expect(bar).to_contain_text("1 remote image held back.")
    bar.get_by_role("link").click()
    expect(bar).to_be_hidden()


def test_a_tap_beside_the_drawer_closes_it(desk: Desk, somebody: Somebody) -> None:
    agent = somebody(viewport={"width": 390, "height": 844}, has_touch=True)
    agent.signs_in("agent")
    page = agent.goes_to("/desk/queue/all/")
    page.locator(".pane__head a[href='#views']").click()
    expect(page.locator("#views")).to_be_visible()
    assert agent.barriers() == []
    with page.expect_response("**/sidebar/**") as answered:
        arrives(desk, "While the drawer is open", "News.")
    answered.value.finished()
    expect(page.locator("#views.htmx-request, #views.htmx-settling")).to_have_count(0)
    expect(page.locator("#views")).to_be_visible()
    page.mouse.click(370, 500)
    expect(page.locator("#views")).to_be_hidden()
    page.locator(".pane__head a[href='#views']").click()
    expect(page.locator("#views")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#views")).to_be_hidden()


def test_the_focus_stays_where_one_acted(desk: Desk, somebody: Somebody) -> None:
    _number, page = opened(desk, somebody, "Where was I", "Where?")
    take = page.get_by_role("button", name="Take it")
    take.focus()
    page.keyboard.press("Enter")
    expect(take).to_be_hidden()
    expect(page.locator("#assignee-menu")).to_be_focused()
    page.keyboard.press("p")
    page.get_by_role("button", name="Urgent").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#priority-menu")).to_have_text("Urgent")
    expect(page.locator("#priority-menu")).to_be_focused()
    page.keyboard.press("c")
    page.keyboard.type("I look.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline")).to_contain_text("I look.")
    expect(page.locator("#composer [name=kind]:checked")).to_be_focused()


def test_news_on_its_way_does_not_close_the_menu_that_one_just_opened(desk: Desk, somebody: Somebody) -> None:
    number, page = opened(desk, somebody, "What is new", "When?")
    held: Queue[Route] = Queue()
    page.route("**/header/**", held.put)
    with page.expect_request("**/header/**"):
        desk.api(f"tickets/{number}", {"priority": 4}, method="PATCH")
    page.keyboard.press("p")
    expect(page.locator("details:has(#priority-menu)")).to_have_attribute("open", "")
    with page.expect_response("**/header/**") as answered:
        held.get_nowait().continue_()
    answered.value.finished()
    page.unroute("**/header/**")
    page.evaluate("new Promise((done) => setTimeout(done))")
    expect(page.locator("details:has(#priority-menu)")).to_have_attribute("open", "")
    expect(page.locator("#priority-menu")).to_have_text("Normal")
    page.keyboard.press("Escape")
    expect(page.locator("#priority-menu")).to_have_text("Urgent")


def test_ctrl_z_takes_back_what_was_just_sent_while_nothing_is_typed(desk: Desk, somebody: Somebody) -> None:
    _number, page = opened(desk, somebody, "Too early", "When?")
    text = page.locator("textarea[name=text]")
    page.keyboard.press("r")
    page.keyboard.type("On Monday.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    text.fill("Or")
    page.keyboard.press("Control+z")
    expect(text).to_have_value("")
    expect(page.locator(".message[data-withdrawn]")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator(".message[data-withdrawn]")).to_have_count(1)
    expect(text).to_have_value("On Monday.")
    text.fill("")
    text.blur()
    page.keyboard.press("s")
    page.locator("#solution-note").fill("Valve replaced.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status-menu")).to_have_text("Solved")
    page.keyboard.press("Control+z")
    expect(page.locator("#solution-note")).to_have_value("Valve replaced.")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys").get_by_text("take back what you just sent")).to_be_visible()


def test_what_was_sent_is_taken_back_from_wherever_one_has_gone(desk: Desk, somebody: Somebody) -> None:
    number, page = opened(desk, somebody, "Gone on", "When?")
    toast = page.locator("#toasts undo-toast")
    page.keyboard.press("r")
    page.keyboard.type("On Monday.")
    page.keyboard.press("Control+Enter")
    expect(toast).to_contain_text(f"Reply to {number}")
    expect(page.locator(".message .delivery__undo").get_by_role("button", name="Take back")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("Or")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator("#ticket-list")).to_be_visible()
    expect(toast).to_contain_text(f"Reply to {number}")
    page.keyboard.press("Control+z")
    expect(page.locator("textarea[name=text]")).to_have_value("On Monday.\n\nOr")
    expect(page.locator(".message[data-withdrawn]")).to_have_count(1)
    expect(toast).to_have_count(0)
    page.locator(".composer__send").click()
    expect(page.locator("textarea[name=text]")).to_have_value("")
    page.reload()
    expect(toast).to_contain_text(f"Reply to {number}")
    expect(page.locator("textarea[name=text]")).to_have_value("")


def test_an_answer_is_told_even_where_the_news_came_first(desk: Desk, somebody: Somebody) -> None:
    number, page = opened(desk, somebody, "News first", "When?")

    def late(route: Route) -> None:
        with page.expect_event("console", lambda said: said.text == "news"):
            page.evaluate("document.addEventListener('live:ticket', () => console.log('news'))")
            desk.api(f"tickets/{number}", {"priority": 4}, method="PATCH")
            page.evaluate("number => fetch(`/desk/tickets/${number}/header/`).then((answer) => answer.text())", number)
        route.continue_(post_data="type=nonsense")

    page.route("**/type/", late)
    page.locator("#type-menu").click()
    page.get_by_role("button", name="Problem").click()
    expect(page.get_by_text("There is no such type.")).to_be_visible()
    expect(page.locator("#priority-menu")).to_have_text("Urgent")


def test_a_lost_connection_is_said_while_it_lasts_and_a_trouble_once(desk: Desk, somebody: Somebody) -> None:
    _number, page = opened(desk, somebody, "Is it on?", "The router.")
    lost = page.get_by_text("Not connected.")
    expect(lost).to_be_hidden()
    page.evaluate("document.querySelector('live-stream').failed()")
    expect(lost).to_be_visible()
    page.evaluate("document.querySelector('live-stream').opened()")
    expect(lost).to_be_hidden()
    for _ in range(3):
        page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sendError'))")
    expect(page.get_by_text("No connection.")).to_have_count(1)
