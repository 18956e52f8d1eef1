"""Is every file of a mail there, under a name that does no harm, and is a picture found where the text shows it?"""

import time

import pytest

from sportello.channels.email.parsing import attachment_for
from sportello.channels.email.tests.samples import PNG, html_part, read_parts, text_part

CID_PARTS = [
    "Content-ID: <logo@shop>",
    "Content-ID: <LOGO@SHOP>",
    "Content-ID: logo@shop",
    "Content-Id: <logo%40shop>",
]


@pytest.mark.parametrize("header", CID_PARTS)
@pytest.mark.parametrize("source", ["cid:logo@shop", "CID:Logo@Shop", "cid:logo%40shop", "cid:<logo@shop>"])
def test_e59_an_image_is_found_by_its_content_id_in_any_spelling(header: str, source: str) -> None:
    part = f"Content-Type: image/png\n{header}\n\nx"
    mail = read_parts(html_part(f'<img src="{source}">'), part, subtype="related")
    assert mail.attachments[0].inline
    assert attachment_for(source, mail.attachments) == mail.attachments[0]


def test_e60_an_image_is_found_by_its_name_without_cid() -> None:
    mail = read_parts(html_part('<img src="image001.png">'), PNG.replace("logo.png", "image001.png"), subtype="related")
    assert mail.attachments[0].inline
    assert attachment_for("https://example.com/image001.png", mail.attachments) is None


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf", "Größe.pdf"),
        ("filename*0*=utf-8''Gr%C3%B6;\n filename*1*=%C3%9Fe;\n filename*2=.pdf", "Größe.pdf"),
        ("filename*=iso-8859-1''Gr%F6%DFe.pdf", "Größe.pdf"),
        ("filename*=x-nope''Gr%C3%B6%C3%9Fe.pdf", "Größe.pdf"),
        ("filename*=utf-8''Gr%F6%DFe.pdf", "Größe.pdf"),
        ("filename*1=b.pdf; filename*2=x", "b.pdfx"),
        ("filename*0=a; filename*99999999=b.pdf", "ab.pdf"),
        ("filename*0=a; filename*1*=%C3%B6.pdf", "aö.pdf"),
        ("filename*=utf-8''50%ZZ%C3%B6.pdf", "50%ZZö.pdf"),
        ("filename=plain.pdf; filename*=utf-8''star.pdf", "star.pdf"),
        ('filename="=?utf-8?Q?Gr=C3=B6=C3=9Fe.pdf?="', "Größe.pdf"),
        ("filename==?utf-8?B?R3LDtsOfZS5wZGY=?=", "Größe.pdf"),
        ('filename="a;b \\"c\\".pdf"', "a;b _c_.pdf"),
        ("filename=Größe.pdf", "Größe.pdf"),
        ("filename=two words.pdf", "two words.pdf"),
    ],
)
def test_e62_b020_b021_names_of_files(disposition: str, name: str) -> None:
    mail = read_parts(f"Content-Type: application/pdf\nContent-Disposition: attachment; {disposition}\n\nx")
    assert mail.attachments[0].filename == name


def test_b020_a_name_in_ten_thousand_pieces_is_read_in_time() -> None:
    started = time.process_time()
    pieces = "".join(f";\n filename*{n}=a" for n in range(10_000))
    mail = read_parts(f"Content-Type: application/pdf\nContent-Disposition: attachment{pieces}\n\nx")
    assert time.process_time() - started < 5
    assert mail.attachments[0].filename == "a" * 199 or set(mail.attachments[0].filename) == {"a"}


def test_b021_the_name_in_content_type_counts_where_there_is_no_other() -> None:
    mail = read_parts("Content-Type: application/pdf; name=only.pdf\n\nx")
    assert mail.attachments[0].filename == "only.pdf"


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("", "attachment-1.pdf"),
        ('""', "attachment-1.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("a/b.pdf", "a_b.pdf"),
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("C:\\x.pdf", "C_x.pdf"),
        ("nol\x00.pdf", "nol.pdf"),
        ("nul.pdf", "_nul.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("\u200b.htaccess", ".htaccess"),
        (".htaccess", ".htaccess"),
        ("../.bashrc", ".bashrc"),
        ("..profile", "profile"),
        (".", "attachment-1.pdf"),
        ("..", "attachment-1.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("dot.pdf. ", "dot.pdf"),
        ("-rf.pdf", "rf.pdf"),
        ("größe \U0001f600.pdf", "größe \U0001f600.pdf"),
    ],
)
def test_e63_b024_a_strange_name_becomes_one_that_does_no_harm(declared: str, name: str) -> None:
    value = declared if declared in ("", '""') else '"' + declared.replace("\\", "\\\\") + '"'
    filename = f"; filename={value}" if value else ""
    mail = read_parts(f"Content-Type: application/pdf\nContent-Disposition: attachment{filename}\n\nx")
    assert mail.attachments[0].filename == name
    assert mail.attachments[0].content == b"x"


def test_e63_files_of_one_name_are_all_there() -> None:
    mail = read_parts(PNG, PNG, PNG.replace("iVBORw0KGgo=", "AAAA"))
    assert [a.filename for a in mail.attachments] == ["logo.png"] * 3


def test_e64_an_attached_mail_stays_one_file() -> None:
    inner = "From: eve@example.com\nSubject: The inner one\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\ninner\n--in\n"
    mail = read_parts(text_part("Outer"), f"Content-Type: message/rfc822\n\n{inner}{PNG}\n--in--")
    assert mail.text == "Outer"
    assert [(a.filename, a.content_type) for a in mail.attachments] == [("The inner one.eml", "message/rfc822")]
    assert b"inner" in mail.attachments[0].content


def test_e64_a_msg_file_stays_a_file() -> None:
    mail = read_parts("Content-Type: application/vnd.ms-outlook; name=old.msg\n\nx")
    assert mail.attachments[0].filename == "old.msg"


def test_e66_forty_three_logos_are_one_content() -> None:
    started = time.process_time()
    mail = read_parts(html_part('<img src="cid:Logo@Shop">'), *[PNG] * 43, subtype="related")
    assert time.process_time() - started < 0.4
    assert len(mail.attachments) == 43
    assert len({a.content for a in mail.attachments}) == 1


def test_e69_a_program_as_a_file_is_kept_for_the_one_who_decides() -> None:
    mail = read_parts(text_part("See the file"), "Content-Type: application/x-msdownload; name=a.exe\n\nMZ")
    assert (mail.text, mail.attachments[0].filename, mail.attachments[0].content) == ("See the file", "a.exe", b"MZ")
