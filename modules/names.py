"""Physical names: what AWS accepts as each, and within which bounds a name may be given only once.

Settings yield the names they give (``Settings.names``); one rule holds all of them against these facts and each other.
The kinds of one service alone may stand with its settings.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from modules.ecr.image_reference import REPOSITORY
from modules.problems import Problem, SettingsError

Scope = Literal["world", "account", "region", "entry"]


@dataclass(frozen=True)
class NameKind:
    """What AWS accepts as the name of one kind of thing, and where there may be only one of that name.

    ``characters`` are those besides letters and digits, ``reserved_starts`` and ``reserved_ends`` what AWS keeps for
    itself.
    """

    max_length: int
    scope: Scope
    characters: str = "-_"
    reserved_starts: tuple[str, ...] = ()
    reserved_ends: tuple[str, ...] = ()
    pattern: str | None = None
    min_length: int = 0


# Sources: each service's API model in botocore; "General purpose bucket naming rules" in the S3 user guide; the AWS
# provider, which keeps 26 characters of a prefix for itself, so that a replacement is there before the old one goes.
NAME_KINDS: Mapping[str, NameKind] = {
    "access point": NameKind(256, "entry"),  # the tag Name, since it has no other
    "alarm": NameKind(255, "region"),
    "archive": NameKind(48, "region", "-_."),
    "Auto Scaling group": NameKind(255, "region"),
    # No dots: the certificate of S3 does not cover them, and our buckets refuse whatever comes without TLS.
    "bucket": NameKind(
        63,
        "world",
        "-",
        ("amzn-s3-demo-", "sthree-", "xn--"),
        ("--ol-s3", "--table-s3", "--x-s3", "-s3alias"),
        r"[a-z0-9][a-z0-9-]+[a-z0-9]",
    ),
    "capacity provider": NameKind(255, "region", reserved_starts=("aws", "ecs", "fargate")),
    "cluster": NameKind(255, "region"),
    "compute environment": NameKind(102, "region"),
    "event bus": NameKind(256, "region", "-_.", ("aws.", "default")),
    "file system": NameKind(64, "region"),
    "instance profile": NameKind(128, "account"),
    "job definition": NameKind(128, "region"),
    "job queue": NameKind(128, "region"),
    "key alias": NameKind(256, "region", "-_/"),
    "launch template": NameKind(128, "region", min_length=3),
    "load balancer": NameKind(32, "region", "-", ("internal-",)),
    "log group": NameKind(512, "region", "-_/"),
    "pipe": NameKind(64, "region", "-_."),
    "placement group": NameKind(255, "region"),
    "policy": NameKind(128, "account"),
    "queue": NameKind(80, "region", "-_.", pattern=r"[0-9A-Za-z_-]+(\.fifo)?"),
    "repository": NameKind(256, "region", "-_./", min_length=2, pattern=REPOSITORY.pattern),
    "role": NameKind(64, "account"),
    "rule": NameKind(64, "region", "-_."),
    "scaling policy": NameKind(255, "entry"),
    "scheduled action": NameKind(256, "entry"),
    "schedule": NameKind(64, "region", "-_."),
    "schedule group": NameKind(64, "region", "-_."),
    "scheduling policy": NameKind(128, "region"),
    "security group": NameKind(229, "entry", reserved_starts=("sg-",)),
    "service": NameKind(255, "region"),
    "state machine": NameKind(80, "region"),
    "task definition": NameKind(255, "region"),
}


@dataclass(frozen=True)
class PhysicalName:
    """A name that settings give to something of a ``kind`` (a key of ``NAME_KINDS``, or one with ``own_facts``).

    ``path`` leads from those settings to the one that gives it, ``is_made`` is False where the thing exists already.
    """

    kind: str
    text: str
    path: str = ""
    is_made: bool = True
    own_facts: NameKind | None = None

    @property
    def facts(self) -> NameKind:
        """What AWS accepts as such a name."""
        return self.own_facts or NAME_KINDS[self.kind]

    def problems(self, path: str) -> Iterator[Problem]:
        """Yield what AWS would refuse it for, at the ``path`` of what gives it."""
        return name_problems(self.kind, path, self.text, self.facts)


def name_problems(kind: str, path: str, name: str, facts: NameKind | None = None) -> Iterator[Problem]:
    """Yield what AWS would refuse ``name`` for, as that of a ``kind``; of ``NAME_KINDS``, if no ``facts`` are given."""
    facts = facts or NAME_KINDS[kind]
    if len(name) > facts.max_length:
        yield Problem(
            path,
            f"give a {kind} a name of at most {facts.max_length} characters",
            f"{len(name)} ({name!r})",
            fix="shorten the name",
        )
    if len(name) < facts.min_length:
        yield Problem(
            path, f"give a {kind} a name of at least {facts.min_length} characters", f"{len(name)} ({name!r})"
        )
    if not re.fullmatch(facts.pattern or f"[0-9A-Za-z{re.escape(facts.characters)}]+", name):
        characters = f"letters, digits and {' '.join(facts.characters)}"
        if kind == "repository":
            characters = "lower-case letters and digits, with - _ . / between them"
        if kind == "bucket":
            characters = "at least 3 lower-case letters, digits and inner hyphens"
        yield Problem(path, f"give a {kind} a name of {characters}", repr(name), "AWS refuses other names")
    for reserved in (*filter(name.startswith, facts.reserved_starts), *filter(name.endswith, facts.reserved_ends)):
        rule = f"give a {kind} a name without {reserved!r}"
        yield Problem(path, rule, repr(name), "AWS reserves these names", "rename it, the project or the environment")


def require_name(kind: str, name: str, facts: NameKind | None = None) -> None:
    """Raise ``SettingsError`` if AWS refuses ``name`` for a ``kind``; for modules used outside an Environment."""
    if problems := list(name_problems(kind, "name", name, facts)):
        raise SettingsError(kind, problems)
