"""Is every text of a mail there, in its order and in the right characters?"""

import base64
import time

import pytest

from sportello.channels.email import _defects as known
from sportello.channels.email._decoding import decode_text
from sportello.channels.email.parsing import Unparseable, parse
from sportello.channels.email.tests.samples import (
    NOW,
    PNG,
    html_part,
    multipart,
    raw_mail,
    read,
    read_parts,
    read_sample,
    text_part,
)

# Golden texts per charset (E19 to E23): what the bytes must become.
CHARSETS = [
    ("gb2312", "gb18030", "镕基和喆"),
    ("gb2312", "gb2312", "打印机坏了"),
    ("gb18030", "gb18030", "打印机坏了"),
    ("big5", "big5", "印表機壞了"),
    ("shift_jis", "cp932", "①プリンター㈱"),
    ("euc-jp", "euc-jp", "プリンターが壊れました"),
    ("iso-2022-jp", "iso-2022-jp", "プリンターが壊れました"),
    ("ks_c_5601-1987", "cp949", "프린터가 고장났어요 똠"),
    ("euc-kr", "euc-kr", "프린터가 고장났어요"),
    ("koi8-r", "koi8-r", "Принтер сломался"),
    ("windows-1251", "cp1251", "Принтер сломался"),
    ("iso-8859-5", "iso-8859-5", "Принтер сломался"),
    ("iso-8859-7", "iso-8859-7", "Ο εκτυπωτής χάλασε"),
    ("windows-1253", "cp1253", "Ο εκτυπωτής χάλασε"),
    ("iso-8859-1", "cp1252", "“Größe” – 5 €"),
    ("iso-8859-15", "iso-8859-15", "Größe 5 €"),
    ("windows-1250", "cp1250", "Tiskárna je rozbitá"),
    ("iso-8859-2", "iso-8859-2", "Imprimanta e stricată, țară ș".replace("ț", "ţ").replace("ș", "ş")),
    ("windows-1258", "cp1258", "May in hong"),
    ("windows-1255", "cp1255", "המדפסת לא עובדת"),
    ("iso-8859-8-i", "iso-8859-8", "המדפסת לא עובדת"),
    ("windows-1256", "cp1256", "الطابعة معطلة"),
    ("windows-1254", "cp1254", "Yazıcı bozuldu ğ"),
    ("tis-620", "tis-620", "เครื่องพิมพ์เสีย"),
    ("utf-7", "utf-7", "Größe"),
    ("utf-16", "utf-16", "Größe"),
    ("utf-16le", "utf-16-le", "Größe"),
    ("cp-850", "cp850", "Größe"),
    ("macintosh", "mac_roman", "Größe"),
    ("UTF8", "utf-8", "Größe"),
]


@pytest.mark.parametrize(("declared", "codec", "text"), CHARSETS)
def test_e19_e23_a_body_in_its_charset_is_read(declared: str, codec: str, text: str) -> None:
    encoded = base64.b64encode(text.encode(codec)).decode()
    mail = read(f"Content-Type: text/plain; charset={declared}\nContent-Transfer-Encoding: base64", encoded)
    assert mail.text == text
    assert mail.defects == ()


@pytest.mark.parametrize(
    "charset", ["x-unknown", "unicode", "hex", "rot13", "idna", "punycode", "x-nope\x00", '"', "undefined"]
)
def test_e20_b013_an_unknown_charset_falls_back(charset: str) -> None:
    mail = read(f"Content-Type: text/plain; charset={charset}", "Größe".encode())
    assert mail.text == "Größe"
    assert (
        read(f"Content-Type: text/plain; charset={charset}", "Die Größe der Tür".encode("cp1252")).text
        == "Die Größe der Tür"
    )


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("koi8-r", "Здравствуйте, у нас сломался принтер на втором этаже, помогите"),
        ("cp1251", "Здравствуйте, у нас сломался принтер на втором этаже, помогите"),
        ("iso-2022-jp", "プリンターが壊れました"),
        ("utf-8", "Größe 打印机"),
        ("cp1252", "Die Größe der Tür ist für uns zu groß"),
        ("shift_jis", "プリンターが壊れましたので直してください。よろしくお願いします。"),
    ],
)
def test_e21_without_a_charset_the_text_is_detected(codec: str, text: str) -> None:
    assert read("", text.encode(codec)).text == text


def test_e21_the_charset_of_an_inner_part_counts() -> None:
    raw = multipart(
        "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\nTEXT", headers="MIME-Version: 1.0"
    )
    assert parse(raw.replace(b"TEXT", "Принтер".encode("koi8-r")), now=NOW).text == "Принтер"


def test_e22_b014_broken_utf8_and_nul_become_something_that_a_database_takes() -> None:
    mail = read(
        "Content-Type: text/plain; charset=utf-8",
        b"Gr\xc3\xb6\xc3\x9fe \xff\x00" + b"\x00" * 1000 + b"\xed\xa0\x80 \xc0\xaf \x1b[31m",
    )
    assert "\x00" not in mail.text
    assert mail.text.startswith("Größe")
    assert mail.text.encode("utf-8")
    assert known.BAD_CHARSET in mail.defects


@pytest.mark.parametrize("charset", [None, "utf-8", "us-ascii", "utf-16"])
@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00"])
def test_a_byte_order_mark_that_the_rest_belies_costs_no_word(mark: bytes, charset: str | None) -> None:
    for text in (" my heating is off, call 555", " my heating is off"):
        assert decode_text(mark + text.encode(), charset) == (text, False)
    if charset != "utf-16":
        assert decode_text(mark + " Größe 5 €".encode(), charset) == (" Größe 5 €", False)


@pytest.mark.parametrize("charset", [None, "utf-8", "utf-16"])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["打印机坏了", "Größe 5", "こんにちは。", "Принтер"])
def test_a_true_byte_order_mark_says_which_characters_follow(text: str, codec: str, charset: str | None) -> None:
    if codec.startswith("utf-16") or charset != "utf-16":
        assert decode_text(("\ufeff" + text).encode(codec), charset)[0] == text


def test_b014_latin_text_under_the_label_utf8_is_read() -> None:
    text = "Perché la città è così lontana? Più di così non è possibile."
    assert read("Content-Type: text/plain; charset=utf-8", text.encode("cp1252")).text == text


def test_b014_utf8_text_under_the_label_latin1_is_read() -> None:
    assert read("Content-Type: text/plain; charset=iso-8859-1", "Größe".encode()).text == "Größe"


@pytest.mark.parametrize("codec", ["gb18030", "shift_jis", "iso-2022-jp", "euc-kr"])
def test_b013_a_text_that_ends_within_a_character_keeps_the_rest(codec: str) -> None:
    text = "印刷" * 10 if codec != "euc-kr" else "프린터" * 10
    cut = text.encode(codec)[: -1 if codec != "iso-2022-jp" else -4]
    assert read(f"Content-Type: text/plain; charset={codec}", cut).text.startswith(text[:8])


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("8-bit", "Größe", "Größe"),
        ("none", "Größe", "Größe"),
        ("x-unknown", "Größe", "Größe"),
        ("BASE64", "R3LDtsOfZQ==", "Größe"),
        ("base64", "R3LD\n  tsOf ZQ", "Größe"),
        ("base64", "R3LDtsOfZQ==R3LDtsOfZQ==", "GrößeGröße"),
        ("base64", "R3LD!tsOfZQ=====", "Größe"),
        ("base64", "SGVsbG8gd29ybGQA=B", "Hello world"),
        ("quoted-printable", "Gr=C3=B6=C3=9Fe=", "Größe"),
        ("quoted-printable", "Gr=C3=B6=C3=9Fe =ZZ =\nx", "Größe =ZZ x"),
        ("x-uuencode", "begin 644 a.txt\n%2&5L;&\\\n`\nend\n", "Hello"),
        ("x-uuencode", "begin 644 a.txt\nM2&5L;&\\\nend\n", "Hello"),
        ("x-uuencode", "no begin", "no begin"),
        ("yenc", "=ybegin line=128 size=5 name=a\nx\n=yend", "=ybegin line=128 size=5 name=a\nx\n=yend"),
    ],
)
def test_e24_b015_any_transfer_encoding_is_read_as_far_as_it_goes(encoding: str, body: str, text: str) -> None:
    mail = read(f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}", body)
    assert mail.text.startswith(text)


def test_e25_quoted_printable_html_is_decoded_everywhere() -> None:
    mail = read(
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
        "<p>Gr=C3=B6=C3=9Fe =3D 5</p>",
    )
    assert mail.html == "<p>Größe = 5</p>"
    assert mail.text == "Größe = 5"


def test_e26_text_alone_html_alone_both_and_only_a_file() -> None:
    assert (read_parts(text_part("Hi")).text, read_parts(text_part("Hi")).html) == ("Hi", None)
    alone = read("Content-Type: text/html", "<p>Hi <b>you</b></p>")
    assert (alone.text, alone.html) == ("Hi you", "<p>Hi <b>you</b></p>")
    both = read_parts(text_part("Plain"), html_part("<p>Rich</p>"), subtype="alternative")
    assert (both.text, both.html) == ("Plain", "<p>Rich</p>")
    only = read_parts(PNG)
    assert (only.text, only.html, [a.filename for a in only.attachments]) == ("", None, ["logo.png"])


def test_e27_an_empty_text_beside_html_gives_way_to_it() -> None:
    mail = read_parts(text_part(" \n"), html_part("<p>Rich</p>"), subtype="alternative")
    assert (mail.text, mail.html) == ("Rich", "<p>Rich</p>")


def test_e28_a_missing_end_and_a_wrong_boundary_are_bounded_and_readable() -> None:
    raw = multipart(text_part("One"), PNG)
    unended = parse(raw.replace(b"--limit--", b""), now=NOW)
    assert (unended.text, len(unended.attachments)) == ("One", 1)
    wrong = parse(raw.replace(b"boundary=limit", b"boundary=other"), now=NOW)
    assert (wrong.text, len(wrong.attachments)) == ("One", 1)
    assert known.NO_BOUNDARY in wrong.defects


def test_e29_word_html_of_five_megabytes_is_read_within_two_seconds() -> None:
    paragraph = "<p class=MsoNormal style='margin:0cm;mso-style:\"x\"'><span lang=EN-US style='font-size:10.0pt'>Word<o:p></o:p></span></p>\n"
    html = "<html xmlns:o='urn:x'><body>" + paragraph * (5_000_000 // len(paragraph)) + "</body></html>"
    started = time.process_time()
    mail = read("Content-Type: text/html", html)
    assert time.process_time() - started < 4
    assert mail.text.startswith("Word\n\nWord")


@pytest.mark.parametrize("body", ["x" * 2_000_000, "https://example.com/" + "a" * 500_000])
def test_e30_one_very_long_line_does_not_hang(body: str) -> None:
    started = time.process_time()
    assert read("", body).text == body
    assert time.process_time() - started < 2


def test_e31_flowed_text_is_joined_and_unstuffed() -> None:
    body = "This is one \nparagraph.\n From here\n> quoted \n> text\n-- \nAda"
    mail = read("Content-Type: text/plain; charset=utf-8; format=flowed", body)
    assert mail.text == "This is one paragraph.\nFrom here\n> quoted text\n-- \nAda"


def test_e31_delsp_joins_without_the_space() -> None:
    mail = read('Content-Type: text/plain; charset=utf-8; format=flowed; DelSp="yes"', "印刷 \n機が ")
    assert mail.text == "印刷機が"


def test_e32_right_to_left_text_keeps_its_characters() -> None:
    text = "שלום, המדפסת \u200fלא עובדת (ABC)"
    mail = read_parts(text_part(text), html_part(f'<p dir="rtl">{text}</p>'), subtype="alternative")
    assert (mail.text, mail.html) == (text, f'<p dir="rtl">{text}</p>')


def test_e61_texts_between_files_keep_their_order() -> None:
    mail = read_sample("apple-mail-inline")
    assert mail.text == "First, the printer:\n\nAnd now the scanner:\n\nThat is all."
    assert [a.filename for a in mail.attachments] == ["printer.png", "scanner.png"]


def test_e61_html_and_text_in_turn_are_both_shown() -> None:
    mail = read_parts(html_part("<p>One</p>"), PNG, text_part("Two & three"))
    assert mail.text == "One\n\nTwo & three"
    assert mail.html == "<p>One</p>\n<div>Two &amp; three</div>"


@pytest.mark.parametrize("ends", [b"\n", b"\r", b"\r\n"])
def test_b016_any_line_end_is_read(ends: bytes) -> None:
    raw = multipart(text_part("One\nTwo"), PNG).replace(b"\r\n", ends)
    mail = parse(raw, now=NOW)
    assert (mail.text, len(mail.attachments)) == ("One\nTwo", 1)


def test_b016_mixed_line_ends_and_a_last_line_without_one_are_read() -> None:
    assert (
        parse(b"From: ada@example.com\r\nSubject: x\n\r\nOne\rTwo\nThree\r\nFour", now=NOW).text
        == "One\nTwo\nThree\nFour"
    )
    assert len(parse(raw_mail("", "x" * 1024 * 1024), now=NOW).text) == 1024 * 1024


def test_b022_html_that_is_none_is_a_text() -> None:
    assert read("Content-Type: text/html", "just words").text == "just words"


def test_b022_an_alternative_without_any_text_still_shows_its_files() -> None:
    mail = read_parts(PNG, subtype="alternative")
    assert (mail.text, len(mail.attachments)) == ("", 1)
    assert read_parts(subtype="alternative").text == ""


def test_b022_an_encrypted_mail_says_so_and_can_be_downloaded() -> None:
    pgp = read_parts(
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----",
        subtype="encrypted",
    )
    assert known.ENCRYPTED in pgp.defects
    assert pgp.attachments[-1].filename == "encrypted.asc"
    smime = read("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "x")
    assert known.ENCRYPTED in smime.defects
    assert smime.attachments[0].filename == "smime.p7m"


@pytest.mark.parametrize(
    "html",
    [
        "<p>x</p>" * 1_250_000,
        "<div>" * 200_000 + "deep",
        "<a href='https://example.com/'>x</a>" * 100_000,
        f'<a title="{"x" * 5_000_000}">y</a>',
    ],
    ids=["10 MB", "nested", "links", "attribute"],
)
def test_b023_very_large_html_is_read_in_time(html: str) -> None:
    started = time.process_time()
    mail = read("Content-Type: text/html", html)
    assert time.process_time() - started < 10
    assert mail.text
    assert mail.html


def test_a_part_of_a_related_group_behind_the_first_is_a_file() -> None:
    mail = read_parts(html_part("<p>Page</p>"), html_part("<p>Frame</p>"), subtype="related")
    assert mail.html == "<p>Page</p>"
    assert mail.attachments[0].content == b"<p>Frame</p>"


def test_a_footer_of_a_mailing_list_is_added_to_text_and_html() -> None:
    inner = (
        "Content-Type: multipart/alternative; boundary=in\n\n--in\n"
        + text_part("Hi")
        + "\n--in\n"
        + html_part("<p>Hi</p>")
        + "\n--in--"
    )
    mail = read_parts(inner, text_part("To unsubscribe ..."))
    assert mail.text == "Hi\n\nTo unsubscribe ..."
    assert mail.html == "<p>Hi</p>\n<div>To unsubscribe ...</div>"


def test_html_becomes_text_with_its_links_lists_and_quotes() -> None:
    html = (
        '<style>p{}</style><p>See <a href="https://shop.example/help">our page</a>, <a href="https://shop.example">shop.example</a></p>'
        "<ul><li>one</li><li>two</li></ul><blockquote><p>old<br>text</p></blockquote><table><tr><td>a</td><td>b</td></tr></table>"
        "<pre>x\n  y</pre><script>alert(1)</script>&lt;end&gt;"
    )
    assert read("Content-Type: text/html", html).text == (
        "See our page <https://shop.example/help>, shop.example\n\n* one\n* two\n\n> old\n> text\n\na b\n\nx\n  y\n\n<end>"
    )


def test_nothing_readable_but_headers_is_a_mail() -> None:
    assert parse(b"From: ada@example.com\r\nSubject: only this", now=NOW).subject == "only this"
    with pytest.raises(Unparseable):
        parse(b"\r\n\r\n", now=NOW)
