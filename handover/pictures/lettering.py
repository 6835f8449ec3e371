"""How wide text is at most, and where it is broken into lines.

What font there is only the viewer knows. These widths are those of DejaVu Sans, which is wider than most.
"""

import re

BOLD = 1.13
# Widths in heights of a letter. Whatever is not here is as wide as a small letter; what is not ASCII, wider than any.
WIDTHS = {
    **dict.fromkeys("ijl'|", 0.33),
    **dict.fromkeys(' fIt.,:;!()[]/\\-"', 0.46),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.79),
    **dict.fromkeys("<>=+~^#", 0.84),
    **dict.fromkeys("mwMW%@", 1.0),
}
# A line may end after these, and within a word where it has capitals.
BREAKS = re.compile(r"(?<=[-/,:. _=])|(?<=[a-z])(?=[A-Z])")


def width(text: str, size: int, *, bold: bool = False) -> float:
    """Return how many pixels wide a text of this size is at most."""
    return sum(WIDTHS.get(letter, 0.65 if letter < "\x7f" else 1.1) for letter in text) * size * (BOLD if bold else 1)


def lines(text: str, size: int, room: float, *, bold: bool = False) -> list[str]:
    """Return a text in lines that are no wider than ``room``; nothing is left out."""
    broken = [""]
    for word in BREAKS.split(text):
        if width((broken[-1] + word).rstrip(), size, bold=bold) > room:
            broken.append("")
        for letter in word if width(word.rstrip(), size, bold=bold) > room else (word,):
            if broken[-1] and width((broken[-1] + letter).rstrip(), size, bold=bold) > room:
                broken.append("")
            broken[-1] += letter
    return [line for line in map(str.strip, broken) if line]
