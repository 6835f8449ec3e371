"""The rules that span several settings of one environment, a file a topic.

A rule is a function from the Environment to problems. It may read any setting: one that is itself bad ends the rule
quietly, since that setting's own problem is reported in its own place. A name that refers to nothing is reported by
``stacks.references``; a rule skips it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from modules.problems import Problem
from stacks.rules import names, production

Rule = Callable[[Any], Iterable[Problem]]  # of an Environment, which cannot be imported here: it imports this

RULES: tuple[Rule, ...] = (
    names.physical_names_fit,
    production.production_is_protected,
)
