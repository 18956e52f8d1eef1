"""Is the right person, subject, date and chain read from headers as they really come?"""

import time
from datetime import UTC, datetime

import pytest

from sportello.channels.email import _defects as known
from sportello.channels.email.parsing import Mailbox, Unparseable, parse
from sportello.channels.email.tests.samples import NOW, raw_mail, read


def test_e01_without_from_the_sender_header_counts() -> None:
    mail = parse(b"Sender: Bob <bob@example.com>\r\nSubject: x\r\n\r\nHi", now=NOW)
    assert (mail.from_address, mail.from_name) == ("bob@example.com", "Bob")
    assert known.OTHER_SENDER in mail.defects


def test_e01_without_from_and_sender_the_return_path_counts() -> None:
    assert parse(b"Return-Path: <bob@example.com>\r\n\r\nHi", now=NOW).from_address == "bob@example.com"


def test_e02_a_mail_from_nobody_is_a_mail_all_the_same() -> None:
    mail = parse(b"Subject: x\r\n\r\nHi", now=NOW)
    assert (mail.from_address, mail.from_name, mail.text) == ("", "", "Hi")
    assert known.NO_SENDER in mail.defects


@pytest.mark.parametrize("value", ["<>", "Ada Lovelace", "", "<not an address>"])
def test_e03_a_reply_to_without_an_address_is_ignored(value: str) -> None:
    mail = read(f"Reply-To: {value}")
    assert mail.reply_to == ()
    assert mail.from_address == "ada@example.com"


@pytest.mark.parametrize(
    "value", ["Ada <ada@example.com", "Ada<ada@example.com>", '"Ada"<ada@example.com>', "Ada ada@example.com"]
)
def test_e04_a_broken_from_still_yields_the_address(value: str) -> None:
    mail = read(f"From: {value}")
    assert (mail.from_address, mail.from_name) == ("ada@example.com", "Ada")


@pytest.mark.parametrize(
    "value", [b"ada love@example.com", b"ada\tlove@example.com", b"a\x01da@example.com", b"<a da@b c>"]
)
def test_e05_an_address_with_white_space_or_control_bytes_keeps_the_mail(value: bytes) -> None:
    mail = read(b"From: Ada <" + value + b">")
    assert mail.text == "Hello"
    assert mail.from_address == ""
    assert mail.from_name.startswith("Ada")
    assert known.BAD_SENDER in mail.defects


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('"Lovelace, Ada" <ada@example.com>', "Lovelace, Ada"),
        ("Lovelace, Ada <ada@example.com>", "Lovelace, Ada"),
        ('"ada@home" <ada@example.com>', "ada@home"),
        ("ada@home <ada@example.com>", "ada@home"),
        ("=?utf-8?Q?Lovelace,_Ada?= <ada@example.com>", "Lovelace, Ada"),
    ],
)
def test_e06_at_signs_and_commas_in_a_name_do_not_shift_the_address(value: str, name: str) -> None:
    mail = read(f"From: {value}\nTo: {value}, bob@example.com")
    assert (mail.from_address, mail.from_name) == ("ada@example.com", name)
    assert [box.address for box in mail.to] == ["ada@example.com", "bob@example.com"]


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_e07_e08_raw_accents_in_headers_are_read(charset: str) -> None:
    headers = "From: André <andre@example.com>\nTo: Zoë <zoe@example.com>\nSubject: Größe prüfen, bitte".encode(charset)
    mail = read(headers)
    assert (mail.from_name, mail.to[0].name, mail.subject) == ("André", "Zoë", "Größe prüfen, bitte")


def test_e07_the_charset_of_the_body_helps_to_guess() -> None:
    headers = "Subject: Čtvrtek v září\nContent-Type: text/plain; charset=windows-1250".encode("cp1250")
    assert read(headers, "Dobrý den".encode("cp1250")).subject == "Čtvrtek v září"


def test_e08_an_encoded_name_is_decoded() -> None:
    assert read("From: =?iso-8859-1?Q?Andr=E9?= <andre@example.com>").from_name == "André"


def test_e09_an_encoded_word_that_is_split_within_a_character_is_joined() -> None:
    assert (
        read("Subject: =?utf-8?B?R3LDvMOf?=\n =?utf-8?B?ZSBhdXMgTcM=?=\n =?utf-8?B?vG5jaGVu?=").subject
        == "Grüße aus München"
    )


def test_e11_a_group_without_members_names_nobody() -> None:
    mail = read("To: undisclosed-recipients:;\nCc:")
    assert (mail.to, mail.cc) == ((), ())


def test_e11_the_members_of_a_group_are_read() -> None:
    mail = read("To: Team: ada@example.com, Bob <bob@example.com>;, carl@example.com")
    assert [box.address for box in mail.to] == ["ada@example.com", "bob@example.com", "carl@example.com"]


def test_e12_the_address_of_delivery_is_known_though_the_mail_names_it_nowhere() -> None:
    mail = read(
        "To: other@example.com\nDelivered-To: help@shop.example\nX-Original-To: support@shop.example\n"
        "Received: from a by b for <sales@shop.example>; Fri, 3 May 2024 10:00:00 +0000"
    )
    assert mail.delivered_to == ("help@shop.example", "support@shop.example", "sales@shop.example")


@pytest.mark.parametrize("value", ["", " ", "<>", "<" + "a" * 2000 + "@x>"])
def test_e13_a_message_id_that_cannot_be_one_is_none(value: str) -> None:
    assert read(f"Message-ID: {value}").message_id is None


def test_e13_of_two_message_ids_the_first_counts() -> None:
    assert read("Message-ID: <one@x>\nMessage-ID: <two@x>").message_id == "one@x"


@pytest.mark.parametrize(
    "value",
    [
        "Thu, 1 Jan 2099 10:00:00 +0000",
        "Fri, 32 Feb 2024 10:00:00 +0000",
        "Mon, 1 Jan 0000 00:00:00 +0000",
        "Fri, 31 Dec 9999 23:59:00 -2359",
        "Fri, 3 May 2024 10:00:00 +9999",
        "3 May 2034 10:00:00 +0000",
        "yesterday",
        "",
    ],
)
def test_e14_b012_an_impossible_date_is_none(value: str) -> None:
    mail = read(f"Date: {value}")
    assert mail.date is None
    assert (known.BAD_DATE in mail.defects) == bool(value)


@pytest.mark.parametrize(
    "value",
    [
        "Fri, 3 May 2024 12:00:00 +0200",
        "3 May 2024 10:00 GMT",
        "2024-05-03T12:00:00+02:00",
        "Fri, 03 May 2024 10:00:00 -0000",
    ],
)
def test_e14_a_date_is_read_in_utc(value: str) -> None:
    assert read(f"Date: {value}").date == datetime(2024, 5, 3, 10, 0, tzinfo=UTC)


def test_e15_a_subject_is_kept_whole_on_one_line() -> None:
    assert read("Subject:").subject == ""
    assert read("Subject: " + "x" * 5000).subject == "x" * 5000
    assert read("Subject: one\n two\n\tthree").subject == "one two three"
    assert read("Subject: =?utf-8?B?8J+YgCBoaQ==?=").subject == "😀 hi"


def test_e16_brackets_in_a_subject_are_only_text() -> None:
    assert read("Subject: [text] [#7] printer").subject == "[text] [#7] printer"


def test_e17_b040_of_two_from_and_two_subject_headers_the_first_counts_and_is_noted() -> None:
    mail = read("From: ada@example.com\nFrom: eve@example.com\nSubject: one\nSubject: two")
    assert (mail.from_address, mail.subject) == ("ada@example.com", "one")
    assert {known.TWO_FROMS, known.TWO_SUBJECTS} <= set(mail.defects)


def test_b040_of_two_addresses_in_from_the_first_counts_and_is_noted() -> None:
    mail = read("From: ada@example.com, eve@example.com")
    assert mail.from_address == "ada@example.com"
    assert known.TWO_SENDERS in mail.defects


def test_b040_a_name_that_poses_as_another_address_is_noted() -> None:
    mail = read('From: "ceo@corp.example" <x@evil.example>')
    assert (mail.from_address, mail.from_name) == ("x@evil.example", "ceo@corp.example")
    assert known.NAME_POSES in mail.defects
    assert known.NAME_POSES not in read('From: "Ada@Example.com" <ada@example.com>').defects


def test_b040_two_addresses_glued_together_are_none() -> None:
    mail = read("From: alice@corp.example)bob@evil.example")
    assert mail.from_address == ""
    assert known.BAD_SENDER in mail.defects


def test_b040_a_sender_beside_from_is_kept_apart() -> None:
    mail = read("From: ada@example.com\nSender: Bot <bot@example.com>")
    assert mail.from_address == "ada@example.com"
    assert mail.sender == Mailbox("Bot", "bot@example.com")


def test_b040_line_breaks_and_nul_in_an_encoded_name_become_spaces() -> None:
    mail = read("From: =?utf-8?Q?Ada=0D=0ABcc:=20eve=00?= <ada@example.com>")
    assert mail.from_address == "ada@example.com"
    assert mail.from_name == "Ada Bcc: eve"


def test_e42_a_thread_index_is_no_reference() -> None:
    mail = read("Thread-Index: AQHPP2sdK5RDOFU9lUeX2JMAMzi1Nw==\nThread-Topic: Printer")
    assert mail.references == mail.in_reply_to == ()


def test_references_are_read_without_brackets_and_each_once() -> None:
    mail = read("In-Reply-To: Your mail of Friday <two@x>\nReferences: <one@x>\n <two@x> <one@x>\n <thr\n ee@x>")
    assert mail.in_reply_to == ("two@x",)
    assert mail.references == ("one@x", "two@x", "three@x")


@pytest.mark.parametrize("missing", ["From", "To", "Date", "Message-ID", "Subject"])
def test_b002_a_mail_may_lack_any_header(missing: str) -> None:
    headers = {"From": "ada@example.com", "To": "help@shop.example", "Date": "Fri, 3 May 2024 10:00:00 +0000"}
    headers |= {"Message-ID": "<one@x>", "Subject": "Printer"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name != missing)
    assert parse(f"{lines}\r\nHello".encode(), now=NOW).text == "Hello"


def test_b002_a_mail_without_headers_is_all_text() -> None:
    assert parse(b"Hello there\r\nno headers here", now=NOW).text == "Hello there\nno headers here"


def test_b002_a_first_line_without_a_colon_is_skipped_if_headers_follow() -> None:
    mail = parse(b"---- Original mail ----\r\nFrom: ada@example.com\r\nSubject: x\r\n\r\nHello", now=NOW)
    assert (mail.from_address, mail.subject, mail.text) == ("ada@example.com", "x", "Hello")
    assert known.BAD_HEADERS in mail.defects


def test_b002_a_mail_without_an_empty_line_keeps_its_text() -> None:
    mail = parse(b"From: ada@example.com\r\nSubject: x\r\nHello there\r\nand goodbye", now=NOW)
    assert (mail.subject, mail.text) == ("x", "Hello there\nand goodbye")


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n\n", b" \t\r\n", b"\x00\x00"])
def test_b001_an_empty_mail_shows_nothing(raw: bytes) -> None:
    with pytest.raises(Unparseable) as error:
        parse(raw)
    assert error.value.reason == "The mail is empty."


def test_b001_one_byte_is_a_text() -> None:
    assert parse(b"x", now=NOW).text == "x"


def test_an_mbox_line_in_front_is_no_header() -> None:
    mail = parse(
        b"From ada@example.com Fri May  3 10:00:00 2024\nFrom: ada@example.com\nSubject: x\n\nHello\n", now=NOW
    )
    assert (mail.from_address, mail.subject, mail.text) == ("ada@example.com", "x", "Hello")


@pytest.mark.parametrize(
    "headers",
    [
        b"X-A: b\r\n" * 100_000,
        b"X-A: " + b"b" * 1024 * 1024 + b"\r\n",
        b"X-A: b\r\n" + b" c\r\n" * 50_000,
        b"Received: x\r\n" + b"rubbish\r\n" * 100_000,
    ],
    ids=["many", "long", "folded", "rubbish"],
)
def test_b006_very_many_header_lines_end_at_the_limit(headers: bytes) -> None:
    started = time.perf_counter()
    mail = parse(b"From: ada@example.com\r\nSubject: x\r\n" + headers + b"\r\nHello", now=NOW)
    assert time.perf_counter() - started < 5
    assert (mail.from_address, mail.subject) == ("ada@example.com", "x")
    assert mail.text.endswith("Hello")


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("=?utf-8?Q?" + "=C3=BC" * 3 + "=C3?=", "üüü\ufffd"),
        ("=?x-nope?Q?abc?=", "abc"),
        ("=?utf-8?z?abc?=", "=?utf-8?z?abc?="),
        ("=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=", "=?utf-8?Q?a?="),
        ("=?utf-8?Q?unfinished", "=?utf-8?Q?unfinished"),
        ("=?utf-8?Q?a?= =?utf-8?Q?b?= c", "ab c"),
        ("=?iso-2022-jp?B?GyRCJDMbKEI=?= x", "こ x"),
    ],
)
def test_b007_encoded_words_in_a_subject(subject: str, expected: str) -> None:
    assert read(f"Subject: {subject}").subject == expected


@pytest.mark.parametrize(
    "subject", ["x" * 1_000_000, "=?utf-8?Q?a?= " * 20_000, "=?a?b?" * 20_000, "=?utf-8?Q?" * 20_000]
)
def test_b007_a_very_long_subject_is_read_in_time(subject: str) -> None:
    started = time.perf_counter()
    assert read(f"Subject: {subject}").subject
    assert time.perf_counter() - started < 5


def test_b008_twenty_thousand_addresses_are_capped_and_the_cap_is_noted() -> None:
    started = time.perf_counter()
    mail = read("To: " + ", ".join(f"Person {n} <p{n}@example.com>" for n in range(20_000)))
    assert time.perf_counter() - started < 5
    assert len(mail.to) == 500
    assert known.CUT_ADDRESSES in mail.defects


def test_b008_a_thousand_groups_are_read() -> None:
    mail = read("Cc: " + ", ".join(f"g{n}: a{n}@example.com;" for n in range(300)) + ", undisclosed:;" * 1000)
    assert len(mail.cc) == 300


@pytest.mark.parametrize(
    "value",
    [
        "(" * 800 + "x" + ")" * 800 + "ada@example.com",
        "(" * 5000 + "ada@example.com",
        '"ada <ada@example.com>',
        "<>",
        "@",
        "",
        "team: ada@example.com;",
        "<" * 10_000,
        '"' * 10_001,
    ],
)
def test_b009_strange_from_lines_never_raise(value: str) -> None:
    mail = read(f"From: {value}")
    assert mail.from_address in ("", "ada@example.com")
    assert mail.text == "Hello"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<[>", None),
        ("one@example.com", "one@example.com"),
        ("< one @example.com >", "one@example.com"),
        ("<" + "x" * 10_240 + ">", None),
    ],
)
def test_b010_strange_message_ids(value: str, expected: str | None) -> None:
    assert read(f"Message-ID: {value}").message_id == expected


def test_b010_a_message_id_with_a_carriage_return_is_read_without_it() -> None:
    assert read(b"Message-ID: <one\r@example.com>").message_id == "one@example.com"


def test_b011_very_long_chains_keep_the_first_and_the_newest() -> None:
    started = time.perf_counter()
    mail = read(
        "In-Reply-To: " + " ".join(f"<{n}@x>" for n in range(50_000)) + "\nReferences: " + "<a@x> <b@x> " * 16_000
    )
    assert time.perf_counter() - started < 5
    assert len(mail.in_reply_to) == 200
    assert mail.in_reply_to[0] == "0@x"
    assert mail.references == ("a@x", "b@x")


def test_b043_control_headers_of_help_desks_are_not_kept() -> None:
    mail = read("X-Sportello-Ticket-Owner: eve\nRT-Send-CC: eve@example.com\nX-Zammad-Ignore: yes")
    assert mail.headers == {}


def test_b044_b026_two_mails_with_one_message_id_are_both_read() -> None:
    first, second = (read("Message-ID: <same@x>", body) for body in ("one", "two"))
    assert first.message_id == second.message_id
    assert first.text != second.text


def test_b024_invisible_and_combining_characters_do_not_hurt() -> None:
    marks = "a" + "\u0301" * 10_000
    mail = read(f"Subject: \u202ecod.exe {marks}\nFrom: \u200bAda \u202e <ada@example.com>")
    assert mail.subject.endswith(marks)
    assert mail.from_address == "ada@example.com"


def test_a_parsed_mail_survives_the_way_through_json() -> None:
    from sportello.channels.email.parsing import ParsedMail

    mail = parse(raw_mail("To: bob@example.com\nDate: Fri, 3 May 2024 10:00:00 +0000\nPrecedence: bulk"), now=NOW)
    assert ParsedMail.from_json(mail.as_json(), [a.content for a in mail.attachments]) == mail
