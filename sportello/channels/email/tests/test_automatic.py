"""Is a mail that no person wrote told from one that a person wrote, in any language?"""

import pytest

from sportello.channels.email.automatic import Kind, Nature, classify, is_same_mailbox
from sportello.channels.email.parsing import parse
from sportello.channels.email.tests.samples import NOW, multipart, read, read_parts, read_sample, sample

OURS = ["help@shop.example", "sales@shop.example"]


def nature(headers: str = "", body: str = "Hello") -> Nature:
    return classify(read(headers, body), OURS)


def test_a_plain_mail_is_from_a_person() -> None:
    found = nature("To: help@shop.example")
    assert found.kind is Kind.PERSON
    assert found.kind.is_answerable
    assert found.reopens


def test_e49_b027_a_failed_delivery_names_recipient_code_and_mail() -> None:
    found = classify(read_sample("dsn-failed"), OURS)
    assert found.kind is Kind.BOUNCE
    assert [(f.recipient, f.status) for f in found.failures] == [("gone@customer.example", "5.1.1")]
    assert found.failures[0].diagnostic == "550 5.1.1 User unknown"
    assert found.original_message_id == "original.1@shop.example"
    assert not found.kind.is_answerable
    assert not found.reopens


def test_b028_a_delay_is_no_failure() -> None:
    found = classify(read_sample("dsn-delayed"), OURS)
    assert found.kind is Kind.DELIVERY_DELAY
    assert [(f.recipient, f.status) for f in found.failures] == [("gone@customer.example", "4.4.7")]


def test_b028_a_confirmed_delivery_is_neither() -> None:
    raw = (
        sample("dsn-failed")
        .replace(b"Action: failed", b"Action: delivered")
        .replace(b"Status: 5.1.1", b"Status: 2.0.0")
    )
    raw = raw.replace(b"550 5.1.1 User unknown", b"250 Ok")
    assert classify(parse(raw, now=NOW), OURS).kind is Kind.READ_RECEIPT


def test_b029_a_report_without_a_part_for_machines_is_read_by_its_words() -> None:
    found = classify(read_sample("qmail-failure"), OURS)
    assert found.kind is Kind.BOUNCE
    assert [(f.recipient, f.status) for f in found.failures] == [("gone@customer.example", "5.0.0")]
    assert found.original_message_id == "original.2@shop.example"


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        (
            "postmaster@firma.example",
            "Unzustellbar: Drucker",
            "Ihre Nachricht wurde nicht zugestellt an weg@kunde.example.",
        ),
        (
            "postmaster@societe.example",
            "Non remis : Imprimante",
            "Impossible de remettre votre message à parti@client.example",
        ),
        (
            "postmaster@ditta.example",
            "Non recapitabile: Stampante",
            "Non è stato possibile recapitare: via@cliente.example",
        ),
        ("mailer-daemon@pochta.example", "Недоставленное сообщение", "Не доставлено: net@klient.example"),
        ("mailer-daemon@kaisha.example", "配信エラー", "送信できませんでした: inai@kyaku.example"),
    ],
)
def test_b029_reports_in_other_languages_are_read(sender: str, subject: str, body: str) -> None:
    found = nature(f"From: {sender}\nTo: help@shop.example\nSubject: {subject}\nReturn-Path: <>", body)
    assert found.kind is Kind.BOUNCE
    assert found.failures[0].recipient.endswith(".example")


def test_b029_a_nested_report_is_read_from_its_outermost_part() -> None:
    inner = sample("dsn-failed").decode().replace("\r\n", "\n")
    deeper = multipart("Content-Type: text/plain\n\nsee below", f"Content-Type: message/rfc822\n\n{inner}")
    report = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; b\n\nFinal-Recipient: rfc822; x@y.example\n"
        "Action: failed\nStatus: 5.2.2\n"
    )
    mail = read_parts(
        "Content-Type: text/plain\n\nFailed.",
        report,
        "Content-Type: message/rfc822\n\n" + deeper.decode().replace("\r\n", "\n"),
        subtype="report; report-type=delivery-status",
    )
    assert [(f.recipient, f.status) for f in classify(mail, OURS).failures] == [("x@y.example", "5.2.2")]


def test_b029_a_person_who_passes_a_bounce_on_is_a_person() -> None:
    inner = sample("dsn-failed").decode().replace("\r\n", "\n")
    mail = read_parts("Content-Type: text/plain\n\nWhat is this?", f"Content-Type: message/rfc822\n\n{inner}")
    assert classify(mail, OURS).kind is Kind.PERSON


def test_e50_a_bounce_from_nowhere_is_silent() -> None:
    found = nature(
        "From: <>\nReturn-Path: <>\nSubject: Undeliverable: Undeliverable", "User unknown: daemon@nowhere.example"
    )
    assert found.kind is Kind.BOUNCE
    assert not found.kind.is_answerable


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("Auto-Submitted: auto-generated", Kind.NOTICE),
        ("Auto-Submitted: auto-replied", Kind.AUTO_REPLY),
        ("Auto-Submitted: AUTO-REPLIED; x=y", Kind.AUTO_REPLY),
        ("Auto-Submitted:\n auto-notified; owner-email=ada@example.com", Kind.NOTICE),
        ("X-Autoreply: yes", Kind.AUTO_REPLY),
        ("X-Autorespond: x", Kind.AUTO_REPLY),
        ("X-Auto-Response-Suppress: All", Kind.NOTICE),
        ("X-Auto-Response-Suppress: DR, AutoReply", Kind.NOTICE),
        ("Precedence: bulk", Kind.NOTICE),
        ("Precedence: first-class\nPrecedence: Bulk", Kind.NOTICE),
        ("Precedence: junk", Kind.NOTICE),
        ("Precedence: list", Kind.LIST),
        ("Precedence: auto_reply", Kind.AUTO_REPLY),
        ("List-Id: <news.example.com>", Kind.LIST),
        ("List-Unsubscribe: <https://example.com/u>", Kind.NOTICE),
        ("Return-Path: <>", Kind.NOTICE),
        ("X-Loop: help@shop.example", Kind.NOTICE),
        ("From: MAILER-DAEMON@example.com", Kind.BOUNCE),
        ("From: Postmaster <postmaster@example.com>", Kind.NOTICE),
        ("From: noreply@example.com", Kind.NOTICE),
    ],
)
def test_e51_b136_every_mark_of_a_program_stops_automatic_answers(headers: str, kind: Kind) -> None:
    found = nature(headers)
    assert found.kind is kind
    assert not found.kind.is_answerable
    assert found.reason


@pytest.mark.parametrize(
    "headers", ["Auto-Submitted: no", "Auto-Submitted: No (a person)", "X-Auto-Response-Suppress: DR, RN, NRN"]
)
def test_e51_marks_that_say_a_person_wrote_it_stop_nothing(headers: str) -> None:
    assert nature(headers).kind is Kind.PERSON


@pytest.mark.parametrize(
    "local",
    [
        "no-reply",
        "noreply",
        "no_reply",
        "do-not-reply",
        "donotreply",
        "NoReply",
        "billing-noreply",
        "noreply+a1",
        "non-rispondere",
        "nicht-antworten",
        "ne-pas-repondre",
        "nepasrepondre",
        "nu-raspunde",
        "no-responder",
        "nao-responda",
        "no.reply",
    ],
)
def test_e53_a_sender_that_takes_no_answers_gets_none(local: str) -> None:
    assert nature(f"From: {local}@example.com").kind is Kind.NOTICE


@pytest.mark.parametrize("local", ["norbert", "nora.reply", "reply", "noreen", "replynow", "innovation", "moreply"])
def test_e53_a_person_whose_name_resembles_that_is_a_person(local: str) -> None:
    assert nature(f"From: {local}@example.com").kind is Kind.PERSON


def test_e57_a_mail_through_a_list_is_from_its_writer_and_gets_no_receipt() -> None:
    headers = "From: Ada <ada@example.com>\nList-Id: <team.example.com>\nList-Post: <mailto:team@example.com>\nPrecedence: list"
    found = nature(headers)
    assert read(headers).from_address == "ada@example.com"
    assert found.kind is Kind.LIST
    assert found.reopens


def test_e58_b030_a_read_receipt_opens_nothing() -> None:
    found = classify(read_sample("read-receipt"), OURS)
    assert found.kind is Kind.READ_RECEIPT
    assert found.original_message_id == "original.3@shop.example"
    assert not found.reopens


def test_e58_b030_an_answer_to_an_invitation_opens_nothing() -> None:
    found = classify(read_sample("calendar-reply"), OURS)
    assert found.kind is Kind.CALENDAR_REPLY
    assert not found.reopens


def test_e58_an_invitation_shows_time_and_place_and_is_from_a_person() -> None:
    invitation = (
        "Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\n"
        "SUMMARY:Visit of the\n  technician\nDTSTART;TZID=Europe/Rome:20240510T100000\nDTEND;TZID=Europe/Rome:20240510T113000\n"
        "LOCATION:Second floor\\, room 5\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    mail = read_parts(invitation)
    assert (
        mail.text == "Visit of the technician\n2024-05-10 10:00 – 2024-05-10 11:30 (Europe/Rome)\nSecond floor, room 5"
    )
    assert classify(mail, OURS).kind is Kind.PERSON


def test_b030_a_complaint_of_a_recipient_is_told_apart() -> None:
    found = classify(read_sample("complaint"), OURS)
    assert found.kind is Kind.COMPLAINT
    assert found.original_message_id == "original.4@shop.example"
    assert not found.kind.is_answerable


ABSENCES = {
    "en": "Out of Office: Re: Printer",
    "en-auto": "Automatic reply: Printer",
    "de": "Abwesenheitsnotiz: Drucker",
    "de-auto": "Automatische Antwort: Drucker",
    "fr": "Absence du bureau : Imprimante",
    "fr-auto": "Réponse automatique : Imprimante",
    "it": "Fuori sede: Stampante",
    "it-auto": "Risposta automatica: Stampante",
    "ro": "Absent din birou: Imprimanta",
    "ro-auto": "Răspuns automat: Imprimanta",
    "es": "Fuera de la oficina: Impresora",
    "es-auto": "Respuesta automática: Impresora",
    "pt": "Resposta automática: Impressora",
    "nl": "Afwezig: Printer",
    "nl-auto": "Automatisch antwoord: Printer",
    "pl": "Odpowiedź automatyczna: Drukarka",
    "ru": "Автоматический ответ: Принтер",
    "sv": "Autosvar: Skrivare",
    "cs": "Automatická odpověď: Tiskárna",
    "hu": "Automatikus válasz: Nyomtató",
    "el": "Αυτόματη απάντηση: Εκτυπωτής",
    "tr": "Otomatik yanıt: Yazıcı",
    "ja": "自動応答: プリンター",
    "zh": "自动回复: 打印机",
}


@pytest.mark.parametrize("language", ABSENCES)
def test_e52_b030_an_absence_note_without_headers_is_known_by_its_subject(language: str) -> None:
    found = nature(f"Subject: {ABSENCES[language]}\nIn-Reply-To: <original.5@shop.example>", "I am away.")
    assert found.kind in (Kind.OUT_OF_OFFICE, Kind.AUTO_REPLY)
    assert not found.reopens


@pytest.mark.parametrize(
    "body",
    [
        "Hello,\n\nI am out of the office until 10 May with limited access to mail. In urgent cases call Bob.",
        "Guten Tag,\n\nich bin bis zum 10. Mai nicht im Büro. In dringenden Fällen rufen Sie Bob an.",
        "Bonjour,\n\nje suis absente jusqu'au 10 mai. En cas d'urgence, appelez Bob.",
        "Buongiorno,\n\nsono assente fino al 10 maggio. Per urgenze chiamate Bob.",
        "Bună ziua,\n\nsunt în concediu până pe 10 mai. Pentru urgențe sunați-l pe Bob.",
        "Hola,\n\nestoy de vacaciones hasta el 10 de mayo. Si es urgente, llame a Bob.",
        "Hallo,\n\nik ben tot 10 mei met vakantie. Bel Bob als het dringend is.",
        "Здравствуйте, я нахожусь в отпуске до 10 мая. По срочным вопросам звоните Бобу.",
        "Hej, jag är på semester till den 10 maj och är tillbaka då.",
        "不在にしております。お急ぎの場合はボブまで。",
    ],
)
def test_e52_b030_an_absence_note_with_no_mark_at_all_is_known_by_its_words(body: str) -> None:
    found = nature("Subject: Re: Printer [#7]\nIn-Reply-To: <original.5@shop.example>", body)
    assert found.kind is Kind.OUT_OF_OFFICE


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Out of office notes do not work", "How do I switch them on?"),
        ("Abwesenheit einrichten", "Wie geht das?"),
        ("Re: Printer", "I am out of the office until Monday, could you call me then? The printer is still broken."),
        ("Re: Assenza di corrente in ufficio", "La stampante non parte."),
    ],
)
def test_e52_a_person_who_writes_about_absences_is_a_person(subject: str, body: str) -> None:
    assert nature(f"Subject: {subject}", body).kind is Kind.PERSON


@pytest.mark.parametrize("sender", ["help@shop.example", "HELP@Shop.Example", "Sales+orders@shop.example"])
def test_b137_e18_a_mail_from_one_of_our_addresses_is_our_own(sender: str) -> None:
    found = nature(f"From: {sender}")
    assert found.kind is Kind.OWN_MAIL
    assert not found.kind.is_answerable


def test_b137_a_mail_whose_answers_would_come_back_to_us_gets_none() -> None:
    found = nature("Reply-To: help+x@shop.example")
    assert found.kind is Kind.NOTICE
    assert not found.kind.is_answerable
    assert found.reopens


def test_b137_another_address_of_our_domain_is_not_ours() -> None:
    assert nature("From: ada@shop.example").kind is Kind.PERSON
    assert not is_same_mailbox("", "")


def test_e02_a_mail_from_nobody_gets_no_answer() -> None:
    assert not classify(parse(b"Subject: x\r\n\r\nHi", now=NOW), OURS).kind.is_answerable
