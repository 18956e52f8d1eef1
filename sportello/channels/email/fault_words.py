"""How is a fault of a server kept, so that whoever reads of it is told in their own language?"""

import json
import re
from dataclasses import dataclass
from typing import cast

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

_ANSWER = re.compile(r"((?:\S+@\S+: )?)((?:\d{3} (?:\d\.\d+\.\d+ )?)?)(.*)", re.DOTALL)
# what we say in a server's place, with a code as it would have
NO_ADDRESS = gettext_noop("This is no address that a mail can be sent to")
NOT_HERE = gettext_noop("The server sends nothing to an address with such letters before the @")
CUT_SHORT = gettext_noop("The server ended the conversation")
_OURS_WITH_CODE = (NO_ADDRESS, NOT_HERE, CUT_SHORT)
LONGEST = 300  # of the columns that keep it
_LONGEST_HOST = 120

_PORT = _("Check server and port.")
_SECURITY = _("Check port and security together: 993 and 465 go with TLS, 143 and 587 with STARTTLS.")
_PASSWORD = _("Check user and password. Many providers want a password made for programs only.")
_CERTIFICATE = _("Use the server's name as it stands in its certificate, or have the certificate renewed.")
SEALED = _("The stored password was sealed with another key")
SEALED_MEND = _(
    "Add the old key to SPORTELLO_SEAL_KEYS (the old secret key, if there was no other), or type the password anew."
)

# what failed, and what helps
_WORDS = {
    "folder": (_("The folder cannot be opened"), _("Check the name of the folder; INBOX is always there.")),
    "login": (_("Signing in is refused"), _PASSWORD),
    "protocol": (_("The server does not do what is asked"), _SECURITY),
    "kind": (_("What answers is no server for sending"), _SECURITY),
    "refused": (_("The server refuses the connection"), _("Ask whoever runs the server.")),
    "hung-up": (_("The server hangs up"), _SECURITY),
    "sealed": (SEALED, SEALED_MEND),
    "certificate": (_("The server's certificate is not trusted"), _CERTIFICATE),
    "encryption": (_("No encrypted connection comes about"), _SECURITY),
    "name": (_("No server has this name"), _("Check the name of the server for a typing mistake.")),
    "silent": (
        _("The server does not answer in time"),
        _("Check server and port, and whether a firewall is between."),
    ),
    "closed": (_("Nothing listens on this port of the server"), _PORT),
    "unreachable": (_("The server cannot be reached"), _PORT),
}


@dataclass(frozen=True)
class Fault:
    """Its text is for the reader, in their language; what is `kept` is put into it by `told`.

    `answer` is what the server said, if it said anything; host and port where the reader may not know them.
    """

    code: str
    answer: str = ""
    host: str = ""
    port: int = 0

    def kept(self) -> str:
        """For a column of LONGEST letters: a long answer loses its end."""
        answer = self.answer
        while len(text := self._written(answer)) > LONGEST and answer:
            answer = answer[:-1]
        return text

    def _written(self, answer: str) -> str:
        about = {"fault": self.code, "host": self.host[:_LONGEST_HOST], "port": self.port, "answer": answer}
        return json.dumps(about, ensure_ascii=False)

    def __str__(self) -> str:
        failed, mend = _WORDS[self.code]
        words = f"{failed}. {mend}"
        if self.answer:
            said = {"failed": failed, "answer": self.answer.rstrip("."), "mend": mend}
            words = gettext("%(failed)s. The server said: %(answer)s. %(mend)s") % said
        if not self.host:
            return words
        return gettext("%(host)s, port %(port)s: %(fault)s") % {"host": self.host, "port": self.port, "fault": words}


def told(text: str) -> str:
    """What was kept, for a person. A server's own words stay as they are, a sentence of ours is translated."""
    fault = _read(text)
    return str(fault) if fault else "; ".join(_answer_told(answer) for answer in text.split("; "))


def _answer_told(answer: str) -> str:
    """Of one recipient, or of nobody in particular: behind their address and the code."""
    who, code, sentence = cast(re.Match[str], _ANSWER.fullmatch(answer)).groups()
    is_ours = sentence in _OURS_WITH_CODE if code else bool(sentence)
    return who + code + (gettext(sentence) if is_ours else sentence)


def _read(text: str) -> Fault | None:
    if not text.startswith('{"fault": '):
        return None
    try:
        about = json.loads(text)
        fault = Fault(about["fault"], str(about["answer"]), str(about["host"]), int(about["port"]))
    except (ValueError, KeyError, TypeError):
        return None
    return fault if fault.code in _WORDS else None
