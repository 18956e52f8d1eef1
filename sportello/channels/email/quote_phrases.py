"""With which words do mail programs introduce what they quote? Tables by language, joined into patterns elsewhere."""

# "On 3 May 2024, Ada wrote:" - the words that such a line begins with, in front of a date.
STARTS = {
    "en": r"On|At",
    "it": r"Il(?: giorno)?|In data|Nel giorno",
    "ro": r"[ÎI]n data de|[ÎI]n ziua de|Pe data de|[ÎI]n|La(?: data de)?|Pe",
    "de": r"Am|Den|Gesendet am",
    "fr": r"Le|En date du|Date",
    "es": r"El(?: d[ií]a)?|En(?: fecha)?|Con fecha",
    "pt": r"Em|No(?: dia)?|Aos?|A",
    "nl": r"Op|Am",
    "pl": r"W dniu|Dnia|Dn\.|Dn",
    "ru": r"В|Дата",
    "uk": r"У|В",
    "bg": r"На",
    "sv": r"Den|P[åa]",
    "da": r"Den|D\.|P[åa]",
    "no": r"Den|På|Kl\.?",
    "fi": r"Päivämäärä|Lähetetty|Vastaanottaja",
    "cs": r"Dne|V|Dňa|Dna",
    "hr": r"Dana|U",
    "el": r"Στις|Την|Στην|Το",
    "ca": r"El(?: dia)?",
    "vi": r"Vào(?: ngày| lúc)?",
    "id": r"Pada(?: tanggal)?",
    "ja": r"On",
    "zh": r"在|于|於",
    "he": r"ב-?|בתאריך|\u200f?ב(?:יום)?",
    "ar": r"في|بتاريخ",
    "fa": r"در(?: تاریخ)?",
}

# What somebody did, in the words of such a line. Only forms that speak of another: "ha scritto", never "ho scritto".
VERBS = {
    "en": r"wrote|writes|writed|said|has written",
    "it": r"ha scritto|scrisse|scrive|ha inviato",
    "ro": r"a scris|scris[ea]|a trimis",
    "de": r"schrieb|hat geschrieben|schreibt|geschrieben",
    "fr": r"a [ée]crit|écrivit|écrivait|ecrit|écrit",
    "es": r"escribi[óo]|ha escrito|escribe|escribió",
    "pt": r"escreveu|escreve",
    "nl": r"schreef|heeft geschreven|geschreven",
    "pl": r"napisał(?:a|\(a\)|/a)?|pisze|napisal(?:a|\(a\))?|pisał(?:a|\(a\))?",
    "ru": r"пишет|написал(?:а|\(а\))?|писал(?:а|\(а\))?",
    "uk": r"пише|написав|написала|писав",
    "bg": r"написа|пише",
    "sv": r"skrev|skriver|har skrivit",
    "da": r"skrev|skriver",
    "fi": r"kirjoitti",
    "cs": r"napsal(?:a|\(a\)|/a)?|napísal(?:a|\(a\)|/a)?|píše",
    "hr": r"je napisa(?:o|la|o/la|la/o)|napisao|napisala|piše|je napisal(?:a|/a)?",
    "hu": r"írta|írt|ezt írta",
    "el": r"έγραψε",
    "tr": r"şunu yazdı|şunları yazdı|yazdı|yazmış",
    "et": r"kirjutas",
    "lt": r"rašė|parašė",
    "lv": r"rakstīja",
    "ca": r"va escriure",
    "gl": r"escribiu",
    "eu": r"idatzi du|(?:igor|erabiltzaileak) idatzi",
    "vi": r"đã viết|viết",
    "id": r"menulis|telah menulis",
    "ja": r"さん?(?:は|が)?(?:書きました|書いた)|(?:のメール|からのメール)|wrote",
    "zh": r"写道|寫道|写到|來信|来信|编写|撰写",
    "ko": r"님이 작성|님이 쓴 글|작성|썼습니다|씀",
    "he": r"כתב(?:/ה)?|מאת",
    "ar": r"كتب(?:ت)?",
    "fa": r"نوشت",
    "th": r"เขียน(?:ว่า)?",
    "hi": r"ने लिखा",
}

# "Quoting Ada:", without a date; counts only where quoted lines follow.
QUOTINGS = (
    r"Quoting|Zitat von|Zitiere|Citando|Citat(?:ion)? de|Citat från|Citat fra|Cytat|Citace|Cytuję|Citez pe|Цитирую"
)

# Words behind the verb that show the writer speaks of himself: then the line introduces nothing.
SPEAKS_OF_SELF = (
    r"schrieb(?:en)? (?:ich|wir)\b|\b(?:i|we) (?:wrote|said)\b|\bschreef (?:ik|wij|we)\b|\bskrev (?:jag|jeg|vi)\b"
)

# The lines of a header block: which question does a label answer?
LABELS = {
    "from": (
        r"from|da|mittente|de la|de|expeditor|von|absender|exp[ée]diteur|remitente|desde|enviado por|remetente|van"
        r"|afzender"
        r"|od|nadawca|от|от кого|отправитель|від|fr[åa]n|avsändare|fra|afsender|avsender|lähettäjä|keneltä|odesílatel"
        r"|odosielateľ|feladó|από|kimden|gönderen|saatja|nuo|no|prejeto|pošiljatelj|šalje|dari|từ|発信者|差出人|送信者"
        r"|发件人|寄件者|寄件人|보낸 ?사람|발신인?|מאת|من|المرسل|فرستنده|จาก"
    ),
    "date": (
        r"sent|date|sent on|inviato(?: il)?|data|dată|trimis(?: la| pe)?|gesendet(?: am)?|datum|envoy[ée](?: le)?"
        r"|enviad[oa](?: el| em)?|fecha|enviada em|data de envio|verzonden|verstuurd|wysłano|data wysłania"
        r"|отправлено|дата|надіслано|skickat|skickades|sendt|dato|lähetetty|päiväys|päivämäärä|odesláno|odoslané|dátum"
        r"|elküldve|küldve|ημερομηνία|εστάλη|στάλθηκε|gönderildi|gönderilme tarihi|tarih|poslano|poslato|saadetud"
        r"|išsiųsta|nosūtīts|dikirim|tanggal|ngày|đã gửi|送信日時|日時|日付|发送时间|发送日期|日期|時間|时间|寄件日期"
        r"|傳送時間|보낸 ?날짜|날짜|נשלח|תאריך|تاريخ الإرسال|التاريخ|تاریخ|วันที่|ส่ง"
    ),
    "to": (
        r"to|a|al|per|c[ăa]tre|la|pentru|an|empf[äa]nger|[àa]|pour|destinataire|para|destinatari[oa]|aan|do|adresat"
        r"|кому|получатель|till|til|vastaanottaja|komu|pro|címzett|προς|kime|alıcı|za|prima|kellele|kam|kepada|đến|tới"
        r"|宛先|收件人|收件者|받는 ?사람|수신인?|אל|إلى|به|ถึง"
    ),
    "cc": (
        r"cc|copia|c\.c\.|kopie|copie|copie [àa]|con copia|com cópia|kopi|kopia|kopio|dw|do wiadomości|копия|копія"
        r"|másolat|κοιν|bilgi|抄送|副本|참조|עותק|نسخة"
    ),
    "subject": (
        r"subject|oggetto|subiect(?:ul)?|betreff|objet|sujet|asunto|assunto|onderwerp|temat|тема|ämne|emne|aihe|předmět"
        r"|predmet|tárgy|θέμα|konu|naslov|zadeva|teema|tema|temats|perihal|subjek"
        r"|chủ đề|tiêu đề|assumpte|件名|主题|主旨|主題|제목"
        r"|נושא|الموضوع|موضوع|หัวเรื่อง|เรื่อง"
    ),
    "other": (
        r"reply-to|rispondi a|risposta|antwort an|antwoord aan|bcc|ccn|importance|wichtigkeit|importanza|priority"
        r"|priorit[àéy]t?|importanță|attachments?|allegat[oi]|anlagen?|resent-from|organi[sz]ation|cc[in]|kopie an"
    ),
}

# "-----Original Message-----", "Begin forwarded message:"; everything below such a line is quoted.
SEPARATORS = (
    r"original message|reply message|forwarded message|original e?-?mail|begin forwarded message|forwarded by .{1,80}"
    r"|forwarded e?-?mail|reply below.{0,40}"
    r"|messaggio originale|messaggio inoltrato|inizio messaggio inoltrato|messaggio da .{1,80}"
    r"|mesaj(?:ul)? original|mesaj(?:ul)? ini[țţt]ial|mesaj redirec[țţt]ionat|mesaj transmis(?: mai departe)?"
    r"|[îi]nceputul mesajului redirec[țţt]ionat|mesajul redirec[țţt]ionat"
    r"|urspr(?:ü|ue)ngliche (?:nachricht|mail|e-mail)|originalnachricht|original-?nachricht"
    r"|weitergeleitete (?:nachricht|mail)"
    r"|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|message (?:d['’]origine|original|initial|transf[ée]r[ée])"
    r"|d[ée]but du message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])"
    r"|mensaje original|mensaje reenviado|inicio del mensaje reenviado|mensaje enviado"
    r"|mensagem original|mensagem (?:re)?encaminhada|in[ií]cio da mensagem (?:re)?encaminhada"
    r"|oorspronkelijk bericht|origineel bericht|doorgestuurd bericht|begin doorgestuurd bericht"
    r"|wiadomo[śs][ćc] oryginalna|oryginalna wiadomo[śs][ćc]|(?:tre[śs][ćc] )?przekazan(?:a|ej) wiadomo[śs](?:[ćc]|ci)"
    r"|wiadomość napisana .{0,80}|początek przekazywanej wiadomości"
    r"|исходное сообщение|пересылаемое сообщение|перенаправленное сообщение|оригинальное сообщение"
    r"|конец пересылаемого сообщения"
    r"|початкове повідомлення|пересилається повідомлення"
    r"|ursprungligt meddelande|vidarebefordrat meddelande|originalmeddelande|vidarebefordrat brev"
    r"|oprindelig (?:meddelelse|besked)|videresendt (?:meddelelse|besked)|original meddelelse"
    r"|start på videresendt besked"
    r"|opprinnelig melding|videresendt melding|opprinnelig epost"
    r"|alkuperäinen viesti|edelleenlähetetty viesti|välitetty viesti|välitetty viesti alkaa"
    r"|p[ůu]vodn[ií] (?:zpráva|e-mail|správa)|přeposlaná zpráva|preposlaná správa|začátek přeposlané zprávy"
    r"|eredeti üzenet|továbbított üzenet|továbbított levél(?: kezdete)?"
    r"|αρχικό μήνυμα|προωθημένο μήνυμα|έναρξη προωθημένου μηνύματος"
    r"|orijinal (?:ileti|mesaj)|özgün ileti|iletilmiş (?:ileti|mesaj)|iletilen (?:ileti|mesaj)"
    r"|izvorna poruka|originalna poruka|proslijeđena poruka|prosleđena poruka|izvorno sporočilo|posredovano sporočilo"
    r"|algne kiri|originalus laiškas|oriģinālais ziņojums|pesan (?:asli|diteruskan)|thư gốc|thư đã chuyển tiếp"
    r"|missatge original|missatge reenviat|препратено съобщение|оригинално съобщение"
    r"|元のメッセージ|転送されたメッセージ|転送メッセージ|原始邮件|原始郵件|原始訊息|转发邮件|转发的邮件|轉寄郵件|轉寄的郵件|回复的原邮件"
    r"|원본 ?메시지|원본 ?메일|전달된 ?메시지|전달 ?메일|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|رسالة معاد توجيهها"
)

# "Please type your reply above this line": what other help desks put in front of their mails.
REPLY_MARKERS = (
    r"(?:please )?(?:type|write|enter|reply|respond|add)\b.{0,30}\babove (?:this|the) (?:line|message)"
    r"|reply above this line|do not (?:write|reply) below this line"
    r"|(?:si prega di )?(?:scrivi|scrivere|rispondi|rispondere|inserisci)\b.{0,40}(?:sopra|al di sopra di) questa riga"
    r"|scrie[țţt]?i?\b.{0,40}deasupra acestei linii|r[ăa]spunde[țţt]?i?\b.{0,40}deasupra acestei linii"
    r"|(?:bitte )?(?:antworten|schreiben) sie .{0,40}(?:über|oberhalb) dieser zeile"
    r"|(?:veuillez )?(?:écrire|répondre|saisir)\b.{0,40}au[- ]dessus de cette ligne"
    r"|(?:escrib[ae]|respond[ae])\b.{0,40}(?:encima|arriba) de esta línea|responda acima desta linha"
    r"|(?:schrijf|antwoord|typ)\b.{0,40}boven deze (?:lijn|regel)"
)

# "Sent from my iPhone".
DEVICES = (
    r"sent (?:from|via|with|using|by) [^,.!?]{2,60}(?:\.(?:com|org|net))?|sent on the move|get outlook for .{2,40}"
    r"|(?:this (?:message|e-?mail) was )?sent (?:from|by) my .{2,40}|sent from mail for windows.{0,10}"
    r"|inviat[oa] (?:da|dal|dalla|con|tramite) .{2,60}|ottieni outlook per .{2,40}|scarica outlook per .{2,40}"
    r"|trimis (?:de pe|din|de la|cu|prin) .{2,60}|ob[țţt]ine[țţt]i outlook pentru .{2,40}"
    r"|(?:von|mit) (?:meinem|mein|der|dem|meiner)\b.{2,60}gesendet|gesendet (?:von|mit|via|über) .{2,60}"
    r"|diese nachricht wurde von .{2,60} gesendet|outlook für .{2,30} (?:holen|beziehen|herunterladen|abrufen)"
    r"|envoy[ée] (?:de|depuis|à partir de|avec|par|via) .{2,60}|obtenir outlook pour .{2,40}"
    r"|télécharger outlook pour .{2,40}"
    r"|enviad[oa] (?:desde|do|de|com|con|pelo|a partir) .{2,60}|(?:obtener|obter|descargar|baixar) outlook para .{2,40}"
    r"|(?:verstuurd|verzonden) (?:vanaf|via|van|met) .{2,60}|outlook voor .{2,30} (?:downloaden|ophalen)"
    r"|wys[łl]an[eoay] (?:z|ze|za pomoc[ąa]) .{2,60}|pobierz (?:aplikację )?outlook dla .{2,40}"
    r"|отправлено (?:с|из|через) .{2,60}|надіслано (?:з|із) .{2,60}|изпратено от .{2,60}"
    r"|skickat (?:från|med|via) .{2,60}|(?:sendt|hentet) (?:fra|med|via) .{2,60}|hämta outlook för .{2,40}"
    r"|lähetetty .{2,60}|odesláno (?:z|ze|pomocí) .{2,60}|odoslané z .{2,60}|poslano (?:z|s|sa) .{2,60}"
    r"|.{2,40}(?:készülékemről|telefonomról|alkalmazásból) küldve|elküldve .{2,40}|στάλθηκε από .{2,60}"
    r"|.{2,40}(?:umdan|imden|mdan|dan|den) gönderildi|saadetud minu .{2,60}|dikirim dari .{2,60}"
    r"|đã gửi từ .{2,60}|enviat des de .{2,60}"
    r"|.{2,30}から送信(?:されました)?|.{2,30}からの送信|发自我?的?.{2,30}|從我的.{2,30}傳送"
    r"|.{2,30}에서 보냄|나의 .{2,30}에서 보냄"
    r"|נשלח מ.{2,60}|أرسلت? من .{2,60}|مرسل من .{2,60}|ارسال شده از .{2,60}"
)
