"""In which language is this written? Only a guess that is worth acting on."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SHORTEST = 20
SPOKEN = ["en", "it", "ro", "de", "fr", "es", "pt", "nl", "pl", "hu", "ru", "uk", "el", "tr", "ar", "he", "ja", "zh"]


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # and numpy: at the first mail, not at the start

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(SPOKEN)
    identifier._full_model = identifier.nb_ptc, identifier.nb_pc, identifier.nb_classes  # 28 MB of other languages
    return identifier


def language_of(text: str) -> str:
    """An ISO 639-1 code, or an empty string for a text too short to tell."""
    words = " ".join(text[:3000].split())
    if len(words) < SHORTEST:
        return ""
    code, sure = _identifier().classify(words)
    return str(code) if sure > 0.8 else ""
