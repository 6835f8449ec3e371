"""How wide text is at most, and where it is broken into lines.

What font there is only the viewer knows. These widths are those of DejaVu Sans, which is wider than most.
"""

import re
from collections.abc import Callable, Sequence

BOLD = 1.13
# Widths in heights of a letter. Whatever is not here is as wide as a small letter; what is not ASCII, wider than any.
WIDTHS = {
    **dict.fromkeys("ijl'|", 0.33),
    **dict.fromkeys(' fIt.,:;!()[]/\\-"', 0.46),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.79),
    **dict.fromkeys("<>=+~^#", 0.84),
    **dict.fromkeys("mwMW%@", 1.0),
}
# Where a line may end: between words, but not between a number and its unit; within words that are too long for a line.
WORDS = re.compile(r"(?<=(?<!\d) )")
PARTS = re.compile(r"(?<=[-/,:._=])|(?<=[a-z]{2})(?=[A-Z])")


def width(text: str, size: int, *, bold: bool = False) -> float:
    """Return how many pixels wide a text of this size is at most."""
    return sum(WIDTHS.get(letter, 0.65 if letter < "\x7f" else 1.1) for letter in text) * size * (BOLD if bold else 1)


def lines(text: str, size: int, room: float, *, bold: bool = False) -> list[str]:
    """Return a text in lines that are no wider than ``room``; nothing is left out."""
    broken = [""]

    def fits(words: str) -> bool:
        return width(words.rstrip(), size, bold=bold) <= room

    def add(text: str, finer: Sequence[Callable[[str], Sequence[str]]]) -> None:
        if fits(broken[-1] + text):
            broken[-1] += text
        elif finer and not fits(text):
            for part in finer[0](text):
                add(part, finer[1:])
        else:
            broken.append(text)

    for word in WORDS.split(text):
        add(word, (PARTS.split, list))
    return [line for line in map(str.strip, broken) if line]
