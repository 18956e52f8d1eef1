"""Does the splitter fold what only repeats an earlier mail, whatever program and language wrote it?"""

from collections import Counter
from time import thread_time

import pytest

from sportello.channels.email.quotes import split, split_html

ANSWER = "Thank you, the second one works.\n\nAda"
EARLIER = "Good morning,\nhave you tried the second printer?"
MARKED = "\n".join(f"> {line}" for line in EARLIER.split("\n"))

INTRODUCTIONS = {
    "en-gmail": "On Tue, May 3, 2022 at 10:12 AM Support <help@shop.example> wrote:",
    "en-apple": "On 3 May 2022, at 10:12, Support <help@shop.example> wrote:",
    "en-thunderbird": "On 03/05/2022 10:12, Support wrote:",
    "en-yahoo": "On Tuesday, May 3, 2022, 10:12:44 AM GMT+2, Support <help@shop.example> wrote:",
    "en-proton": "On Tuesday, May 3rd, 2022 at 10:12 AM, Support <help@shop.example> wrote:",
    "en-wrapped": "On Tue, May 3, 2022 at 10:12 AM The Whole Support Team of Our Shop <\nhelp@shop.example> wrote:",
    "en-old-gmail": "2022-05-03 10:12 GMT+02:00 Support <help@shop.example>:",
    "it-gmail": "Il giorno mar 3 mag 2022 alle ore 10:12 Assistenza <aiuto@negozio.example> ha scritto:",
    "it-gmail-wrapped": "Il giorno mar 3 mag 2022 alle ore 10:12 Assistenza Clienti del Negozio <\naiuto@negozio.example> ha\nscritto:",
    "it-apple": "Il giorno 3 mag 2022, alle ore 10:12, Assistenza <aiuto@negozio.example> ha scritto:",
    "it-thunderbird": "Il 03/05/2022 10:12, Assistenza ha scritto:",
    "it-kmail": "In data martedì 3 maggio 2022 10:12:00 CEST, Assistenza ha scritto:",
    "ro-gmail": "În mar., 3 mai 2022 la 10:12, Suport <ajutor@magazin.example> a scris:",
    "ro-gmail-wrapped": "În mar., 3 mai 2022 la 10:12, Echipa de suport a magazinului <\najutor@magazin.example> a scris:",
    "ro-apple": "Pe 3 mai 2022, la 10:12, Suport <ajutor@magazin.example> a scris:",
    "ro-thunderbird": "La 03.05.2022 10:12, Suport a scris:",
    "ro-data": "În data de mar., 3 mai 2022 la 10:12, Suport <ajutor@magazin.example> a scris:",
    "de-gmail": "Am Di., 3. Mai 2022 um 10:12 Uhr schrieb Hilfe <hilfe@laden.example>:",
    "de-apple": "Am 03.05.2022 um 10:12 schrieb Hilfe <hilfe@laden.example>:",
    "de-k9": "Am 3. Mai 2022 10:12:13 MESZ schrieb Hilfe <hilfe@laden.example>:",
    "de-inbox": "Hilfe <hilfe@laden.example> schrieb am Di., 3. Mai 2022, 10:12:",
    "fr-gmail": "Le mar. 3 mai 2022 à 10:12, Aide <aide@magasin.example> a écrit :",
    "fr-thunderbird": "Le 03/05/2022 à 10:12, Aide a écrit :",
    "es-gmail": "El mar, 3 may 2022 a las 10:12, Ayuda (<ayuda@tienda.example>) escribió:",
    "es-apple": "El 3 may 2022, a las 10:12, Ayuda <ayuda@tienda.example> escribió:",
    "pt-gmail": "Em ter., 3 de mai. de 2022 às 10:12, Ajuda <ajuda@loja.example>\nescreveu:",
    "pt-thunderbird": "Às 10:12 de 03/05/2022, Ajuda <ajuda@loja.example> escreveu:",
    "nl-gmail": "Op di 3 mei 2022 om 10:12 schreef Hulp <hulp@winkel.example>:",
    "nl-apple": "Op 3 mei 2022, om 10:12 heeft Hulp <hulp@winkel.example> het volgende geschreven:",
    "pl-gmail": "wt., 3 maj 2022 o 10:12 Pomoc <pomoc@sklep.example> napisał(a):",
    "pl-thunderbird": "W dniu 3.05.2022 o 10:12, Pomoc pisze:",
    "ru-gmail": "вт, 3 мая 2022 г. в 10:12, Поддержка <help@shop.example>:",
    "ru-mailru": "Вторник, 3 мая 2022, 10:12 +03:00 от Поддержка <help@shop.example>:",
    "ru-thunderbird": "03.05.2022 10:12, Поддержка пишет:",
    "uk-gmail": "вт, 3 трав. 2022 р. о 10:12 Підтримка <help@shop.example> пише:",
    "sv-gmail": "Den tis 3 maj 2022 kl 10:12 skrev Hjälp <hjalp@butik.example>:",
    "sv-apple": "3 maj 2022 kl. 10:12 skrev Hjälp <hjalp@butik.example>:",
    "da-gmail": "Den tir. 3. maj 2022 kl. 10.12 skrev Hjælp <hjaelp@butik.example>:",
    "no-gmail": "tir. 3. mai 2022 kl. 10:12 skrev Hjelp <hjelp@butikk.example>:",
    "fi-gmail": "ti 3. toukok. 2022 klo 10.12 Tuki <tuki@kauppa.example> kirjoitti:",
    "cs-gmail": "út 3. 5. 2022 v 10:12 odesílatel Podpora <podpora@obchod.example> napsal:",
    "cs-thunderbird": "Dne 03. 05. 22 v 10:12 Podpora napsal(a):",
    "sk-gmail": "ut 3. 5. 2022 o 10:12 Podpora <podpora@obchod.example> napísal(a):",
    "hu-gmail": "Segítség <segitseg@bolt.example> ezt írta (időpont: 2022. máj. 3., K, 10:12):",
    "el-gmail": "Στις Τρί 3 Μαΐ 2022 στις 10:12 π.μ., ο χρήστης Βοήθεια <help@shop.example> έγραψε:",
    "tr-gmail": "Destek <destek@magaza.example>, 3 May 2022 Sal, 10:12 tarihinde şunu yazdı:",
    "hr-gmail": "uto, 3. svi 2022. u 10:12 Pomoć <pomoc@ducan.example> napisao je:",
    "bg-gmail": "На вт, 3.05.2022 г. в 10:12 Помощ <help@shop.example> написа:",
    "ca-gmail": "Missatge de Ajuda <ajuda@botiga.example> del dia dt., 3 de maig 2022 a les 10:12:",
    "vi-gmail": "Vào Th 3, 3 thg 5, 2022 vào lúc 10:12 Hỗ trợ <help@shop.example> đã viết:",
    "id-gmail": "Pada tanggal Sel, 3 Mei 2022 pukul 10.12 Bantuan <help@shop.example> menulis:",
    "ja-gmail": "2022年5月3日(火) 10:12 サポート <help@shop.example>:",
    "ja-apple": "2022/05/03 10:12、サポート <help@shop.example>のメール:",
    "zh-gmail": "Support <help@shop.example> 于2022年5月3日周二 10:12写道：",
    "zh-apple": "在 2022年5月3日，10:12，客服 <help@shop.example> 写道：",
    "zh-tw-gmail": "Support <help@shop.example> 於 2022年5月3日 週二 上午10:12寫道：",
    "ko-gmail": "2022년 5월 3일 (화) 오전 10:12, 고객지원 <help@shop.example>님이 작성:",
    "he-gmail": "\u202bבתאריך יום ג׳, 3 במאי 2022 ב-10:12 מאת \u202aSupport\u202c\u200f <\u202ahelp@shop.example\u202c\u200f>:\u202c",
    "ar-gmail": "في الثلاثاء، 3 مايو 2022 في 10:12 ص تمت كتابة ما يلي بواسطة ‪Support‬‏ <‪help@shop.example‬‏>:",
}

HEADER_BLOCKS = {
    "en": "From: Support <help@shop.example>\nSent: Tuesday, May 3, 2022 10:12 AM\nTo: Ada <ada@example.com>\nSubject: Re: Printer",
    "en-bold": "*From:* Support <help@shop.example>\n*Sent:* Tuesday, May 3, 2022 10:12 AM\n*To:* Ada\n*Subject:* Printer",
    "en-date": "Date: Tue, 3 May 2022 10:12:00 +0200\nSubject: Re: Printer\nFrom: help@shop.example\nTo: ada@example.com",
    "it": "Da: Assistenza <aiuto@negozio.example>\nInviato: martedì 3 maggio 2022 10:12\nA: Ada\nOggetto: R: Stampante",
    "ro": "De la: Suport <ajutor@magazin.example>\nTrimis: marți, 3 mai 2022 10:12\nCătre: Ada\nSubiect: Re: Imprimanta",
    "de": "Von: Hilfe <hilfe@laden.example>\nGesendet: Dienstag, 3. Mai 2022 10:12\nAn: Ada\nCc: Bob\nBetreff: AW: Drucker",
    "fr": "De : Aide <aide@magasin.example>\nEnvoyé : mardi 3 mai 2022 10:12\nÀ : Ada\nObjet : RE: Imprimante",
    "es": "De: Ayuda <ayuda@tienda.example>\nEnviado el: martes, 3 de mayo de 2022 10:12\nPara: Ada\nAsunto: RE: Impresora",
    "pt": "De: Ajuda <ajuda@loja.example>\nEnviada em: terça-feira, 3 de maio de 2022 10:12\nPara: Ada\nAssunto: RE: Impressora",
    "nl": "Van: Hulp <hulp@winkel.example>\nVerzonden: dinsdag 3 mei 2022 10:12\nAan: Ada\nOnderwerp: RE: Printer",
    "pl": "Od: Pomoc <pomoc@sklep.example>\nWysłano: wtorek, 3 maja 2022 10:12\nDo: Ada\nTemat: RE: Drukarka",
    "ru": "От: Поддержка <help@shop.example>\nОтправлено: 3 мая 2022 г. 10:12\nКому: Ada\nТема: RE: Принтер",
    "sv": "Från: Hjälp <hjalp@butik.example>\nSkickat: den 3 maj 2022 10:12\nTill: Ada\nÄmne: SV: Skrivare",
    "da": "Fra: Hjælp <hjaelp@butik.example>\nSendt: 3. maj 2022 10:12\nTil: Ada\nEmne: SV: Printer",
    "fi": "Lähettäjä: Tuki <tuki@kauppa.example>\nLähetetty: tiistai 3. toukokuuta 2022 10.12\nVastaanottaja: Ada\nAihe: VS: Tulostin",
    "cs": "Od: Podpora <podpora@obchod.example>\nOdesláno: úterý 3. května 2022 10:12\nKomu: Ada\nPředmět: RE: Tiskárna",
    "hu": "Feladó: Segítség <segitseg@bolt.example>\nElküldve: 2022. május 3., kedd 10:12\nCímzett: Ada\nTárgy: RE: Nyomtató",
    "el": "Από: Βοήθεια <help@shop.example>\nΣτάλθηκε: Τρίτη, 3 Μαΐου 2022 10:12\nΠρος: Ada\nΘέμα: ΑΠ: Εκτυπωτής",
    "tr": "Kimden: Destek <destek@magaza.example>\nGönderildi: 3 Mayıs 2022 Salı 10:12\nKime: Ada\nKonu: YNT: Yazıcı",
    "ja": "差出人: サポート <help@shop.example>\n送信日時: 2022年5月3日 10:12\n宛先: Ada\n件名: RE: プリンター",
    "zh": "发件人: 客服 <help@shop.example>\n发送时间: 2022年5月3日 10:12\n收件人: Ada\n主题: 答复: 打印机",
}

SEPARATORS = [
    "-----Original Message-----",
    "-------- Original message --------",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "-----Messaggio originale-----",
    "Inizio messaggio inoltrato:",
    "-----Mesaj original-----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Weitergeleitete Nachricht --------",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Mensagem original-----",
    "-----Oorspronkelijk bericht-----",
    "-----Oryginalna wiadomość-----",
    "-------- Исходное сообщение --------",
    "-----Ursprungligt meddelande-----",
    "-----Oprindelig meddelelse-----",
    "-----Původní zpráva-----",
    "-----Eredeti üzenet-----",
    "-----Orijinal Mesaj-----",
    "-----元のメッセージ-----",
    "------------------ 原始邮件 ------------------",
    "##- Please type your reply above this line -##",
]

DEVICES = [
    "Sent from my iPhone",
    "Sent from Mail for Windows 10",
    ["Sent via the Samsung Galaxy S9", " an AT&T 4G LTE smartphone"][0],
    "Get Outlook for iOS<https://aka.example/o0ukef>",
    "Inviato da iPhone",
    "Inviato dal mio telefono Samsung Galaxy",
    "Trimis de pe iPhone-ul meu",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Wysłane z iPhone'a",
    "Отправлено с iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Odesláno z iPhonu",
    "iPhoneから送信",
    "发自我的iPhone",
]


def assert_nothing_lost(text: str, parent: str | None = None) -> None:
    parts = split(text, parent)
    lines = Counter(line for part in (parts.new, parts.quoted, parts.signature) for line in part.split("\n") if line)
    assert lines == Counter(line for line in text.split("\n") if line)


@pytest.mark.parametrize("name", INTRODUCTIONS)
@pytest.mark.parametrize("quote", [MARKED, EARLIER], ids=["marked", "unmarked"])
def test_an_introduction_and_what_follows_it_are_quoted(name: str, quote: str) -> None:
    text = f"{ANSWER}\n\n{INTRODUCTIONS[name]}\n\n{quote}\n"
    parts = split(text)
    assert parts.new.strip() == ANSWER
    assert "second printer" in parts.quoted
    assert_nothing_lost(text)


@pytest.mark.parametrize("name", HEADER_BLOCKS)
def test_a_header_block_and_what_follows_it_are_quoted(name: str) -> None:
    text = f"{ANSWER}\n\n{HEADER_BLOCKS[name]}\n\n{EARLIER}\n"
    parts = split(text)
    assert parts.new.strip() == ANSWER
    assert_nothing_lost(text)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_separator_and_what_follows_it_are_quoted(separator: str) -> None:
    text = f"{ANSWER}\n\n{separator}\n{HEADER_BLOCKS['en']}\n\n{EARLIER}\n"
    parts = split(text)
    assert parts.new.strip() == ANSWER
    assert_nothing_lost(text)


@pytest.mark.parametrize("device", DEVICES)
def test_the_mark_of_a_device_is_a_signature(device: str) -> None:
    text = f"{ANSWER}\n\n{device}\n\n{INTRODUCTIONS['en-gmail']}\n{MARKED}\n"
    parts = split(text)
    assert parts.new.strip() == ANSWER
    assert parts.signature.strip() == device
    assert_nothing_lost(text)


def test_what_stands_below_the_signature_mark_is_folded() -> None:
    parts = split("It works.\n\n-- \nAda Lovelace\nExample Ltd")
    assert (parts.new.strip(), parts.signature) == ("It works.", "-- \nAda Lovelace\nExample Ltd")


def test_answers_below_and_between_quotes_stay() -> None:
    text = "Hi,\n\nOn 3 May 2022, at 10:12, Support wrote:\n> Which printer?\n\nThe second one.\n\n> And which colour?\nBlue.\n"
    parts = split(text)
    assert parts.new.split() == ["Hi,", "The", "second", "one.", "Blue."]
    assert parts.quoted.count(">") == 2
    assert_nothing_lost(text)


def test_an_answer_below_an_introduced_quote_at_the_top_stays() -> None:
    parts = split(f"{INTRODUCTIONS['it-gmail']}\n{MARKED}\n\nHo provato, grazie.")
    assert parts.new.strip() == "Ho provato, grazie."


def test_a_mail_that_would_have_nothing_new_shows_what_follows_the_introduction() -> None:
    parts = split(f"{HEADER_BLOCKS['pl']}\n\n{EARLIER}")
    assert parts.new.strip() == EARLIER


@pytest.mark.parametrize(
    "text",
    [
        "From: Rome\nTo: Milan\nDate: 3 May\n\nI need a ticket for this trip.",
        "On Friday 3 May I wrote to you that the printer is broken:\nit still is.",
        "Am 3.5.2022 schrieb ich Ihnen:\nnoch immer keine Antwort.",
        "Il 3/5/2022 ho scritto alla vostra assistenza:\nnessuna risposta.",
        "On this day\n\nI did something\n\nwhich was good.",
        "Sent from my desk, which is easier than from my telephone.",
        "One question I had on 3 May 2022:\n\nwhere is the printer?",
        "Steps:\n1. open the page\n2. press the button\n\n----\n\nThen it fails.",
        "Here is the log:\n```\n---\nuser: ada\n--\n```".replace("--\n```", "```"),
        "Subject: the printer\nIt is broken.",
    ],
)
def test_what_a_person_wrote_stays(text: str) -> None:
    parts = split(text)
    assert parts.new == text
    assert not parts.quoted
    assert not parts.signature


def test_a_quoted_line_that_was_wrapped_without_its_mark_is_quoted() -> None:
    quoted = "> The shop has answered your question about the printer on the second floor and\nasks you for the colour\n> of it."
    parts = split(f"Blue.\n\n{INTRODUCTIONS['nl-gmail']}\n\n{quoted}")
    assert parts.new.strip() == "Blue."


def test_a_quote_without_any_mark_is_found_by_the_mail_that_it_repeats() -> None:
    parent = (
        "Good morning Ada, have you tried the second printer on this floor?\nIt should print in colour too.\nSupport"
    )
    text = f"Yes, it works.\n\n{parent}"
    assert split(text).new == text
    parts = split(text, parent)
    assert parts.new.strip() == "Yes, it works."
    assert parts.quoted == parent
    assert_nothing_lost(text, parent)


def test_text_that_only_resembles_the_parent_stays() -> None:
    parent = "Have you tried the second printer on this floor?\nSupport"
    text = "I have.\nHave you seen its smoke?"
    assert split(text, parent).new == text


def test_b065_a_line_of_one_megabyte_is_split_within_a_second() -> None:
    started = thread_time()
    for char in ("a", ">", "-", "On 1 ", "wrote ", "<", "From: ", " "):
        text = char * (1_000_000 // len(char))
        assert_nothing_lost(f"Hi\n{text}\nOn 3 May 2022, at 10:12, Support wrote:\n> x")
    assert thread_time() - started < 8


def test_b065_five_thousand_levels_of_quotes_are_folded_within_a_second() -> None:
    text = "New\n" + "\n".join(">" * level + " old" for level in range(1, 5001))
    started = thread_time()
    parts = split(text)
    assert thread_time() - started < 1
    assert parts.new.strip() == "New"
    html = "<p>New</p>" + "<blockquote type=cite>" * 5000 + "old" + "</blockquote>" * 5000
    started = thread_time()
    new, quoted = split_html(html)
    assert thread_time() - started < 1
    assert "old" not in new
    assert "old" in quoted


def test_many_lines_that_look_like_introductions_are_read_in_linear_time() -> None:
    line = "On 3 May 2022 somebody said that it was <a@b> and at 10:12 nobody\n"
    began = thread_time()
    split(line * 4000)
    once, began = thread_time() - began, thread_time()
    split(line * 16000)
    assert thread_time() - began < 8 * once  # quadratic work would take sixteen times as long


HTML_MAILS = {
    "gmail": '<div dir="ltr">It works.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, May 3, 2022'
    ' at 10:12 AM Support &lt;<a href="mailto:help@shop.example">help@shop.example</a>&gt; wrote:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">Old text</blockquote></div>',
    "apple": '<html><body>It works.<div><br><blockquote type="cite"><div>Il giorno 3 mag 2022, alle ore 10:12, Aiuto'
    " &lt;aiuto@negozio.example&gt; ha scritto:</div><br><div>Old text</div></blockquote></div></body></html>",
    "thunderbird": '<html><body><p>It works.</p><div class="moz-cite-prefix">On 03/05/2022 10:12, Support wrote:<br></div>'
    '<blockquote type="cite" cite="mid:x@y"><p>Old text</p></blockquote></body></html>',
    "outlook": '<div class="WordSection1"><p class="MsoNormal">It works.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt">'
    '<p class="MsoNormal"><b>From:</b> Support &lt;help@shop.example&gt;<br><b>Sent:</b> Tuesday, May 3, 2022 10:12 AM<br>'
    "<b>To:</b> Ada<br><b>Subject:</b> Printer</p></div><p>Old text</p></div>",
    "outlook-web": '<div>It works.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr"><b>Von:</b> Hilfe<br>'
    "<b>Gesendet:</b> Dienstag</div><div>Old text</div>",
    "yahoo": '<div>It works.</div><div id="yahoo_quoted_123" class="yahoo_quoted"><div>On Tuesday, May 3, 2022, 10:12 AM,'
    " Support wrote:</div><div>Old text</div></div>",
    "proton": '<div>It works.</div><div class="protonmail_quote">------- Original Message -------<br>On Tuesday, May 3rd, 2022'
    ' Support wrote:<blockquote class="protonmail_quote" type="cite">Old text</blockquote></div>',
    "gmx": '<div>It works.<div name="quote" style="margin:10px 5px;border-left:2px solid #C3D9E5">'
    "<div><b>Gesendet:</b> Dienstag<br><b>Von:</b> Hilfe<br><b>Betreff:</b> Drucker</div><div>Old text</div></div></div>",
    "yandex": "<div>It works.</div><div>03.05.2022, 10:12, «Support» &lt;help@shop.example&gt;:</div>"
    "<blockquote><p>Old text</p></blockquote>",
    "zimbra": '<div>It works.</div><hr id="zwchr" data-marker="__DIVIDER__"><div><b>Da: </b>Aiuto</div><div>Old text</div>',
    "qq": "<div>It works.</div><div>------------------&nbsp;原始邮件&nbsp;------------------</div><div>Old text</div>",
    "ro": '<div>It works.</div><div class="x_gmail_quote">În mar., 3 mai 2022 la 10:12, Suport a scris:<div>Old text</div></div>',
}


@pytest.mark.parametrize("client", HTML_MAILS)
def test_the_quote_of_an_html_mail_is_cut_out(client: str) -> None:
    html = HTML_MAILS[client]
    new, quoted = split_html(html)
    assert "It works." in new
    assert "Old text" not in new
    assert "Old text" in quoted
    assert "wrote" not in new
    assert len(new) + len(quoted) == len(html)


def test_answers_between_the_quotes_of_an_html_mail_stay() -> None:
    html = (
        "<p>Hi</p><blockquote type=cite><p>Which printer?</p></blockquote><p>the second one</p>"
        "<blockquote type=cite><p>Which colour?</p></blockquote><p>Blue</p>"
    )
    new, quoted = split_html(html)
    assert new == "<p>Hi</p><p>the second one</p><p>Blue</p>"
    assert quoted.count("<blockquote") == quoted.count("</blockquote>") == 2


def test_an_html_mail_without_a_quote_is_all_new() -> None:
    html = '<p>A list</p><blockquote style="margin:0 0 0 40px">indented</blockquote><p><img src="cid:a"></p>'
    assert split_html(html) == (html, "")


def test_a_picture_above_a_quote_is_new() -> None:
    new, quoted = split_html('<div><img src="cid:a"></div><blockquote type="cite"><div>Old text</div></blockquote>')
    assert "cid:a" in new
    assert "Old text" in quoted
