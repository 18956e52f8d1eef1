"""Under which name and type is a file shown, and which files are too much?"""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from sportello.kernel.files import read
from sportello.people.testing import make_customer, make_team
from sportello.tickets.conversation import Words
from sportello.tickets.files import MOST_FILES, FilesRefused, NewFile, clean_name, clean_type, from_uploads
from sportello.tickets.intake import NewTicket, open_ticket
from sportello.tickets.models import Attachment


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/passwd", "passwd"),
        ("C:\\x.png", "x.png"),
        ("x\0.png", "x.png"),
        (".", "file"),
        ("..", "file"),
        ("", "file"),
        ("   ", "file"),
        ("folder/", "file"),
        ("CON", "CON"),
        ("name. ", "name"),
        ("-rf", "-rf"),
        ("two\nlines.txt", "twolines.txt"),
        ('quo"te;.txt', 'quo"te;.txt'),
        ("txt.\u202egpj.exe", "txt.gpj.exe"),
        ("\u200b.htaccess", ".htaccess"),
        (".htaccess", ".htaccess"),
        ("../.bashrc ", ".bashrc"),
        ("..profile", "profile"),
        (". .", "file"),
        ("\u2028x\ud800.txt", "x.txt"),
        ("fișă țară.pdf", "fișă țară.pdf"),
    ],
)
def test_names_are_cleaned_for_showing(given: str, shown: str) -> None:
    """B066. Bytes lie under a name of their own; this one is only shown and put into headers."""
    assert clean_name(given) == shown


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("x" * 300 + ".pdf") == "x" * 180 + ".pdf"
    assert len(clean_name("x" * 300)) == 200
    assert len(clean_name("." + "x" * 300)) <= 200


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("image/png", "image/png"),
        ("TEXT/HTML; charset=utf-7", "text/html"),
        ("image/svg+xml", "image/svg+xml"),
        ("text/html\r\nX-Evil: 1", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("nonsense", "application/octet-stream"),
        ("a/b/c", "application/octet-stream"),
        ("x" * 100 + "/y", "application/octet-stream"),
        ("image/png\n", "image/png"),
    ],
)
def test_types_are_well_formed(given: str, kept: str) -> None:
    """B068. What is shown inline is decided by whoever sends the bytes, never by this word."""
    assert clean_type(given) == kept


def upload(size: int, name: str = "a.txt") -> SimpleUploadedFile:
    file = SimpleUploadedFile(name, b"x", "text/plain")
    file.size = size
    return file


def test_files_up_to_the_limit_are_taken() -> None:
    limit = settings.UPLOAD_LIMIT_BYTES
    files = from_uploads([upload(limit - 1), upload(1, "b.txt")])
    assert [file.name for file in files] == ["a.txt", "b.txt"]


def test_one_byte_more_is_refused_with_the_limit_in_the_sentence() -> None:
    with pytest.raises(FilesRefused, match="20 MB"):
        from_uploads([upload(settings.UPLOAD_LIMIT_BYTES), upload(1)])


def test_too_many_files_are_refused_with_their_number() -> None:
    with pytest.raises(FilesRefused, match="At most 20 files"):
        from_uploads([upload(1)] * (MOST_FILES + 1))


def test_an_empty_file_is_a_file() -> None:
    assert from_uploads([SimpleUploadedFile("empty.txt", b"")])[0].content == b""


@pytest.mark.django_db
def test_the_same_bytes_lie_once_and_belong_to_each_message() -> None:
    files = [NewFile("a/b.txt", b"same", "text/plain"), NewFile("c.txt", b"same", "text/plain; x=y", inline=True)]
    ticket = open_ticket(NewTicket("x", make_customer(), make_team(), Words(text="", files=files)))
    kept = list(Attachment.objects.filter(message__ticket=ticket))
    assert [(a.name, a.content_type, a.size, a.inline) for a in kept] == [
        ("b.txt", "text/plain", 4, False),
        ("c.txt", "text/plain", 4, True),
    ]
    assert kept[0].blob == kept[1].blob
    assert read(kept[0].blob) == b"same"
