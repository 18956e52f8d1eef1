"""Do two spellings of a mail address mean one mailbox? In which form are addresses kept and compared?"""

import unicodedata


def address_key(address: str) -> str:
    """Lower case, composed, the domain in ASCII. Without what no database keeps; nonsense stays nonsense."""
    kept = address.replace("\0", "").encode("utf-8", "ignore").decode()
    local, at, domain = unicodedata.normalize("NFC", kept.strip().lower()).rpartition("@")
    return f"{local}{at}{domain_key(domain)}"


def domain_key(domain: str) -> str:
    domain = domain.strip().lower().removesuffix(".")
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
