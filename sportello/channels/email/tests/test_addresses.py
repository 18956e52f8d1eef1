"""Are addresses compared rightly, and can nobody make a signed one but us?"""

import pytest

from sportello.channels.email.addresses import (
    ReplyToken,
    message_id,
    read_reply_address,
    reply_address,
    unsigned,
)
from sportello.kernel.addresses import normalise, usable_address

SECRET = b"a secret of thirty-two bytes ....."


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Ada@Example.COM", "Ada@example.com"),
        (" ada+tag@example.com ", "ada+tag@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("jörg@example.com", "jörg@example.com"),
        ('"ada love"@example.com', '"ada love"@example.com'),
        ("ada@[192.0.2.1]", "ada@[192.0.2.1]"),
        ("ada@[IPv6:2001:db8::1]", "ada@[ipv6:2001:db8::1]"),
        ("root@localhost", "root@localhost"),
        ("o'hara@example.com", "o'hara@example.com"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
        ("a" * 65 + "@example.com", None),
        ("ada@" + ".".join(["a" * 63] * 4), None),
        ("ada@" + "a" * 64 + ".com", None),
        ("ada@-example.com", None),
        ("ada@exa mple.com", None),
        ("ada love@example.com", None),
        ("ada@example.com\r\nBcc: eve@example.com", None),
        ("a\x00da@example.com", None),
        ("ada\u200b@example.com", None),
        ("ada@example.com\u202e", None),
        ("a@b@example.com", None),
        ("ada.@example.com", None),
        ("<ada@example.com>", None),
        ("ada@", None),
        ("@example.com", None),
        ("@", None),
        ("", None),
    ],
)
def test_b025_an_address_is_brought_into_one_form_or_refused(address: str, expected: str | None) -> None:
    assert normalise(address) == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ana@Client.example", "ana@client.example"),
        (" ana@bücher.example ", "ana@xn--bcher-kva.example"),
        ("o'hara+tag@client.example", "o'hara+tag@client.example"),
        ('"a b"@client.example', None),
        ("ana@desk.invalid", None),
        ("ana@DESK.Invalid.", None),
        ("ana@[192.0.2.1]", None),
        ("ana@firm", None),
        ("ana@client.example\n", None),
        ("ana@client.example, luca@client.example", None),
        ("Ana <ana@client.example>", None),
        ("a" * 64 + "@" + ".".join(["b" * 60] * 4), None),
    ],
)
def test_an_address_that_somebody_gives_us_is_one_that_mail_can_reach(text: str, kept: str | None) -> None:
    assert usable_address(text) == kept


def test_a_signed_address_says_which_ticket_and_which_person() -> None:
    signed = reply_address("help@shop.example", 123_456, 98_765, SECRET)
    assert signed.startswith("help+r")
    assert signed.endswith("@shop.example")
    assert len(signed.partition("@")[0]) <= 64
    assert normalise(signed) == signed
    assert read_reply_address(signed, SECRET) == ReplyToken(123_456, 98_765)


@pytest.mark.parametrize("ids", [(1, 1), (127, 128), (2**31, 2**31), (2**40, 7)])
def test_a_signed_address_holds_any_number(ids: tuple[int, int]) -> None:
    assert read_reply_address(reply_address("help@shop.example", *ids, SECRET), SECRET) == ReplyToken(*ids)


def test_b032_a_change_of_case_on_the_way_does_no_harm() -> None:
    signed = reply_address("Help@Shop.example", 7, 9, SECRET)
    for spelled in (signed.upper(), signed.lower(), signed.swapcase(), f"<{signed}>"):
        assert read_reply_address(spelled, SECRET) == ReplyToken(7, 9)


def test_b032_a_signature_that_was_cut_extended_zeroed_or_taken_from_another_ticket_is_none() -> None:
    signed = reply_address("help@shop.example", 7, 9, SECRET)
    other = reply_address("help@shop.example", 8, 9, SECRET)
    local, _at, domain = signed.partition("@")
    mac = local.rpartition(".")[2]
    forged = [
        f"{local[:-1]}@{domain}",
        f"{local}a@{domain}",
        f"{local.removesuffix(mac)}{'a' * 26}@{domain}",
        f"{other.partition('.')[0]}.{mac}@{domain}",
        signed.replace("shop.example", "shop2.example"),
        local,
        "help@shop.example",
        f"help+r.{mac}@{domain}",
        f"help+r{'a' * 24}.{mac}@{domain}",
    ]
    assert [read_reply_address(address, SECRET) for address in forged] == [None] * len(forged)
    assert read_reply_address(signed, b"another secret") is None


def test_b032_nothing_about_a_signature_follows_from_a_neighbour() -> None:
    macs = {reply_address("help@shop.example", n, 9, SECRET).rpartition(".")[0][-26:] for n in range(100)}
    assert len(macs) == 100


def test_a_local_part_without_room_for_a_signature_is_left_plain() -> None:
    mailbox = "a-very-long-name-of-a-mailbox-indeed@shop.example"
    assert reply_address(mailbox, 7, 9, SECRET) == mailbox


def test_a_message_id_is_new_each_time_and_fits_a_header() -> None:
    ids = {message_id("shop.example") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(one.endswith("@shop.example") and one.isascii() and len(one) < 60 for one in ids)


@pytest.mark.parametrize(
    "address", ["support@desk.example", "support+r4u.abc@desk.example", "+r@desk.example", "nobody"]
)
def test_an_address_that_we_did_not_sign_stays_as_it_is(address: str) -> None:
    assert unsigned(address, SECRET) == address


def test_a_signed_address_without_its_signature_is_the_mailbox() -> None:
    assert unsigned(reply_address("Support+it@desk.example", 7, 8, SECRET).upper(), SECRET) == "SUPPORT+IT@DESK.EXAMPLE"
