"""What a workload may use of its environment, named by short name: the same for Batch jobs and ECS tasks.

File systems are not here: mounting a volume is asking for it. Secrets are not here either: the service that starts
the workload reads them (``modules.iam.secret_settings``).
"""

import re
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules.checks import never_with
from modules.iam.statement_settings import PolicyStatement
from modules.markers import ArnOf, EachInProduction, Grants, RefersTo
from modules.naming import ShortName
from modules.settings import Distinct, Settings

PolicyArn = Annotated[
    str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/[0-9A-Za-z_+=,.@/-]+$")
]

# Policies of AWS that open a whole account or service, by what AWS calls them; the last two read everybody's data.
WIDE = re.compile(r"Admin|Full_?Access|PowerUser|^ReadOnlyAccess$|^SecretsManagerReadWrite$")


def is_wide(policy_arn: str) -> bool:
    """Return whether a policy is AWS's own, and of so wide a kind. What is in one of the account's, its owner knows."""
    _, _, name = policy_arn.partition(":iam::aws:policy/")
    return name.startswith("job-function/") or bool(WIDE.search(name.rpartition("/")[2]))


# The settings of Access that name parts of buckets.
BUCKET_VERBS = ("read", "write", "delete")

NARROW_POLICY = EachInProduction(
    lambda arn: not is_wide(arn),
    "be no policy of AWS that opens a whole service or account",
    "anybody who gets into the workload owns what it opens; attach a policy of your own that names what is needed",
)


class BucketAccess(Settings):
    """A bucket of the environment, or the part of it under a prefix."""

    bucket: Annotated[ShortName, RefersTo("buckets")]
    """whose objects are meant [one of the environment's buckets; required]"""
    prefix: str = Field(default="", max_length=512, pattern=r"^([0-9A-Za-z!_.'()=+@ -]+/)*$")
    """"": the whole bucket; it ends in a slash, so that models/ does not open models-secret/ [at most 512 characters;
    default '']"""
    key_start: str = Field(default="", max_length=512, pattern=r"^[0-9A-Za-z!_.'()=+@ /-]*$")
    """in place of a prefix: all objects whose keys begin so, with a slash at its end or without, e.g. runs/2026- [at
    most 512 characters; default '']"""

    @property
    def start(self) -> str:
        """Return what the keys begin with."""
        return self.prefix or self.key_start

    check_start: ClassVar = never_with("key_start", "prefix")


class Access(Settings):
    """The permissions of one workload beyond starting and logging. Empty: none."""

    read: Distinct[BucketAccess] = ()
    """objects it may list and read [default empty]"""
    write: Distinct[BucketAccess] = ()
    """objects it may write, but neither read nor delete [default empty]"""
    delete: Distinct[BucketAccess] = ()
    """objects it may delete; with versioning their old versions stay [default empty]"""
    consume: Distinct[Annotated[ShortName, Grants("queues", "grant_consume", "sqs")]] = ()
    """queues it may receive from and delete in [each one of the environment's queues; default empty]"""
    send: Distinct[Annotated[ShortName, Grants("queues", "grant_send", "sqs")]] = ()
    """queues it may send to [each one of the environment's queues; default empty]"""
    publish: Distinct[Annotated[ShortName, Grants("topics", "grant_publish", "sns")]] = ()
    """topics it may publish messages to [each one of the environment's topics; default empty]"""
    redrive: Distinct[Annotated[ShortName, Grants("queues", "grant_redrive", "sqs")]] = ()
    """queues whose dead letters it may move back [each one of the environment's queues; default empty]"""
    submit: Distinct[Annotated[ShortName, RefersTo("job_definitions")]] = ()
    """jobs it may submit to their own queues, with the environment's tags [each one of the environment's
    job_definitions; default empty]"""
    terminate_jobs: bool = False
    """True: it may cancel and terminate jobs with the environment's tags [default False]"""
    describe_jobs: bool = False
    """True: it may look at all of Batch in the account and region [default False]"""
    put_events: Distinct[Annotated[ShortName, Grants("event_buses", "grant_put", "events")]] = ()
    """event buses it may put events on [each one of the environment's event_buses; default empty]"""
    statements: dict[ShortName, PolicyStatement] = Field(default_factory=dict)
    """what else it may do, each statement by a name; an action that AWS does not have is refused [default empty]"""
    policy_arns: Annotated[Distinct[Annotated[PolicyArn, ArnOf("policy")]], NARROW_POLICY] = Field(
        default=(), max_length=10
    )
    """policies of your own, for what Terrabatch does not know; IAM attaches up to 10 [at most 10 items; default empty;
    must be no policy of AWS that opens a whole service or account in production]"""
