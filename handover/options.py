"""The options of a bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class RefusedError(Exception):
    """A bundle cannot be what was asked for."""


@dataclass(frozen=True)
class Options:
    """The choices.

    ``chapters``: a runbook of every kind of alarm. ``lock_with``: the process environment in which Terraform writes
    lock files; None: it writes none. ``findings``: files of what scanners and proofs say, or folders of them.
    """

    as_modules: bool = False
    partial_backend: bool = False
    hcl: bool = False
    chapters: str = ""
    lock_with: Mapping[str, str] | None = None
    findings: Sequence[Path] = ()


AS_IT_IS = Options()
