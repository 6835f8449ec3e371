"""Physical names, their limits, and ARNs that follow from them. No constructs, no tokens."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from modules.problems import Problem, SettingsError

# The name of one thing in an environment's map. Lower case and hyphens: valid in every AWS name, URL and construct id.
ShortName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]

# Longest name that each service accepts, less what Terrabatch appends to it. Source: the service's Create… API.
NAME_LIMITS = {
    "queues": 80 - len("-dlq.fifo"),
    "buckets": 63,
    "file_systems": 64,
    "repositories": 256,
    "iam": 64,
    "batch": 128,
    "batch_prefix": 102,  # Terraform appends 26 characters to make room for a replacement before the old one goes
}


@dataclass(frozen=True)
class AwsLocation:
    """One region of one AWS account: what an ARN needs besides service and resource."""

    region: str
    account_id: str

    @property
    def partition(self) -> str:
        """Return ``aws``, ``aws-cn`` or ``aws-us-gov``."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a regional resource of this account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"


def name_problems(kind: str, path: str, name: str) -> Iterator[Problem]:
    """Yield a problem if ``name`` is longer than AWS accepts for ``kind`` (a key of ``NAME_LIMITS``)."""
    limit = NAME_LIMITS[kind]
    if len(name) > limit:
        yield Problem(
            path, f"give a physical name of at most {limit} characters", f"{len(name)} ({name!r})", "shorten the name"
        )


def require_name(kind: str, name: str) -> None:
    """Raise ``SettingsError`` if ``name`` is too long for ``kind``; for modules used outside an Environment."""
    problems = list(name_problems(kind, "name", name))
    if problems:
        raise SettingsError(kind, problems)
