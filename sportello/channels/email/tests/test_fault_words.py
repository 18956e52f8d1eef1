"""Is a fault kept so that each reader is told in their own language?"""

import smtplib

import pytest
from django.utils.translation import override

from sportello.channels.email.fault_words import told
from sportello.channels.email.faults import NoFolder, imap_fault, smtp_fault

CLOSED = {
    "en": "mail.example, port 587: Nothing listens on this port of the server. Check server and port.",
    "it": "mail.example, porta 587: Nessuno ascolta su questa porta del server. Controlli server e porta.",
    "ro": "mail.example, portul 587: Nimic nu ascultă pe acest port al serverului. Verificați serverul și portul.",
}


@pytest.mark.parametrize("language", CLOSED)
def test_what_a_worker_kept_in_its_language_is_told_in_the_reader_s(language: str) -> None:
    with override("en"):
        kept = smtp_fault(ConnectionRefusedError(111, "Connection refused"), host="mail.example", port=587).kept()
    with override(language):
        assert told(kept) == CLOSED[language]


def test_the_server_s_own_words_stay_as_it_said_them() -> None:
    kept = imap_fault(NoFolder('No such folder "Büro\\In"')).kept()
    with override("it"):
        said = told(kept)
    assert said.startswith('La cartella non si apre. Il server ha risposto: No such folder "Büro\\In". ')


@pytest.mark.parametrize("letter", ["x", '"', "\\", "ț", "\x07"])
def test_of_a_long_answer_the_end_is_lost_and_not_the_advice(letter: str) -> None:
    kept = smtp_fault(smtplib.SMTPAuthenticationError(535, letter.encode() * 900), host="h" * 253, port=65535).kept()
    assert len(kept) <= 300 and kept.isprintable()
    assert told(kept).endswith("Check user and password. Many providers want a password made for programs only.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "550 5.1.1 No such user",
        "127.0.0.1, port 1: Nothing listens on this port of the server. Check server and port.",
        '{"fault": "of another version", "host": "", "port": 0, "answer": ""}',
        '{"fault": "closed", "ho',
    ],
)
def test_what_was_kept_otherwise_is_shown_as_it_is(text: str) -> None:
    with override("it"):
        assert told(text) == text


def test_a_sentence_of_ours_is_translated() -> None:
    with override("it"):
        assert told("No mailbox is connected yet") == "Nessuna casella è ancora collegata"
