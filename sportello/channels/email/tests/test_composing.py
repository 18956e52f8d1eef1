"""Does what leaves arrive as it was meant, and can no name or subject add a header?"""

from datetime import UTC, datetime
from typing import Any

import pytest

from sportello.channels.email.composing import Enclosure, Letter, Undeliverable, answer_subject, bare_subject, compose
from sportello.channels.email.parsing import ParsedMail, parse

NOW = datetime(2024, 5, 3, 12, 0, tzinfo=UTC)
ATTACK = "Ada\r\nBcc: eve@evil.example\r\n\r\nbody"


def letter(**changes: Any) -> Letter:  # Any: whatever the letter holds
    about: dict[str, Any] = {
        "from_name": "Help",
        "from_address": "help@shop.example",
        "to": ["ada@example.com"],
        "subject": "Re: Printer",
        "text": "Hello\n",
        "msgid": "one@shop.example",
    }
    return Letter(**(about | changes))


def sent(**changes: Any) -> ParsedMail:  # Any: as above
    return parse(compose(letter(**changes), now=NOW), now=NOW)


def header_names(raw: bytes) -> list[str]:
    head = raw.split(b"\r\n\r\n", 1)[0].decode()
    return [line.split(":")[0].lower() for line in head.split("\r\n") if line and line[0] not in " \t"]


def test_a_letter_arrives_as_it_was_written() -> None:
    mail = sent(
        to=["ada@example.com", "bob@example.com"],
        cc=["carl@example.com"],
        reply_to="help+r1@shop.example",
        subject="Re: Größe 😀 [#7]",
        text="Grüße\n.\nFrom here\n" + "x" * 3000 + "\n",
        html="<p>Grüße</p>",
        in_reply_to="two@example.com",
        references=["three@example.com", "two@example.com"],
        language="it",
    )
    assert (mail.from_name, mail.from_address) == ("Help", "help@shop.example")
    assert [box.address for box in (*mail.to, *mail.cc, *mail.reply_to)] == [
        "ada@example.com",
        "bob@example.com",
        "carl@example.com",
        "help+r1@shop.example",
    ]
    assert mail.subject == "Re: Größe 😀 [#7]"
    assert mail.text == "Grüße\n.\nFrom here\n" + "x" * 3000
    assert mail.html == "<p>Grüße</p>\n"
    assert (mail.message_id, mail.in_reply_to) == ("one@shop.example", ("two@example.com",))
    assert mail.references == ("three@example.com", "two@example.com")
    assert mail.header("content-language") == "it"
    assert mail.date == NOW
    assert mail.defects == ()


def test_b099_no_field_can_add_a_header_or_end_the_headers() -> None:
    raw = compose(
        letter(
            from_name=ATTACK,
            to=["ada@example.com", "eve@evil.example\r\nBcc: x@evil.example"],
            cc=["\nX: y"],
            subject=ATTACK,
            in_reply_to="a\r\nBcc: x",
            references=["b\r\n\r\nc", "ok@x"],
            language="en\r\nBcc: x",
            enclosures=[Enclosure(ATTACK, "image/png\r\nBcc: x", b"x", "a\r\nBcc: x")],
            html="<p>x</p>",
        ),
        now=NOW,
    )
    assert "bcc" not in header_names(raw)
    assert header_names(raw) == [
        "message-id",
        "references",
        "from",
        "to",
        "subject",
        "date",
        "mime-version",
        "content-type",
    ]
    assert b"\nBcc:" not in raw
    mail = parse(raw, now=NOW)
    assert [box.address for box in mail.to] == ["ada@example.com"]
    assert mail.cc == ()
    assert mail.text == "Hello"


def test_every_line_ends_as_the_wire_wants_it_and_none_is_too_long() -> None:
    raw = compose(
        letter(
            subject="x " * 400,
            html="<p>" + "y" * 5000 + "</p>",
            text="z" * 5000,
            to=[f"p{n}@example.com" for n in range(200)],
        )
    )
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()


def test_long_message_ids_stay_as_they_are() -> None:
    long = "x" * 300 + "@example.com"
    raw = compose(
        letter(msgid="y" * 200 + "@shop.example", in_reply_to=long, references=[f"{n}{long}" for n in range(60)])
    )
    mail = parse(raw, now=NOW)
    assert mail.in_reply_to == (long,)
    assert len(mail.references) == 20
    assert (mail.references[0], mail.references[-2:]) == (f"0{long}", (f"59{long}", long))


def test_e27_an_html_letter_has_a_text_that_says_the_same() -> None:
    assert sent(text=" ", html="<p>Hello <b>Ada</b></p>").text == "Hello Ada"


def test_e32_right_to_left_words_leave_as_they_are() -> None:
    text = "שלום\u200f (ABC)"
    mail = sent(subject=text, from_name="עזרה", text=text, html=f'<p dir="rtl">{text}</p>')
    assert (mail.subject, mail.from_name, mail.text) == (text, "עזרה", text)
    assert mail.html == f'<p dir="rtl">{text}</p>\n'


def test_files_and_pictures_go_along() -> None:
    mail = sent(
        html='<p><img src="cid:logo@shop"></p>',
        enclosures=[
            Enclosure("logo.png", "image/png", b"PNG", "logo@shop"),
            Enclosure("Größe\u202e.pdf", "application/pdf", bytes(range(256)) * 100),
            Enclosure("old.eml", "message/rfc822", b"From: x\n\nhi"),
            Enclosure("notes.txt", "text/plain", "ä\nö".encode()),
            Enclosure("odd", "no type", b""),
        ],
    )
    assert [(a.filename, a.content_type, a.inline) for a in mail.attachments] == [
        ("logo.png", "image/png", True),
        ("Größe.pdf", "application/pdf", False),
        ("old.eml", "application/octet-stream", False),
        ("notes.txt", "text/plain", False),
        ("odd", "application/octet-stream", False),
    ]
    assert [a.content for a in mail.attachments[1:4]] == [bytes(range(256)) * 100, b"From: x\n\nhi", "ä\nö".encode()]


def test_an_automatic_mail_says_so() -> None:
    receipt = sent(automatic=True, in_reply_to="two@example.com")
    assert receipt.header("auto-submitted") == "auto-replied"
    assert receipt.header("x-auto-response-suppress") == "All"
    assert sent(automatic=True).header("auto-submitted") == "auto-generated"
    assert sent().header("auto-submitted") == ""


def test_b025_a_local_part_beyond_ascii_is_written_in_utf8() -> None:
    raw = compose(letter(to=["jörg@bücher.example"]), now=NOW)
    assert "To: jörg@xn--bcher-kva.example\r\n".encode() in raw


@pytest.mark.parametrize(
    "changes", [{"to": []}, {"to": ["nobody"]}, {"from_address": "help"}, {"msgid": "a b"}, {"reply_to": "x"}]
)
def test_a_letter_that_no_server_would_take_is_refused(changes: dict[str, Any]) -> None:  # Any: as above
    with pytest.raises(Undeliverable):
        compose(letter(**changes))


def test_nul_and_lone_surrogates_do_not_leave() -> None:
    mail = sent(text="a\x00b\ud800", subject="c\x00d", html="<p>\x00e\ud800</p>")
    assert (mail.text, mail.html) == ("ab?", "<p>e?</p>\n")
    assert mail.subject == "c d"


PREFIXES = [
    "Re",
    "RE",
    "AW",
    "SV",
    "VS",
    "Antw",
    "Odp",
    "RV",
    "R",
    "答复",
    "Fwd",
    "FW",
    "WG",
    "TR",
    "I",
    "Rép".replace("Rép", "RES"),
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    "form", ["{}: {}", "{}:{}", "{}[2]: {}", "{} (3): {}", "{}: Re: {}", "{}: {}".replace(":", "：")]
)
def test_e37_the_marks_of_answers_and_forwards_are_known(prefix: str, form: str) -> None:
    assert bare_subject(form.format(prefix, "Printer")) == "Printer"


@pytest.mark.parametrize(
    "subject", ["Printer", "Report: Printer", "Resetting: how", "[Re] Printer", "Area: north", "Revision 2: x", "It: x"]
)
def test_e37_other_words_in_front_of_a_colon_stay(subject: str) -> None:
    assert bare_subject(subject) == subject


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Printer", "Re: Printer [#7]"),
        ("Re: AW: Printer [#7]", "Re: Printer [#7]"),
        ("[text] Printer [#8]", "Re: [text] Printer [#8] [#7]"),
        ("", "Re: [#7]"),
        ("Re:", "Re: [#7]"),
    ],
)
def test_the_subject_of_an_answer_holds_the_number_once(subject: str, expected: str) -> None:
    assert answer_subject(subject, 7) == expected


def test_e15_a_very_long_subject_is_cut_before_the_number() -> None:
    subject = answer_subject("x" * 5000, 7)
    assert len(subject) <= 240
    assert subject.endswith(" [#7]")
