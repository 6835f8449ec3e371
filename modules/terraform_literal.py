"""Text that Terraform is to read as it is.

In Terraform's strings ``${`` and ``%{`` begin an expression. A shell command, a policy variable or a log format may
hold them too; unescaped, Terraform would refuse it or, worse, put a value in.
"""

import re
from collections.abc import Mapping
from typing import Any

# What cdktf puts in place of a value that only Terraform knows is an expression on purpose.
EXPRESSION = re.compile(r"\$\{(?!TfToken\[)|%\{")


def terraform_literal(value: Any) -> Any:
    """Return ``value`` (text, or mappings and sequences of it) with every expression escaped, save cdktf's tokens."""
    if isinstance(value, str):
        return EXPRESSION.sub(lambda match: match[0][0] + match[0], value)
    if isinstance(value, Mapping):
        return {key: terraform_literal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [terraform_literal(item) for item in value]
    return value
