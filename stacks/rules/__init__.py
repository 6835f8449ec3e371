"""The rules that span several settings of one environment, a file a topic.

A rule is a function ``check_<noun>`` from the environment to problems; every one in this folder is found. It may read
any setting: one that is itself bad, or a name that refers to nothing, ends the rule, since that is reported in its own
place. Most are about one entry at a time (``entries.py``).
"""

from importlib import import_module
from pkgutil import iter_modules

from stacks.rules.entries import Rule


def _rules_in(module: str) -> list[Rule]:
    members = vars(import_module(module)).items()
    return [value for name, value in members if name.startswith("check_") and value.__module__ == module]


RULES: tuple[Rule, ...] = tuple(
    rule for module in iter_modules(__path__) for rule in _rules_in(f"{__name__}.{module.name}")
)
