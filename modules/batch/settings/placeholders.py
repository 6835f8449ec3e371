"""Placeholders of a job definition: ``Ref::name`` in a command stands for a parameter, and nowhere else.

Batch puts the parameter's value in their place when the job is submitted; no shell runs, so nothing else is replaced.
Where Batch ends a name is not said: ``Ref::date.csv`` is taken for a parameter ``date`` if there is one. Source:
"Parameters" and ``command`` in the Batch API reference.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from modules.problems import Problem, format_value

PLACEHOLDER = re.compile(r"Ref::(?=[\w.-])")
MISSPELT = re.compile(r"\bref::(?=[\w.-])", re.IGNORECASE)
# A word that a shell would replace, as a whole.
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
UNCHANGED = "otherwise Batch passes it to the container unchanged"
COMMANDS_ONLY = "Batch puts parameters into commands only"


@dataclass(frozen=True)
class PlaceholderUse:
    """The words of one command, with where they stand and which environment variables their container has."""

    path: str
    words: Sequence[str]
    variables: Collection[str]


def placeholder_problems(uses: Sequence[PlaceholderUse], parameters: Mapping[str, str]) -> Iterator[Problem]:
    """Yield placeholders that are replaced by nothing, and parameters that replace none."""
    wrong = [problem for use in uses for check in CHECKS for problem in check(use, parameters)]
    yield from wrong
    if wrong:
        return  # which may be meant for what nothing else uses
    everything = [text for use in uses for text in _referred(use)]
    for name in sorted(parameters):
        if not any(text.startswith(name) for text in everything):
            rule, got = f"be used by a command as Ref::{name}", format_value(parameters[name])
            yield Problem(f"parameters.{name}", rule, got, COMMANDS_ONLY)


def misplaced_placeholder_problems(path: str, environment: Mapping[str, str]) -> Iterator[Problem]:
    """Yield environment variables whose value is meant to be a parameter's."""
    for name, value in sorted(environment.items()):
        if re.search(r"(?<![\w:])Ref::\w", value):
            fix = "have the command set it, or give the submission's environment"
            yield Problem(f"{path}.{name}", "not refer to a parameter", format_value(value), COMMANDS_ONLY, fix)


def _undeclared_problems(use: PlaceholderUse, parameters: Mapping[str, str]) -> Iterator[Problem]:
    unknown = {
        re.match(r"[\w.-]+", text)[0]  # type: ignore[index]  # the pattern looks ahead for it
        for text in _referred(use)
        if not text.startswith(tuple(parameters))
    }
    for name in sorted(unknown):
        known = ", ".join(sorted(parameters)) or "none"
        rule = "refer to declared parameters only"
        yield Problem(use.path, rule, f"'Ref::{name}'", UNCHANGED, fix=f"known: {known}")


def _misspelt_problems(use: PlaceholderUse, parameters: Mapping[str, str]) -> Iterator[Problem]:
    for index, word in enumerate(use.words):
        for match in MISSPELT.finditer(word):
            if match[0] != "Ref::" and word[match.end() :].startswith(tuple(parameters)):
                yield Problem(f"{use.path}[{index}]", "spell it Ref::", format_value(word), UNCHANGED)


def _unexpanded_problems(use: PlaceholderUse, parameters: Mapping[str, str]) -> Iterator[Problem]:
    for index, word in enumerate(use.words):
        match = VARIABLE.fullmatch(word)
        if match is None or "-c" in use.words[:index]:
            continue
        name = match[1] or match[2]
        if name in parameters:
            yield Problem(f"{use.path}[{index}]", f"be Ref::{name}", repr(word), UNCHANGED)
        # The first word may be the script of an image whose ENTRYPOINT is a shell.
        elif index and (name in use.variables or name.startswith("AWS_BATCH_")):
            fix = f"""run a shell: ["sh", "-c", "… ${name}"]"""
            yield Problem(f"{use.path}[{index}]", "be a value, or be replaced by a shell", repr(word), UNCHANGED, fix)


CHECKS = (_undeclared_problems, _misspelt_problems, _unexpanded_problems)


def _referred(use: PlaceholderUse) -> Iterator[str]:
    """Yield what follows each placeholder, which begins with a parameter's name."""
    yield from (word[match.end() :] for word in use.words for match in PLACEHOLDER.finditer(word))
