"""Look at policies: parsed, and checked offline for actions, conditions and resources that AWS does not know."""

import json
from collections.abc import Mapping
from typing import Any

from reference import scan_policies


def statements(document: str) -> dict[str, dict[str, Any]]:
    """Return the statements of a policy by their Sid, without it."""
    found = {}
    for statement in json.loads(document)["Statement"]:
        sid = statement.pop("Sid")
        assert sid not in found, f"{sid} occurs twice"
        found[sid] = statement
    return found


def findings(document: str, arns: Mapping[str, str] = scan_policies.SAMPLE_ARNS) -> set[str]:
    """Return what parliament has against a policy."""
    return {f"{found.issue}: {found.detail}" for found in scan_policies.findings(document, arns)}
