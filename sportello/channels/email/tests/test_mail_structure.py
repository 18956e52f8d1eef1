"""Does a mail of any shape end within seconds and within memory, with what it says still readable?"""

import struct
import time

import pytest

from sportello.channels.email import _defects as known
from sportello.channels.email.parsing import Limits, parse
from sportello.channels.email.tests.samples import NOW, multipart, raw_mail, read_parts


def nested(depth: int) -> bytes:
    """A text within `depth` containers."""
    opened = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(depth)
    )
    closed = b"".join(b"--b%d--\r\n" % n for n in range(depth, -1, -1))
    return (
        raw_mail("Content-Type: multipart/mixed; boundary=b0", "")
        + opened
        + b"--b%d\r\nContent-Type: text/plain\r\n\r\nHello from inside\r\n" % depth
        + closed
    )


def test_e28_b003_a_hundred_levels_are_read_to_the_innermost() -> None:
    assert parse(nested(100), now=NOW).text == "Hello from inside"


@pytest.mark.parametrize("depth", [200, 1000])
def test_b003_deeper_levels_become_a_file(depth: int) -> None:
    started = time.process_time()
    mail = parse(nested(depth), now=NOW)
    assert time.process_time() - started < 5
    assert known.CUT_DEPTH in mail.defects
    assert b"Hello from inside" in mail.attachments[-1].content


@pytest.mark.parametrize("boundary", ['""', "", "x" * 1024, '"a b"', "'", "="])
def test_b003_strange_boundaries_are_bounded(boundary: str) -> None:
    raw = raw_mail(
        f"Content-Type: multipart/mixed; boundary={boundary}", "--one\nContent-Type: text/plain\n\nHello\n--one--\n"
    )
    assert "Hello" in parse(raw, now=NOW).text


def test_b003_a_boundary_equal_to_that_of_the_outer_container_is_bounded() -> None:
    inner = "Content-Type: multipart/mixed; boundary=limit\n\n--limit\nContent-Type: text/plain\n\nHello\n--limit--"
    assert "Hello" in parse(multipart(inner), now=NOW).text


def test_b003_a_container_that_never_ends_is_read_to_its_end() -> None:
    raw = raw_mail("Content-Type: multipart/mixed; boundary=x", "--x\n\nOne\n--x\n\nTwo")
    assert parse(raw, now=NOW).text == "One\n\nTwo"


def test_b003_a_container_without_a_boundary_is_found_by_guess() -> None:
    raw = raw_mail("Content-Type: multipart/mixed", "--x\nContent-Type: text/plain\n\nOne\n--x--\n")
    mail = parse(raw, now=NOW)
    assert mail.text == "One"
    assert known.NO_BOUNDARY in mail.defects


def test_b003_a_container_without_parts_is_a_text() -> None:
    mail = parse(raw_mail("Content-Type: multipart/mixed; boundary=x", "Hello"), now=NOW)
    assert mail.text == "Hello"
    assert known.NO_PARTS in mail.defects


def test_b004_a_thousand_mails_within_each_other_are_one_file() -> None:
    raw = raw_mail("Content-Type: message/rfc822", "Content-Type: message/rfc822\n\n" * 1000 + "Subject: deep\n\nHello")
    mail = parse(raw, now=NOW)
    assert [a.content_type for a in mail.attachments] == ["message/rfc822"]


def test_b004_a_mail_that_holds_itself_fifty_times_is_one_file_a_level() -> None:
    raw = raw_mail("", "Hello")
    for level in range(50):
        inner = raw.decode().replace("\r\n", "\n")
        raw = multipart("Content-Type: text/plain\n\nHello", f"Content-Type: message/rfc822\n\n{inner}")
        raw = raw.replace(b"limit\r\n", b"limit%d\r\n" % level).replace(b"limit--", b"limit%d--" % level)
    mail = parse(raw, now=NOW)
    assert mail.text == "Hello"
    assert len(mail.attachments) == 1


@pytest.mark.parametrize("count", [2_000, 100_000])
def test_b005_e67_very_many_parts_end_at_the_limit(count: int) -> None:
    raw = raw_mail(
        "Content-Type: multipart/mixed; boundary=x", "--x\nContent-Type: text/plain\n\nHello\n" + "--x\n\na\n" * count
    )
    started = time.process_time()
    mail = parse(raw, now=NOW)
    assert time.process_time() - started < 5
    assert mail.text.startswith("Hello")
    assert known.CUT_PARTS in mail.defects


def test_e67_a_mail_beyond_the_limit_is_read_up_to_it() -> None:
    limits = Limits(raw_bytes=1000)
    mail = parse(raw_mail("", "x" * 5000), limits, now=NOW)
    assert mail.subject == "Printer"
    assert 0 < len(mail.text) < 1000
    assert known.CUT_RAW in mail.defects


def test_a_text_beyond_the_limit_is_cut_and_says_so() -> None:
    mail = parse(raw_mail("", "x" * 5000), Limits(text_chars=100), now=NOW)
    assert len(mail.text) == 100
    assert known.CUT_TEXT in mail.defects


def test_e67_a_zip_bomb_is_only_a_file() -> None:
    mail = read_parts("Content-Type: application/zip; name=bomb.zip\n\nPK")
    assert mail.attachments[0].content == b"PK"


def tnef(*attributes: tuple[int, int, bytes]) -> bytes:
    """A TNEF stream of attributes (level, id, content)."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    for level, kind, content in attributes:
        out += struct.pack("<BII", level, kind, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)
    return out


def properties(*values: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(values))
    for kind, name, content in values:
        out += struct.pack("<HHII", kind, name, 1, len(content)) + content + b"\0" * (-len(content) % 4)
    return out


WINMAIL = tnef(
    (1, 0x00069007, struct.pack("<II", 1252, 0)),
    (1, 0x00069003, properties((0x1F, 0x1000, "Grüße\0".encode("utf-16-le")))),
    (2, 0x00069002, b"\0" * 14),
    (2, 0x00018010, b"SHORT~1.TXT\0"),
    (2, 0x0006800F, b"content of the file"),
    (2, 0x00069005, properties((0x1F, 0x3707, "A long näme.txt\0".encode("utf-16-le")))),
)


def winmail(content: bytes) -> bytes:
    raw = multipart("Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: 8bit\n\nTNEF")
    return raw.replace(b"TNEF", content)


def test_e65_b022_the_files_and_the_body_of_winmail_dat_are_taken_out() -> None:
    mail = parse(winmail(WINMAIL), now=NOW)
    assert mail.text == "Grüße"
    assert [(a.filename, a.content) for a in mail.attachments] == [("A long näme.txt", b"content of the file")]


@pytest.mark.parametrize("cut", [3, 20, len(WINMAIL) - 30])
def test_e65_a_damaged_winmail_dat_is_kept_as_a_file(cut: int) -> None:
    mail = parse(winmail(WINMAIL[:cut]), now=NOW)
    assert mail.attachments[0].filename == "winmail.dat"
    assert mail.attachments[0].content == WINMAIL[:cut]
    assert known.BAD_TNEF in mail.defects


def test_e65_a_winmail_dat_that_lies_about_its_counts_ends() -> None:
    lie = tnef((1, 0x00069003, struct.pack("<IHHI", 2**32 - 1, 0x101F, 0x1000, 2**32 - 1)))
    assert known.BAD_TNEF in parse(winmail(lie), now=NOW).defects
