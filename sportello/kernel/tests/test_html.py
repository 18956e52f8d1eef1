"""Is a stranger's HTML still worth reading once it is sanitised, and plain text once it is HTML?"""

from html import escape

import pytest

from sportello.kernel.html import from_text, sanitise, with_images
from sportello.kernel.tests.browsing import assert_inert, tags_of


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>Hi</b> <i>you</i>", "<b>Hi</b> <i>you</i>"),
        ('<p style="color: #102030; position: fixed">x</p>', '<p style="color:#102030">x</p>'),
        ('<p style="font-size: 12.5px; margin-top: -4px">x</p>', '<p style="font-size:12.5px;margin-top:-4px">x</p>'),
        ('<td width="50%">x', "x"),
        ('<table width="600"><tbody><tr><td colspan="2">x</td></tr></tbody></table>', None),
        ("<plaintext>all the rest <b>", "all the rest &lt;b&gt;"),
        ("<textarea>typed</textarea>", "typed"),
        ("<form><button>Go</button></form>", "Go"),
        ('<blockquote type="cite">old</blockquote>', None),
        ("a < b & c", "a &lt; b &amp; c"),
        ("", ""),
        (" \n", " \n"),
        ("a\0b", "ab"),
    ],
)
def test_what_is_harmless_stays(html: str, expected: str | None) -> None:
    assert sanitise(html).html == (html if expected is None else expected)


@pytest.mark.parametrize(
    "address", ["https://x.example/?a=1&amp;b=2", "http://x.example", "mailto:a@b.example", "tel:+39"]
)
def test_a_link_opens_elsewhere_and_tells_nobody_where_from(address: str) -> None:
    link = f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    assert sanitise(f'<a href=" {address}" target=_top rel=opener>x</a>').html == link


def test_remote_pictures_wait_until_they_are_asked_for() -> None:
    mail = sanitise(
        '<img src="https://t.example/a.png?x=1&amp;y=2" alt="A > B"><img SRC=//t.example/b.png><IMG src=HTTP://t.example/c>'
    )
    assert mail.remote_images == 3
    assert " src=" not in mail.html
    hidden = with_images(mail.html, inline=lambda _: None, remote=False, host="desk.example")
    assert hidden == mail.html
    shown = [
        attributes["src"]
        for _, attributes in tags_of(with_images(mail.html, inline=lambda _: None, remote=True, host="desk.example"))
    ]
    assert shown == ["https://t.example/a.png?x=1&y=2", "https://t.example/b.png", "HTTP://t.example/c"]


@pytest.mark.parametrize(
    "html",
    [
        '<img alt=" src=" border="1" src="https://t.example/a.png">',
        '<img title=" src=" width="1" src="https://t.example/a.png">',
        '<img src="https://t.example/a.png" alt=" src=" title=" data-remote-src=" lang="x">',
        """<p title='<img src=' lang='>'><img title=">" src="https://t.example/a.png"></p>""",
        """<img alt='" src="https://t.example/b.png' src="https://t.example/a.png">""",
        '<img alt=" data-remote-src=" title=" data-cid=" src="https://t.example/a.png">',
        '<img data-cid="x" src="https://t.example/a.png">',
    ],
)
def test_no_attribute_hides_the_source_of_a_picture(html: str) -> None:
    mail = sanitise(html)
    assert_inert(mail.html)
    assert mail.remote_images == 1
    hidden = with_images(mail.html, inline=lambda _: "/files/1", remote=False, host="desk.example")
    assert_inert(hidden)
    shown = tags_of(with_images(mail.html, inline=lambda _: None, remote=True, host="desk.example"))
    assert [picture["src"] for tag, picture in shown if tag == "img"] == ["https://t.example/a.png"]


def test_words_that_look_like_a_picture_stay_words() -> None:
    html = '<p>write src="https://t.example/a.png" or data-remote-src="x" or data-cid="x"</p>'
    assert (sanitise(html).html, sanitise(html).remote_images) == (html, 0)
    assert with_images(html, inline=lambda _: "/files/1", remote=True, host="desk.example") == html


@pytest.mark.parametrize(
    "source",
    [
        "http://desk.example/desk/live/?ticket=1",
        "https://DESK.example:8443/x",
        "//desk.example/x",
        "http://[/x",
        r"http://desk.example\@evil.example/x",
        r"http://\desk.example/x",
        "http:///desk.example/x",
        "http://desk.example./x",
        "http://%64esk.example/x",
        "http://desk\u3002example/x",
        "http://\uff44esk.example/x",
        "http://evil.example@desk.example/x",
        "http://localhost/x",
        "http://x.localhost.:18461/x",
        "http://127.0.0.1/x",
        "http://0x7f.1/x",
        "http://2130706433/x",
        "http://0/x",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
    ],
)
def test_no_picture_comes_from_our_own_pages(source: str) -> None:
    shown = with_images(
        sanitise(f'<img src="{source}">').html, inline=lambda _: None, remote=True, host="desk.example:80"
    )
    assert_inert(shown)


@pytest.mark.parametrize(
    "source",
    [
        "https://t.example/a.png",
        "http://192.168.1.7/a.png",
        "http://[2001:db8::1]/a.png",
        "http://b\u00fccher.example/a",
    ],
)
def test_pictures_from_elsewhere_are_shown_when_asked_for(source: str) -> None:
    shown = with_images(
        sanitise(f'<img src="{source}">').html, inline=lambda _: None, remote=True, host="desk.example:80"
    )
    assert f' src="{source}"' in shown


def test_enclosed_pictures_are_shown_from_where_the_caller_says() -> None:
    """B055: a part that the caller does not know is not shown."""
    mail = sanitise('<img src="cid:<logo@x>" width=40><img src=CID:other><img src="image001.png">')
    assert mail.remote_images == 0
    known = {"logo@x": '/files/1/"inline"', "image001.png": "/files/2"}
    shown = with_images(mail.html, inline=known.get, remote=True, host="desk.example")
    assert [attributes.get("src") for _, attributes in tags_of(shown)] == ['/files/1/"inline"', None, "/files/2"]
    assert_inert(mail.html)


def test_small_pictures_inside_the_mail_itself_are_kept() -> None:
    html = '<img src="data:image/png;base64,iVBORw0KGgo=">'
    assert sanitise(html).html == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hi,\nthere\n\n\nBye", "<p>Hi,<br>\nthere</p><p>Bye</p>"),
        ("a\r\nb", "<p>a<br>\nb</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("\"x\" & 'y'", "<p>&quot;x&quot; &amp; &#x27;y&#x27;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("javascript:alert(1)//x@y.example vbscript:x", None),
        ("{{7*7}} ${7*7} <%=7*7%>", "<p>{{7*7}} ${7*7} &lt;%=7*7%&gt;</p>"),
        ("Ciao.It is README.md and script.py", "<p>Ciao.It is README.md and script.py</p>"),
        ("a\0b", "<p>ab</p>"),
        ("", ""),
        (" \n\n ", ""),
    ],
)
def test_plain_text_is_never_markup(text: str, html: str | None) -> None:
    """B057, B058, B061."""
    if html is not None:
        assert from_text(text) == html
    assert_inert(from_text(text))


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        ("See https://x.example/a?b=1&c=2.", "https://x.example/a?b=1&c=2", "https://x.example/a?b=1&c=2"),
        ("(http://x.example/a_(b))", "http://x.example/a_(b)", "http://x.example/a_(b)"),
        ("www.x.com!", "http://www.x.com", "www.x.com"),
        ("<ana@x.com>", "mailto:ana@x.com", "ana@x.com"),
        ('https://x.example/"onclick="x', 'https://x.example/"onclick="x', 'https://x.example/"onclick="x'),
    ],
)
def test_addresses_in_plain_text_are_links(text: str, address: str, shown: str) -> None:
    html = from_text(text)
    assert_inert(html)
    (link,) = [attributes for tag, attributes in tags_of(html) if tag == "a"]
    assert link["href"] == address
    assert f">{escape(shown)}</a>" in html
