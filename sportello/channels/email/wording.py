"""What does a mail say, once its quotes are folded and its HTML is made harmless?"""

from collections.abc import Sequence

from sportello.channels.email import _defects as known
from sportello.channels.email.addresses import unsigned
from sportello.channels.email.models import InboundMail
from sportello.channels.email.parsing import Mailbox, ParsedMail
from sportello.channels.email.quotes import split, split_html
from sportello.channels.email.threading import Evidence, secret
from sportello.kernel.html import sanitise
from sportello.tickets.conversation import MOST_TEXT, Words
from sportello.tickets.files import NewFile
from sportello.tickets.words import MOST_ADDRESSES


def words_of(mail: ParsedMail, inbound: InboundMail, evidence: Evidence, language: str) -> Words:
    parent = evidence.ticket.messages.last() if evidence.ticket and evidence.joins else None
    text = split(mail.text, parent.text if parent else None)
    new_html, quoted_html, remote = _html(mail)
    cut = max(map(len, (text.new, new_html, quoted_html))) > MOST_TEXT
    return Words(
        text=text.new,
        html=new_html,
        quoted_text="\n".join(part for part in (text.signature, text.quoted) if part),
        quoted_html=quoted_html,
        remote_images=remote,
        language=language,
        files=[
            NewFile(a.filename, a.content, a.content_type, content_id=a.content_id, inline=a.inline)
            for a in mail.attachments
        ],
        raw=inbound.raw,
        recipients={"to": _named(mail.to), "cc": _named(mail.cc)},
        at=inbound.arrived_at if inbound.source == InboundMail.Source.IMPORT else None,
        reasons=[evidence.as_reason(), *_oddities(mail, cut=cut)],
    )


def _named(boxes: Sequence[Mailbox]) -> list[str]:
    """As people know the addresses: ours without the signature that leads an answer to its ticket."""
    ours = secret()
    return list(dict.fromkeys(unsigned(box.address, ours) for box in boxes))[:MOST_ADDRESSES]


def _oddities(mail: ParsedMail, *, cut: bool) -> list[dict[str, object]]:
    """What was odd about it. What was left out, because of its size, is told apart: agents see that at once."""
    found: list[dict[str, object]] = []
    for defect in sorted({*mail.defects[:20], *([known.CUT_TEXT] if cut else [])}):
        found.append({"code": "left-out" if defect in known.LEFT_OUT else "defect", "text": defect})
        if defect == known.CUT_RAW:
            found[-1]["files"] = list(mail.left_out)
    return found


def _html(mail: ParsedMail) -> tuple[str, str, int]:
    if not mail.html:
        return "", "", 0
    new, quoted = split_html(mail.html)
    safe_new, safe_quoted = sanitise(new), sanitise(quoted)
    return safe_new.html, safe_quoted.html, safe_new.remote_images + safe_quoted.remote_images
