"""Shell scripts that are put out: POSIX sh, ready for ``terraform output -raw NAME | sh -s CHOICE``."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One thing that a script does: ``words`` ask for it, and one of ``last`` where there are any.

    A ``*`` at the end of one of ``last`` stands for whatever follows; the script finds the last word in ``$last``.
    """

    words: str
    body: str
    last: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """Return what to write, as its readers do."""
        return " ".join([self.words, *(["|".join(self.last)] if self.last else [])])

    @property
    def pattern(self) -> str:
        """Return the pattern of ``case``."""
        texts = [f"{self.words} {item}" for item in self.last] or [self.words]
        return "|".join(
            shlex.quote(text.removesuffix("*")) + ("*" if text.endswith("*") and self.last else "") for text in texts
        )


def choice_script(output: str, choices: Iterable[Choice], functions: Iterable[str] = ()) -> str:
    """Return the script that does what its arguments ask for, and otherwise lists what there is and exits with 2.

    It ends with the first command that fails. ``output`` is what Terraform calls it, ``functions`` come first.
    """
    choices = list(choices)
    usage = [f"usage: terraform output -raw {output} | sh -s CHOICE, one of"]
    last = ['for last in "$@"; do :; done'] if any(choice.last for choice in choices) else []
    lines = ["set -eu", *functions, *last, 'case "$*" in']
    for choice in choices:
        usage.append(f"  {choice.usage}")
        lines += [f"{choice.pattern})", *(f"  {line}" for line in choice.body.splitlines()), "  ;;"]
    lines += ["*)", f"  printf '%s\\n' {shlex.join(usage)} >&2", "  exit 2", "  ;;", "esac", ""]
    return "\n".join(lines)
