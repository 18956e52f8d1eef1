"""What do people write to a help desk? Invented words, the same ones every time."""

import random

COMMON, RARE = "printer", "ambergate"
SYLLABLES = [a + b for a in "bdfglmnprstv" for b in ("a", "el", "i", "on", "ur", "as")]


def vocabulary(chance: random.Random, size: int = 8_000) -> list[str]:
    words = {"".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(size * 2)}
    return sorted(words - {COMMON, RARE}, key=lambda word: (len(word), word))[:size]


class Writer:
    """Words as people use them: few of them often, most of them seldom."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._words = vocabulary(random.Random(1))
        self._weights = [0.0]
        for rank in range(len(self._words)):
            self._weights.append(self._weights[-1] + 1 / (rank + 5))
        del self._weights[0]

    def words(self, number: int) -> list[str]:
        return self.chance.choices(self._words, cum_weights=self._weights, k=number)

    def heading(self) -> str:
        return " ".join(self.words(self.chance.randint(4, 8))).capitalize()

    def text(self, *more: str) -> str:
        """About six hundred characters in paragraphs."""
        words = self.words(max(10, int(self.chance.lognormvariate(0, 0.6) * 92)))
        for word in more:
            words[self.chance.randrange(len(words))] = word
        sentences = [" ".join(words[at : at + 11]).capitalize() + "." for at in range(0, len(words), 11)]
        return "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))
