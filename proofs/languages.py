"""Patterns of policies as languages, and the finitely many kinds of texts that a set of them can tell apart. Pure.

Two texts are of one kind if every pattern accepts both or neither. A proof about one text of each kind is a proof about
all texts, which is what makes a solver of propositions enough.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase

# Wildcards that stop at a colon are those of the first five parts of an ARN.
ANY, MANY, ANY_IN_PART, MANY_IN_PART = "?", "*", "?:", "*:"
WILDCARDS = {ANY, MANY, ANY_IN_PART, MANY_IN_PART}
LOOPS = {MANY, MANY_IN_PART}
END = "."
# Stand for all letters that no pattern names.
OTHERS = (*ascii_lowercase[::-1], *map(chr, range(0x4E00, 0x9FFF)))


@dataclass(frozen=True)
class Pattern:
    """What a value of a policy accepts: as it is, with wildcards, or part for part as an ARN; in one case or any."""

    text: str
    has_wildcards: bool = False
    is_arn: bool = False
    any_case: bool = False

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Return its letters and wildcards. A letter of two characters is one of either case."""
        tokens, colons = [], 0
        for mark in self.text:
            colons += mark == ":"
            if self.has_wildcards and mark in WILDCARDS:
                tokens.append(f"{mark}:" if self.is_arn and colons < 5 else mark)
            elif self.any_case and mark.lower() != mark.upper():
                tokens.append(f"={mark.lower()}{mark.upper()}")
            else:
                tokens.append(f"={mark}")
        return tuple(tokens)

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        spelled = {ANY: ".", MANY: ".*", ANY_IN_PART: "[^:]", MANY_IN_PART: "[^:]*"}
        parts = (spelled.get(token) or f"[{re.escape(token[1:])}]" for token in self.tokens)
        return re.compile("".join(parts), re.DOTALL)

    def accepts(self, text: str) -> bool:
        """Return whether it accepts this text."""
        return self._regex.fullmatch(text) is not None


@dataclass(frozen=True)
class Kind:
    """Texts that the same patterns accept, by one of them."""

    example: str
    accepted: frozenset[Pattern]


def kinds(patterns: Iterable[Pattern], examples: Iterable[str] = ()) -> list[Kind]:
    """Return every kind of text that there is for these patterns; ``examples`` are preferred to the shortest text."""
    known = sorted(set(patterns), key=repr)
    found: dict[frozenset[Pattern], str] = {}
    for example in examples:
        found.setdefault(frozenset(pattern for pattern in known if pattern.accepts(example)), example)
    for example, accepted in Automaton(known).walk():
        found.setdefault(accepted, example)
    return [Kind(example, accepted) for accepted, example in found.items()]


class Automaton:
    """Follows several patterns at once. A place is before a token of a pattern, or at the pattern's end."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._tokens: list[str] = []
        self._accepted: dict[int, Pattern] = {}
        starts = []
        for pattern in patterns:
            starts.append(len(self._tokens))
            self._accepted[len(self._tokens) + len(pattern.tokens)] = pattern
            self._tokens += [*pattern.tokens, END]
        # A wildcard may stand for nothing: who is before it is behind it, too.
        self._reached: list[frozenset[int]] = []
        for place in reversed(range(len(self._tokens))):
            behind = self._reached[-1] if self._tokens[place] in LOOPS else frozenset()
            self._reached.append(behind | {place})
        self._reached.reverse()
        self.start = frozenset[int]().union(*(self._reached[place] for place in starts))

    def walk(self) -> Iterator[tuple[str, frozenset[Pattern]]]:
        """Yield a shortest text of each state, and which patterns accept it."""
        waiting, seen = deque([("", self.start)]), {self.start}
        while waiting:
            text, state = waiting.popleft()
            yield text, self.accepted(state)
            for letter, after in self.steps(state):
                if after not in seen:
                    seen.add(after)
                    waiting.append((text + letter, after))

    def accepted(self, state: Iterable[int]) -> frozenset[Pattern]:
        """Return the patterns that are at their end."""
        return frozenset(self._accepted[place] for place in state if place in self._accepted)

    def steps(self, state: Iterable[int]) -> Iterator[tuple[str, frozenset[int]]]:
        """Yield letters and the states behind them. Each letter that is not among them does what the last one does."""
        by_letter: dict[str, set[int]] = {}
        anywhere, in_part = set[int](), set[int]()
        for place in state:
            token = self._tokens[place]
            if token in WILDCARDS:
                wild = anywhere if token in {ANY, MANY} else in_part
                wild |= self._reached[place if token in LOOPS else place + 1]
            for letter in token[1:] if token[0] == "=" else ():
                by_letter.setdefault(letter, set()).update(self._reached[place + 1])
        if in_part:
            by_letter.setdefault(":", set())
        for letter, after in by_letter.items():
            yield letter, frozenset(after | anywhere | (in_part if letter != ":" else set()))
        yield next(letter for letter in OTHERS if letter not in by_letter), frozenset(anywhere | in_part)
