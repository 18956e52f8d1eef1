"""Which words betray a mail that no person wrote? A table per meaning, asked only where the structure is silent."""

import re

# How programs mark the subject of an answer, and of a forward, in front of a colon.
ANSWERS = r"re|aw|antw|antwort|sv|vs|vá|odp|r|res|ynt|atb|απ|σχετ|отв|ответ|на|回复|回覆|回應|答复|答覆|返信|답장"
FORWARDS = (
    r"fwd?|fw|wg|wtr|tr|rv|enc|i|vl|vb|doorst|pd|pdl|fs|továbbítás|iletilen|ilt|прд|пересл|πρθ|转发|轉寄|転送|전달"
)
ANSWER_PREFIXES = f"{ANSWERS}|{FORWARDS}"

# Senders that are programs, by the local part of the address or by the name in From.
DAEMON_LOCALS = re.compile(
    r"(mailer-?daemon|mail-?daemon|po+stmaster|mail\.?delivery[._-]?(sub)?system|mmdf|double-bounce)$", re.IGNORECASE
)
DAEMON_NAMES = re.compile(r"mailer-?daemon|mail(er)? deliver(y|er)? (sub)?system|mmsc ndr", re.IGNORECASE)
CERTAIN_DAEMONS = re.compile(r"mailer-?daemon|mail(er)?[ .]deliver(y|er)?[ .](sub)?system", re.IGNORECASE)
NO_REPLY = re.compile(
    r"(^|[._+-])(no|not|non|ne|nu|never|nao|n[ãa]o|nepasr?e?)[._-]?(pas[._-]?)?(do[._-]?)?(not[._-]?)?"
    r"(repl[iy]e?s?|r[ée]pondre|rispondere|answer|responder?|respuesta|raspunde|antwort\w*|responda)($|[._+-])"
    r"|^do[._-]?not[._-]?reply|^nepasrepondre|^nicht[._-]?antworten|^keine?[._-]?antwort|^niet[._-]?beantwoorden",
    re.IGNORECASE,
)

BOUNCE_SUBJECTS = re.compile(
    r"undeliver(ed|able)|undelivered mail|delivery (status )?(notification|report|failure|error|status)"
    r"|mail delivery (failed|failure|problem|error|system)|delivery (has )?failed|delivery problem|failed delivery"
    r"|^(re: )?failure notice|returned (mail|e-?mail|to sender)|return(ed|ing) message to sender|mail system error"
    r"|message (delivery )?(has )?(failed|not delivered|blocked|rejected|undeliverable|returned|delayed)"
    r"|(mail|message|e-?mail|messages?) (could|can|was|were|has|have)(\s?not|n't) (been |be )?(delivered|sent)"
    r"|could not (send|deliver)|cannot send message|unable to deliver|error sending your mail|non[- ]?delivery"
    r"|(message )?you sent blocked|nondeliverable|bounced? (mail|message)|rejected (mail|message)|delivery delayed"
    r"|mail (delivery )?error|user unknown|host unknown|notice: mail delivery"
    r"|unzustellbar|nicht zugestellt|zustellung fehlgeschlagen|unzustellbare|fehler bei der zustellung"
    r"|non remis|échec de (la )?remise|non distribu|impossible de remettre|non délivr"
    r"|non recapit|mancato recapito|recapito non riuscito|impossibile recapitare|consegna fallita|mancata consegna"
    r"|nelivrat|nu a putut fi livrat|livrarea a eșuat|livrare eșuată"
    r"|no se (puede|pudo|ha podido) entregar|error de entrega|no entregado|fallo en la entrega|no se entreg"
    r"|não (foi )?(entregue|pôde ser)|falha na entrega|não entregue"
    r"|niet bezorgd|onbestelbaar|niet afgeleverd|kan niet worden bezorgd"
    r"|niedostarcz|nie dostarczono|nie można dostarczyć|zwrócon[ay]"
    r"|недоставл|не доставлен|не удалось доставить|ошибка доставки"
    r"|kunde inte levereras|kan ikke leveres|kunne ikke leveres|ei voitu toimittaa|nedoručiteln|kézbesíthetetlen"
    r"|μη παραδοτέ|αποτυχία παράδοσης|teslim edilemedi|配信できません|配信エラー|配送エラー|メールエラー"
    r"|送信できません|エラー通知|退信|投递失败|無法傳遞|无法投递|배달 실패|전송 실패",
    re.IGNORECASE,
)
BOUNCE_BODIES = re.compile(
    r"could not be delivered|was not delivered|unable to deliver|did not reach the following|delivery (has )?failed"
    r"|failed permanently|permanent (fatal )?error|following address(es)? (failed|had)|undeliverable|user unknown"
    r"|cannot be delivered|couldn't be delivered|no such user|mailbox (is )?full|over quota|rejected recipient"
    r"|was rejected by|returned to sender|no valid recipients|failed after i sent|address rejected"
    r"|送信できません|配信できません|送信に失敗|не доставлен|nicht zugestellt|non è stato (possibile )?recapit"
    r"|not (been )?deliver(ed|able)|remote host said",
    re.IGNORECASE,
)
DELAYS = re.compile(
    r"\bdelay(ed)?\b|warning: (could not send|message)|will (be retried|retry|keep trying|continue trying)"
    r"|not been delivered yet|still trying|temporary (problem|failure).{0,40}retry|verzögert|retardée?|in ritardo"
    r"|întârziat|con retraso|atrasad[ao]|vertraagd|opóźnion|задерж|fördröj|forsink|遅延|延迟",
    re.IGNORECASE,
)
COMPLAINTS = re.compile(r"^complaint about message from|^(email )?feedback report for ip|^abuse report", re.IGNORECASE)

OUT_OF_OFFICE_SUBJECTS = re.compile(
    r"\bout[- ]of[- ](the[- ])?office\b|\booo\b|^vacation\b|on (vacation|holiday|annual leave)\b"
    r"|away from (my|the) (desk|office)"
    r"|abwesenheit|abwesend|nicht im (büro|haus)|außer haus|im urlaub"
    r"|absence du bureau|absent(e)? du bureau|en congés?\b|message d'absence|notification d'absence"
    r"|fuori (sede|ufficio)|assente|assenza|in ferie"
    r"|absent din birou|în concediu|in concediu|absență"
    r"|fuera de (la )?oficina|ausencia|ausente|de vacaciones"
    r"|fora do escritório|ausência|de férias"
    r"|afwezig|niet op kantoor|op vakantie"
    r"|poza biurem|nieobecno|na urlopie"
    r"|не в офисе|в отпуске|отсутств"
    r"|frånvaro|på semester|ikke på kontoret|på ferie|fravær|poissa|lomalla|mimo kancelář|házon kívül|dovolen"
    r"|εκτός γραφείου|ofis dışında|不在通知|不在の(お知らせ|連絡)|不在のため|外出中|休暇中"
    r"|不在办公室|外出|부재중|לא נמצא",
    re.IGNORECASE,
)
AUTO_REPLY_SUBJECTS = re.compile(
    r"^(re: )?(auto(matic|mated|mated)?[- ]?(reply|response|answer|responder|generated)|autoreply|autoresponse)\b"
    r"|automatische (antwort|rückantwort)|automatisch antwoord|réponse automatique|risposta automatica"
    r"|răspuns automat|raspuns automat|respuesta automática|resposta automática|odpowiedź automatyczna"
    r"|automatyczna odpowiedź|автоответ|автоматический ответ|autosvar|automatiskt svar|automatisk svar"
    r"|automaattinen vastaus|automatická odpověď|automatikus válasz|αυτόματη απάντηση|otomatik (yanıt|cevap)"
    r"|自動(応答|返信)|自动(回复|答复)|自動回覆|자동 (응답|회신)|מענה אוטומטי|الرد التلقائي|رد تلقائي",
    re.IGNORECASE,
)
# Both rows must be found in the first lines of an answer before it counts as an absence note without any header.
ABSENT_BODIES = re.compile(
    r"(i am|i'm|i will be|we are|currently) (currently )?(out of (the )?office|on (vacation|leave|holiday)|away)"
    r"|(bin|ich bin) (derzeit |zurzeit |momentan |ab |vom |bis )?[^\n]{0,60}(nicht im (büro|haus)|im urlaub|abwesend)"
    r"|(suis|serai) (actuellement )?(absent|en congé)|sono (attualmente )?(assente|fuori (sede|ufficio)|in ferie)"
    r"|sunt (în|in) concediu|nu sunt la birou|estoy (fuera|de vacaciones|ausente)|estarei (ausente|de férias)"
    r"|ben (momenteel |tot |op )?[^\n]{0,40}(afwezig|vakantie)|jestem (obecnie )?(na urlopie|nieobecn)"
    r"|(нахожусь|буду) (в отпуске|вне офиса)|är (på semester|inte på kontoret)|er (på ferie|ikke på kontoret)"
    r"|休暇をいただいて|不在にしており|不在のため",
    re.IGNORECASE,
)
RETURN_BODIES = re.compile(
    r"\b(return|back|until|urgent|limited access|no access)\b"
    r"|zurück|wieder (da|im|erreichbar)|dringend|bis (zum|einschl)"
    r"|retour|urgence|urgent|jusqu|ritorno|rientr|urgen|fino al|revin|întorc|până|urgență|regreso|hasta|urgente"
    r"|retorno|terug|dringend|tot en met|wrac|pilne|вернусь|срочн|до \d|tillbaka|tilbage|tilbake|brådskande|haster"
    r"|お急ぎ|戻り|まで",
    re.IGNORECASE,
)
