"""Expressions that choose instances of a cluster.

Source: "Create expressions to define container instances for Amazon ECS tasks" (the cluster query language) in the ECS
developer guide.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from modules.limits import TerraformRule

EXAMPLE = 'e.g. "attribute:ecs.instance-type =~ g5.*" or "runningTasksCount < 3"'

_SUBJECT = (
    r"(?:agentConnected|agentVersion|ec2InstanceId|registeredAt|runningTasksCount|task:group"
    r"|attribute:[A-Za-z0-9_./-]{1,128})"
)
_VALUE = r"""(?:'[^']*'|"[^"]*"|[^\s()\[\],&|'"=<>!]+)"""
_COMPARED = r"(?:==|!=|>=|<=|>|<|equals|not_equals|(?:greater|less)_than(?:_equal)?)"
_COMPARISON = (
    rf"{_SUBJECT}(?:"
    rf"\s+(?:exists|!exists|not_exists)"
    rf"|\s*{_COMPARED}\s*{_VALUE}"
    rf"|\s+(?:in|!in|not_in)\s*\[\s*{_VALUE}(?:\s*,\s*{_VALUE})*\s*\]"
    # A regular expression may have brackets of its own.
    rf"|\s*(?:=~|!~|matches|not_matches)\s*(?:'[^']*'|\"[^\"]*\"|\S+)"
    r")"
)
_TERM = rf"(?:(?:!|not\b)?\s*\(?\s*)*{_COMPARISON}\s*(?:\)\s*)*"
_EXPRESSION = re.compile(rf"\s*{_TERM}(?:(?:&&|\|\||and\b|or\b)\s*{_TERM})*\s*")
_REGULAR = re.compile(r"=~|!~|\b(?:not_)?matches\b")


def _expression(text: str) -> str:
    unbalanced = not _REGULAR.search(text) and text.count("(") != text.count(")")
    if unbalanced or not _EXPRESSION.fullmatch(text):
        raise ValueError("be an expression of the cluster query language", EXAMPLE)
    return text


QueryExpression = Annotated[
    str,
    StringConstraints(max_length=2_000),
    TerraformRule.matching(f"^{_EXPRESSION.pattern}$", f"be an expression of the cluster query language, {EXAMPLE}"),
    AfterValidator(_expression),
]
