"""What starts targets, an event or a message, and the parts of it that may stand for their texts. No constructs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from modules.problems import Problem, format_value, unknown_name
from modules.targets.settings import TargetSettings, Told
from modules.texts import texts_in


@dataclass(frozen=True)
class Origin:
    """What a ``starter`` is itself started by: its ``fields``, and what a ``path`` to a part of it looks like.

    ``inside``: such a path within a text that is told; ``leads`` and ``example`` say how one is written.
    """

    called: str
    starter: str
    fields: Sequence[str]
    path: re.Pattern[str]
    inside: re.Pattern[str]
    leads: str
    example: str

    def path_problems(self, target: TargetSettings) -> Iterator[Problem]:
        """Yield what of ``target`` leads nowhere, or is no path as a whole where it must be."""
        for path, text in texts_in(target, "target"):
            found = [text] if text.startswith("$.") else []
            if isinstance(target, Told):
                found += self.inside.findall(text)
            elif not found and re.search(rf"\$\.({'|'.join(self.fields)})\b", text):
                reason, fix = f"{self.starter} replaces no parts of a text", "build the text where it is used"
                yield Problem(path, "be a path and nothing else", format_value(text), reason, fix)
            for item in found:
                if not self.path.fullmatch(item):
                    yield Problem(path, f"lead by {self.leads}", format_value(item), fix=f"e.g. {self.example}")
                elif problem := self.field_problem(path, re.split(r"[.\[]", item)[1]):
                    yield problem

    def field_problem(self, path: str, field: str) -> Problem | None:
        """Return the problem of a field that it does not have."""
        return None if field in self.fields else unknown_name(path, field, self.fields, f"fields of {self.called}")
