"""What is named by ARN lies where it can be used: the right account, partition and region."""

from collections.abc import Iterator, Mapping

from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.ec2.settings import CapacityReservationGroup
from modules.ecs.settings.exposure import ExistingListener, OwnLoadBalancer
from modules.ecs.settings.placement import EbsVolume
from modules.kms.settings import ExistingKmsKey
from modules.problems import Problem
from modules.regions import arn_problems
from modules.settings import Settings, settings_in
from stacks.environment_settings import EnvironmentSettings
from stacks.state import StateSettings

# What the names of settings end in that hold an ARN, or several.
ARN_SETTINGS = ("_arn", "_arns", "_principals")

# What AWS accepts from the region only where it is used. Secrets, topics and queues may lie in another.
OWN_REGION: Mapping[tuple[type[Settings], str], tuple[str, str]] = {
    (ExistingKmsKey, "key_arn"): (
        "key",
        "AWS services use keys of their own region only; a multi-Region key has a replica there",
    ),
    (EbsVolume, "kms_key_arn"): ("key", "a volume is encrypted with a key of its own region"),
    (OwnLoadBalancer, "certificate_arn"): ("certificate", "a load balancer uses certificates of its own region only"),
    (ExistingListener, "listener_arn"): ("listener", "a load balancer reaches tasks in its own network only"),
    (EksCapacity, "eks_cluster_arn"): ("cluster", "Batch adds nodes to clusters of its own region only"),
    (CapacityReservationGroup, "resource_group_arn"): (
        "group",
        "instances launch in reservations of their own region only",
    ),
}


def check_account_id(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse an id that no account has, as templates and examples write it."""
    if not environment.account_id.strip("0"):
        yield Problem(
            "account_id", "be the id of an AWS account", repr(environment.account_id), fix="write the account's id"
        )


def check_deployment_role(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that the role Terraform assumes can pass the provider's own check of the account."""
    role = environment.deployment_role_arn
    if role and role.split(":")[4] != environment.account_id:
        yield Problem(
            "deployment_role_arn",
            f"be a role of account_id ({environment.account_id})",
            repr(role),
            "Terraform refuses to deploy to any other account",
        )


def check_arn_locations(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check everything that somebody else owns and an ARN names, wherever it is used."""
    for path, kept in settings_in(environment):
        if isinstance(kept, StateSettings):
            continue  # a state may be kept anywhere
        for name, value in kept.__dict__.items():
            if not name.endswith(ARN_SETTINGS):
                continue
            words = (
                words for (kind, setting), words in OWN_REGION.items() if isinstance(kept, kind) and setting == name
            )
            thing, reason = next(words, ("", ""))
            at = f"{path}.{name}" if path else name
            arns = {at: value} if isinstance(value, str) else {f"{at}[{i}]": arn for i, arn in enumerate(value or ())}
            for where, arn in arns.items():
                yield from arn_problems(
                    where, arn, environment.region, thing=thing, of="the environment's region", reason=reason
                )
