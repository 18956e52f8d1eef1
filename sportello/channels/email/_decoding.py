"""Which characters do these bytes stand for? Never raises: what cannot be decoded becomes replacement characters."""

import binascii
import codecs
import re

import cchardet

_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "ascii",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gb-2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "big5": "big5hkscs",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "utf8mb4": "utf-8",
}
_NOT_FOR_MAIL = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
# What the detector may say; its other answers (DOS code pages, VISCII) are never right in mails.
_PLAUSIBLE = re.compile(
    r"utf|iso-8859-(1|2|5|7|8|9|15)$|windows-125|koi8|shift_jis|euc-|gb|big5|iso-2022|tis-620", re.IGNORECASE
)
_DETECT_BYTES = 256 * 1024
_SURE = 0.5
_ISO_2022 = re.compile(r"iso[-_]?2022")
_ISO_2022_JP = re.compile(rb"\x1b(\$[@B]|\(J)")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_BASE64_AND_SPACE = _BASE64 + b" \t\r\n"
_PIECE = 1024 * 1024


def codec_for(charset: str | None) -> str | None:
    """The codec that reads what mails call `charset`; None where there is none, or none for texts."""
    name = re.sub(r"[\x00-\x20\"']", "", charset or "").lower().split("*")[0]
    for candidate in (_ALIASES.get(name, name), name.replace("cp-", "cp"), name.removeprefix("x-")):
        try:
            info = codecs.lookup(candidate)
        except (LookupError, ValueError, UnicodeError):
            continue
        is_text = info._is_text_encoding  # the one way to tell hex and rot13 apart
        return candidate if is_text and info.name.replace("-", "_") not in _NOT_FOR_MAIL else None
    return None


def decode_text(data: bytes, charset: str | None = None) -> tuple[str, bool]:
    """The text, without NUL and lone surrogates, and whether the declared charset (or plain UTF-8) was right."""
    codec = _codec_to_try(data, charset)
    if (mark := _false_mark(data)) and not (codec and _is_single_byte(codec)):
        return decode_text(data[mark:], charset)[0], False
    text = _strictly(data, codec) if codec else None
    if text is not None:
        return tidy(text), True
    if codec and _ISO_2022.match(codec):  # which is ASCII to the eye of any other codec
        return tidy(data.decode(codec, "replace")), False
    text = _strictly(data, "utf-8")
    if text is not None:
        return tidy(text), not charset or data.isascii()
    if codec and _mostly_right(data, codec):
        return tidy(data.decode(codec, "replace")), False
    return tidy(_guessed(data)), False


def _false_mark(data: bytes) -> int:
    """The length of a byte order mark that what follows belies: broken under it, or plain UTF-8 without it."""
    claims = [(mark, codec) for mark, codec in _MARKS if data.startswith(mark)]
    for mark, codec in claims:
        rest = data[len(mark) :]
        if not _is_plain_utf8(rest) and _strictly(rest, codec) is not None:
            return 0
    return len(claims[0][0]) if claims else 0


def _is_plain_utf8(data: bytes) -> bool:
    """With no more control characters than words have: wide characters of most scripts are full of them."""
    text = _strictly(data, "utf-8") or ""
    return bool(text) and not _CONTROL.search(text) and text.count("\0") * 4 < len(text)


def _codec_to_try(data: bytes, charset: str | None) -> str | None:
    """The declared codec, unless the bytes show that they are something else."""
    codec = codec_for(charset)
    if _ISO_2022_JP.search(data) and not _ISO_2022.match(codec or ""):
        return "iso2022_jp_ext"
    if codec in ("utf-16", "utf_16", "utf16"):
        return _utf16(data)
    if codec in ("ascii", "cp1252") and not data.isascii():
        return None if codec == "ascii" or _strictly(data, "utf-8") is not None else codec
    return codec


def tidy(text: str) -> str:
    """What every database takes: no NUL, no lone surrogates, LF as the line end."""
    text = text.removeprefix("\ufeff").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", text)


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        # Five bytes have no meaning in cp1252, though browsers take them.
        return data.decode("latin-1") if codec == "cp1252" else None


def _mostly_right(data: bytes, codec: str) -> bool:
    """A text in its declared multi-byte charset with a few broken characters, and not one in another charset."""
    if _is_single_byte(codec):
        return False
    text = data.decode(codec, "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for char in text if char > "\x7f") - wrong
    return right >= wrong or (wrong <= 1 and right > 0)


def _is_single_byte(codec: str) -> bool:
    name = codecs.lookup(codec).name
    return name.startswith(("cp125", "iso8859", "koi8", "mac", "cp8", "cp4", "latin", "ascii"))


def _utf16(data: bytes) -> str:
    """UTF-16 without a byte order mark: the side on which the zero bytes lie (RFC 2781 says big where unsure)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
    if not even and not odd and data.isascii():
        return "utf-8"
    return "utf-16-le" if odd > even else "utf-16-be"


def _guessed(data: bytes) -> str:
    guess = cchardet.detect(data[:_DETECT_BYTES])
    codec = codec_for(guess["encoding"])
    if codec and (guess["confidence"] or 0) >= _SURE and _PLAUSIBLE.match(guess["encoding"] or ""):
        text = _strictly(data, codec)
        if text is not None:
            return text
        if not _is_single_byte(codec):
            return data.decode(codec, "replace")
    has_utf8 = any(char > "\x7f" for char in data.decode("utf-8", "ignore"))
    return data.decode("utf-8", "replace") if has_utf8 else _strictly(data, "cp1252") or ""


def transfer_decode(data: bytes, encoding: str) -> tuple[bytes, bool]:
    """The bytes behind a Content-Transfer-Encoding, and whether it was one that we know and kept."""
    encoding = encoding.strip().strip("\"';").lower()
    if encoding == "base64":
        return _base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data), True
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencoded(data)
    return data, encoding in ("", "7bit", "8bit", "binary")


def _base64(data: bytes) -> tuple[bytes, bool]:
    """Base64 in one or several padded runs, foreign bytes skipped; in pieces, which saves copies of large files."""
    out: list[bytes] = []
    rest = b""
    right = True
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        right = right and not piece.translate(None, _BASE64_AND_SPACE)
        *ended, open_run = (rest + piece.translate(None, _NOT_BASE64)).split(b"=")
        right = all([_add_run(out, run) for run in ended]) and right
        whole = len(open_run) - len(open_run) % 4
        _add_run(out, open_run[:whole])
        rest = open_run[whole:]
    right = _add_run(out, rest) and right
    return b"".join(out), right


def _add_run(out: list[bytes], run: bytes) -> bool:
    """Decodes what no padding interrupts; a single character at its end stands for nothing."""
    whole = run[:-1] if len(run) % 4 == 1 else run
    out.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return whole == run


def _uuencoded(data: bytes) -> tuple[bytes, bool]:
    begin = re.search(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", data, re.MULTILINE)
    if not begin:
        return data, False
    out, right = [], True
    for line in data[begin.end() :].splitlines():
        if line.strip() == b"end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            right = False
            length = max(((line[:1] or b" ")[0] - 32) & 63, 0)
            out.append(_uu_line(line[: (length * 4 + 5) // 3 + 1]))
    return b"".join(out), right


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""
