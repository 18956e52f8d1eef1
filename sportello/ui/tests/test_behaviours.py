"""Do the custom elements do in a real browser what their first lines promise? Pages are served from here, by no server."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect, sync_playwright

from sportello.ui import assets

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SITE = "http://kit.test"
SCRIPT = assets.joined_js(assets.STATIC / "js" / "desk.js")
Show = Callable[..., Page]


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(5000)
        yield page
        browser.close()


@pytest.fixture
def show(browser_page: Page) -> Iterator[Show]:
    """Opens a page with this body; `answers` are further addresses with a content type and a text each."""
    page, errors = browser_page, list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))

    def open_page(body: str, **answers: tuple[str, str]) -> Page:
        html = f'<!doctype html><html lang="en"><title>Kit</title><script type="module" src="/kit.js"></script>{body}'
        texts = {"": ("text/html", html), "kit.js": ("text/javascript", SCRIPT), **answers}

        def answer(route: Route) -> None:
            name = route.request.url.removeprefix(f"{SITE}/").partition("?")[0]
            kind, text = texts.get(name, ("text/plain", "nothing here"))
            route.fulfill(status=200 if name in texts else 404, content_type=kind, body=text)

        page.unroute_all()
        page.route("**/*", answer)
        page.goto(f"{SITE}/")
        return page

    yield open_page
    page.context.clear_cookies()
    page.evaluate("localStorage.clear(), sessionStorage.clear()")
    assert errors == []


KEYS = '<hot-keys><dialog id="keys"><div class="key-map"></div><input name="letters" type="checkbox" checked></dialog></hot-keys>'


def test_a_letter_presses_what_claims_it_but_rests_while_one_types(show: Show) -> None:
    page = show(
        f'{KEYS}<a href="#reply" data-key="r">Reply</a><input id="field"><a href="#mine" data-key="g m">Mine</a>'
    )
    page.keyboard.press("r")
    expect(page).to_have_url(f"{SITE}/#reply")
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page).to_have_url(f"{SITE}/#mine")
    page.locator("#field").press("r")
    expect(page.locator("#field")).to_have_value("r")
    expect(page).to_have_url(f"{SITE}/#mine")


def test_the_sheet_lists_what_the_page_offers_and_switches_letters_off(show: Show) -> None:
    page = show(f'{KEYS}<a href="#reply" data-key="r" data-key-label="answer">Reply</a>')
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("answer")
    page.locator("[name=letters]").uncheck()
    page.locator("#keys").evaluate("dialog => dialog.close()")
    page.keyboard.press("r")
    expect(page).to_have_url(f"{SITE}/")
    assert [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "letters"] == ["off"]


ROWS = "".join(
    f'<li class="ticket-row"><input type="checkbox" name="ticket"><a href="#t{n}">{n}</a></li>' for n in range(1, 6)
)
PICKER = (
    '<row-picker><div data-picked-bar hidden><b data-picked-count data-one="1 picked" data-other="20 picked"></b>'
    f'<button data-picks="none">x</button></div><ol>{ROWS}</ol></row-picker>'
)


def test_rows_are_picked_one_by_one_and_up_to_here(show: Show) -> None:
    page = show(PICKER)
    boxes, bar = page.locator("[name=ticket]"), page.locator("[data-picked-bar]")
    expect(bar).to_be_hidden()
    boxes.nth(1).click()
    expect(bar).to_contain_text("1 picked")
    boxes.nth(3).click(modifiers=["Shift"])
    expect(bar).to_contain_text("3 picked")
    expect(boxes.nth(2)).to_be_checked()
    page.locator("[data-picks=none]").click()
    expect(bar).to_be_hidden()


def test_the_cursor_walks_by_keys(show: Show) -> None:
    page = show(KEYS + PICKER)
    for key in ("j", "j", "k", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[name=ticket]").nth(1)).to_be_checked()
    page.keyboard.press("o")
    expect(page).to_have_url(f"{SITE}/#t2")
    page.keyboard.press("*")
    expect(page.locator("[data-picked-count]")).to_have_text("5 picked")


def test_what_was_picked_stays_picked_when_the_list_is_fetched_anew(show: Show) -> None:
    rows = "".join(
        f'<li class="ticket-row" id="t{n}"><input type="checkbox" name="ticket"><a href="#t{n}">{n}</a></li>'
        for n in (1, 2)
    )
    page = show(f'{KEYS}<row-picker><div data-picked-bar hidden></div><ol id="list">{rows}</ol></row-picker>')
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    page.locator("#list").evaluate(
        "(list) => { const tell = (name) => list.dispatchEvent(new CustomEvent(name, {bubbles: true}));"
        " tell('htmx:beforeSwap'); list.innerHTML = list.innerHTML; tell('htmx:afterSwap'); }"
    )
    expect(page.locator("[name=ticket]").nth(1)).to_be_checked()
    page.keyboard.press("o")
    expect(page).to_have_url(f"{SITE}/#t2")


def test_more_rows_than_are_shown_are_picked_until_one_is_picked_by_itself(show: Show) -> None:
    rows = "".join(
        f'<li class="ticket-row" id="t{n}"><input type="checkbox"><a href="#t{n}">{n}</a></li>' for n in (1, 2)
    )
    page = show(
        '<row-picker><div data-picked-bar hidden><b data-picked-count data-other="20 selected"></b>'
        '<input type="hidden" data-whole="106" disabled><button type="button" data-picks="whole">All 106</button></div>'
        f'<ol id="list">{rows}</ol></row-picker>'
    )
    page.locator("#t1 input").check()
    page.get_by_role("button", name="All 106").click()
    expect(page.get_by_text("106 selected")).to_be_visible()
    page.locator("#t2 input").uncheck()
    expect(page.locator("[data-whole]")).to_be_disabled()


def test_space_opens_the_preview_and_closes_it_again(show: Show) -> None:
    rows = "".join(
        f'<li class="ticket-row" id="ticket-{n}"><a href="#t" data-preview="/{n}">{n}</a></li>' for n in (7, 8)
    )
    page = show(
        f"<style>[data-hide~=end] #preview {{ display: none }}</style>{KEYS}<pane-toggles><div class='panes' data-hide='end'>"
        f"<row-picker><ol>{rows}</ol></row-picker><aside id='preview' tabindex='-1'>nothing</aside></div></pane-toggles>"
    )
    page.evaluate(
        "window.htmx = {ajax: async (verb, address) => {"
        " const pane = document.getElementById('preview'); pane.dataset.ticket = pane.textContent = address.slice(1); }}"
    )
    pane = page.locator("#preview")
    page.keyboard.press("j")
    expect(pane).to_be_hidden()
    page.keyboard.press("Space")
    expect(pane).to_have_text("7")
    expect(pane).to_be_focused()
    page.keyboard.press("j")
    expect(pane).to_have_text("8")
    expect(page.get_by_role("link", name="8")).to_be_focused()
    page.keyboard.press("Space")
    expect(pane).to_be_hidden()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(page.get_by_role("link", name="8")).to_be_focused()


def test_a_draft_comes_back_until_it_is_sent(show: Show) -> None:
    form = '<draft-keeper key="t7"><form action="/sent"><textarea name="text"></textarea><input type="password" name="p"></form></draft-keeper>'
    page = show(form)
    page.locator("textarea").fill("Half a thought")
    page.locator("[name=p]").fill("secret")
    page.reload()
    expect(page.locator("textarea")).to_have_value("Half a thought")
    assert "secret" not in page.evaluate("JSON.stringify(localStorage)")
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('htmx:beforeOnLoad', {detail: {elt: document.forms[0], xhr: {status: 422}}}))"
    )
    page.reload()
    expect(page.locator("textarea")).to_have_value("Half a thought")
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('htmx:beforeOnLoad', {detail: {elt: document.forms[0], xhr: {status: 200}}}))"
    )
    page.reload()
    expect(page.locator("textarea")).to_have_value("")


def test_whoever_signs_out_leaves_no_draft_behind(show: Show) -> None:
    page = show(
        '<draft-keeper key="t7"><form><textarea name="text"></textarea></form></draft-keeper>'
        '<form action="/" data-forgets><button>Sign out</button></form>'
    )
    page.locator("textarea").fill("Half a thought")
    page.evaluate("localStorage.setItem('draft:t8', '{}'), sessionStorage.setItem('open-tabs', '[7]')")
    page.get_by_role("button").click()
    expect(page).to_have_url(f"{SITE}/?")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    expect(page.locator("textarea")).to_have_value("")


def test_news_on_the_stream_reach_the_elements_that_asked(show: Show) -> None:
    page = show(
        '<p id="seven" data-live="views ticket:7"></p><p id="eight" data-live="ticket:8"></p><div id="here"></div>',
        stream=("text/event-stream", 'retry: 60000\n\ndata: {"topic":"ticket:7"}\n\n'),
    )
    page.evaluate(
        "window.heard = []; for (const one of document.querySelectorAll('p, body'))"
        " one.addEventListener('live', (event) => heard.push(`${one.id} ${event.type}`));"
        "document.addEventListener('live:ticket', (event) => heard.push(event.detail.topic));"
        "document.getElementById('here').innerHTML = '<live-stream src=\"/stream\"></live-stream>'"
    )
    page.wait_for_function("heard.length >= 2")
    assert page.evaluate("heard") == ["ticket:7", "seven live"]


def test_files_over_the_limit_together_are_named_and_left_out(show: Show) -> None:
    page = show(
        '<form><file-drop data-limit="10" data-too-large="{name} is too large." data-remove="Remove {name}">'
        '<div class="dropzone"><input type="file" name="files" multiple></div><p role="alert" hidden></p><ul></ul></file-drop></form>'
    )
    weights = {"a.txt": 3, "b.txt": 11, "c.txt": 7, "d.txt": 1}
    files: list[FilePayload] = [
        {"name": name, "mimeType": "text/plain", "buffer": b"x" * weight} for name, weight in weights.items()
    ]
    page.locator("[type=file]").set_input_files(files)
    expect(page.get_by_role("alert")).to_have_text("b.txt is too large. d.txt is too large.")
    expect(page.locator("li b")).to_have_text(["a.txt", "c.txt"])
    assert page.evaluate("[...document.querySelector('[type=file]').files].map((file) => file.name)") == [
        "a.txt",
        "c.txt",
    ]
    page.get_by_label("Remove c.txt").click()
    page.get_by_label("Remove a.txt").click()
    assert page.evaluate("document.querySelector('[type=file]').files.length") == 0


def test_the_palette_is_worked_by_keys_alone(show: Show) -> None:
    palette = '<command-palette src="/find"><dialog><input role="combobox"><div role="listbox"></div></dialog></command-palette>'
    options = '<a role="option" aria-selected="false" href="#one">1</a><a role="option" aria-selected="false" href="#two">2</a>'
    page = show(palette, find=("text/html", options))
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(page.locator("[aria-selected=true]")).to_have_text("1")
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == page.locator("[aria-selected=true]").get_attribute("id")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{SITE}/#two")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_menu_closes_by_escape_and_gives_the_focus_back(show: Show) -> None:
    page = show(
        "<menu-button><details><summary>More</summary><div class='menu'><button class='menu__item'>One</button>"
        "<button class='menu__item'>Two</button></div></details></menu-button>"
    )
    page.locator("summary").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("One")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("Two")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Two")).to_be_hidden()
    expect(page.locator("summary")).to_be_focused()


def test_hidden_sides_are_remembered(show: Show) -> None:
    page = show(
        f'{KEYS}<pane-toggles><div class="panes" data-hide=""></div></pane-toggles><button data-hides="end">x</button>'
    )
    page.keyboard.press("]")
    expect(page.locator(".panes")).to_have_attribute("data-hide", "end")
    expect(page.locator("button")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("\\")
    expect(page.locator(".panes")).to_have_attribute("data-hide", "start end")
    assert [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "panes"] == ["start+end"]


def test_a_mail_gets_the_height_it_needs(show: Show) -> None:
    page = show(
        '<mail-frame><iframe src="/mail" sandbox="allow-same-origin"></iframe></mail-frame>',
        mail=("text/html", "<!doctype html><style>body{margin:0}p{margin:0;height:431px}</style><p>Hello</p>"),
    )
    expect(page.locator("iframe")).to_have_attribute("height", "431")


def test_times_grow_older_by_themselves(show: Show) -> None:
    page = show(
        '<relative-time data-short="now|{}m|{}h|{}d" data-words="just now|{} min ago|{} h ago|{} d ago"></relative-time>'
        '<time data-relative="short"></time><time data-relative="words"></time>'
    )
    page.evaluate(
        "document.querySelectorAll('time').forEach((time, index) => {"
        "  time.dateTime = new Date(Date.now() - (index ? 3 * 3600000 : 6 * 60000) - 1000).toISOString();"
        "}); document.querySelector('relative-time').refresh()"
    )
    expect(page.locator("time")).to_have_text(["6m", "3 h ago"])


def test_a_failed_request_is_told_and_the_page_stays(show: Show) -> None:
    page = show(
        '<div id="toasts"></div><request-trouble data-offline="No connection." data-failed="That failed.">'
        '<template><undo-toast class="toast" seconds="10"><span></span></undo-toast></template></request-trouble>'
    )
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sendError'))")
    expect(page.locator("#toasts")).to_have_text("No connection.")


COMPOSER = (
    '<div class="composer"><form action="/sent"><input type="hidden" name="seen" value="3">'
    '<say-composer data-typing="/typing"><label>Reply<input type="radio" name="kind" value="reply" data-key="r" checked></label>'
    '<label>Note<input type="radio" name="kind" value="note" data-key="c"></label><textarea name="text"></textarea>'
    '<div id="warnings" class="composer__warnings">Davide wrote while you were writing.</div></say-composer></form></div>'
)


@pytest.mark.parametrize(("key", "kind"), [("r", "reply"), ("c", "note")])
def test_the_words_after_the_letter_of_a_reply_or_a_note_are_its_text(show: Show, key: str, kind: str) -> None:
    page = show(f'{KEYS}{COMPOSER}<a href="#taken" data-key="i">Take it</a>')
    page.keyboard.press(key)
    page.keyboard.type("is it cold?")
    expect(page.locator("textarea")).to_have_value("is it cold?")
    expect(page.locator(".composer")).to_have_attribute("data-kind", kind)
    expect(page).to_have_url(f"{SITE}/")


def test_a_click_on_the_kind_that_is_chosen_already_leads_to_the_text(show: Show) -> None:
    page = show(COMPOSER)
    page.get_by_text("Reply").click()
    expect(page.locator("textarea")).to_be_focused()
    page.get_by_text("Note").click()
    expect(page.locator("textarea")).to_be_focused()


def test_the_palette_presses_a_letter_also_where_letters_are_off(show: Show) -> None:
    option = '<a role="option" aria-selected="false" href="#main" data-press="c">Write a note</a>'
    page = show(
        f'{KEYS.replace("<hot-keys>", """<hot-keys data-letters="off">""")}{COMPOSER}<command-palette src="/find">'
        '<dialog><input role="combobox"><div role="listbox"></div></dialog></command-palette>',
        find=("text/html", option),
    )
    page.keyboard.press("Control+k")
    expect(page.locator("[aria-selected=true]")).to_have_text("Write a note")
    page.keyboard.press("Enter")
    page.keyboard.type("An odd one")
    expect(page.locator("textarea")).to_have_value("An odd one")
    expect(page.locator(".composer")).to_have_attribute("data-kind", "note")


def test_an_emptied_composer_warns_of_nothing(show: Show) -> None:
    page = show(COMPOSER)
    text, warnings = page.locator("textarea"), page.locator("#warnings")
    text.fill("Half a thought")
    expect(warnings).to_have_text("Davide wrote while you were writing.")
    text.fill("")
    expect(warnings).to_be_empty()


def test_files_that_a_reload_lost_are_named_until_they_are_chosen_again(show: Show) -> None:
    plan: FilePayload = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"1. Off"}
    page = show(
        '<draft-keeper key="t7"><form><textarea name="text"></textarea><file-drop data-remove="Remove {name}">'
        '<div class="dropzone"><input type="file" name="files" multiple></div><p role="alert" hidden></p>'
        '<p data-draft-lost="Attach again: {names}" hidden></p><ul></ul></file-drop></form></draft-keeper>'
    )
    lost = page.locator("[data-draft-lost]")
    page.locator("[type=file]").set_input_files([plan])
    expect(lost).to_be_hidden()
    page.reload()
    expect(lost).to_have_text("Attach again: plan.txt")
    page.locator("textarea").fill("See the plan.")
    page.reload()
    expect(lost).to_have_text("Attach again: plan.txt")
    page.locator("[type=file]").set_input_files([plan])
    expect(lost).to_be_hidden()


def test_a_form_is_held_back_once_after_a_file_was_too_large(show: Show) -> None:
    big: FilePayload = {"name": "big.bin", "mimeType": "text/plain", "buffer": b"x" * 11}
    page = show(
        '<form action="/sent"><file-drop data-limit="10" data-too-large="{name} is over 10 bytes." data-without="Send again."'
        ' data-remove="Remove {name}"><div class="dropzone"><input type="file" multiple></div><p role="alert" hidden></p>'
        "<ul></ul></file-drop><button>Send</button></form>",
        sent=("text/html", "Sent"),
    )
    page.locator("[type=file]").set_input_files([big])
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_have_text("big.bin is over 10 bytes. Send again.")
    expect(page).to_have_url(f"{SITE}/")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(f"{SITE}/sent?")


def test_the_time_to_take_back_counts_down_to_one_second(show: Show) -> None:
    page = show(
        '<undo-toast seconds="3"><span class="toast__count" data-one="1012 leaves in 1 second">1012 leaves in 3 seconds</span>'
        "<form></form></undo-toast>"
    )
    for words in ("1012 leaves in 3 seconds", "1012 leaves in 2 seconds", "1012 leaves in 1 second"):
        expect(page.locator(".toast__count")).to_have_text(words)
    expect(page.locator("undo-toast")).to_have_count(0)


THREAD = (
    "<style>* {{ margin: 0 }} .pane__body {{ height: 300px; overflow: auto }}</style><div class='pane__body'><div>"
    "<p class='message' style='height: 500px'>First</p><p class='message' style='height: {height}px'>Last</p>"
    "<p style='height: 40px'>Taken</p><thread-end></thread-end></div></div>"
)


@pytest.mark.parametrize(("height", "top"), [(900, 500), (100, 340)])
def test_a_thread_opens_where_its_newest_message_begins_or_else_at_its_end(show: Show, height: int, top: int) -> None:
    page = show(THREAD.format(height=height))
    page.wait_for_function(f"document.querySelector('.pane__body').scrollTop === {top}")


def test_a_menu_forgets_what_was_typed_in_it_once_its_form_was_sent(show: Show) -> None:
    page = show(
        '<row-picker><form data-picked-bar><menu-button><details open><summary>Tag</summary><input name="tag" value="vpn">'
        f"</details></menu-button></form><ol>{ROWS}</ol></row-picker>"
    )
    page.locator("[name=ticket]").first.check()
    tell = "(bar, successful) => bar.dispatchEvent(new CustomEvent('htmx:afterRequest', {bubbles: true, detail: {successful}}))"
    page.locator("form").evaluate(tell, False)
    expect(page.locator("[name=tag]")).to_have_value("vpn")
    page.locator("form").evaluate(tell, True)
    expect(page.locator("[name=tag]")).to_have_value("")
    expect(page.locator("details")).not_to_have_attribute("open", "")
    expect(page.locator("[name=ticket]").first).to_be_checked()


def test_an_empty_draft_is_not_said_to_be_saved(show: Show) -> None:
    page = show(
        '<draft-keeper key="t7"><form><input type="radio" name="kind"><textarea name="text"></textarea>'
        '<span data-draft-state data-zone="UTC" data-saved="Draft saved {time}"></span></form></draft-keeper>'
    )
    state, text = page.locator("[data-draft-state]"), page.locator("textarea")
    text.fill("Half a thought")
    expect(state).to_contain_text("Draft saved")
    text.fill("")
    expect(state).to_be_empty()
    page.locator("[name=kind]").check()
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    expect(state).to_be_empty()


def test_a_draft_is_put_below_the_words_that_the_server_brings_back(show: Show) -> None:
    form = (
        '<draft-keeper key="t7"><form><textarea name="text" data-draft-joins>{words}</textarea></form></draft-keeper>'
    )
    page = show(form.format(words=""))
    page.locator("textarea").fill("Or on Friday.")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page = show(form.format(words="On Monday."))
    expect(page.locator("textarea")).to_have_value("On Monday.\n\nOr on Friday.")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.reload()
    expect(page.locator("textarea")).to_have_value("On Monday.\n\nOr on Friday.")


def test_escape_leaves_the_text_and_the_words_stay(show: Show) -> None:
    page = show(f'{KEYS}{COMPOSER}<a href="#queue" data-key="u">Back</a><section class="sheet" id="sheet"></section>')
    text = page.locator("textarea")
    page.keyboard.press("r")
    page.keyboard.type("abc")
    page.evaluate("location.replace('#sheet')")
    text.focus()
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{SITE}/#main")
    text.focus()
    page.keyboard.press("Escape")
    expect(text).not_to_be_focused()
    page.keyboard.press("u")
    expect(page).to_have_url(f"{SITE}/#queue")
    expect(text).to_have_value("abc")


def test_two_ways_back_to_the_same_go_together_and_ctrl_z_goes_the_toasts(show: Show) -> None:
    way = '<undo-toast seconds="{seconds}"><form action="{to}"><button>Undo</button></form></undo-toast>'
    page = show(
        f'<div id="toasts">{way.format(to="/one", seconds=60)}</div><main>{way.format(to="/one", seconds=60)}'
        f"{way.format(to='/two', seconds=60)}</main>",
        one=("text/html", "Taken back"),
    )
    page.locator("#toasts form").evaluate(
        "(form) => form.dispatchEvent(new CustomEvent('htmx:afterRequest', {bubbles: true, detail: {successful: true}}))"
    )
    expect(page.locator("undo-toast")).to_have_count(1)
    page.reload()
    page.keyboard.press("Control+z")
    expect(page).to_have_url(f"{SITE}/one?")
