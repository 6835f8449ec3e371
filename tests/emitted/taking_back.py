"""Each setting with a value and then without it, and what Terraform would make of the difference.

``models/updates.json`` says which arguments provider 6.25.0 keeps as they are where they are left out (those that it
also computes), and which replace the resource where they change; read from the provider's source and schema.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from modules.settings import collect_problems, nested_problems
from stacks.environment import Environment
from tests.emitted.generated import bases
from tests.emitted.requests import TERRAFORM, leaves
from tests.generated import objects_in, replaced

UPDATES: Mapping[str, Mapping[str, list[str]]] = json.loads(
    (Path(__file__).parent / "models/updates.json").read_text(encoding="utf-8")
)

# What may stay as it was, and why it does no harm.
STAYS: Mapping[tuple[str, str], str] = {
    ("aws_sqs_queue", "kms_data_key_reuse_period_seconds"): "without a key there is no data key to reuse",
    ("aws_sqs_queue", "sqs_managed_sse_enabled"): "SQS ends it when a key is given",
    ("aws_ecs_service", "platform_version"): "the provider sends it where it changes only; instances have none",
    (
        "aws_autoscaling_group",
        "mixed_instances_policy",
    ): "a launch template given instead takes its place, and the other way round",
    ("aws_autoscaling_group", "launch_template"): "a mixture given instead takes its place",
    ("aws_lb", "ip_address_type"): "a network keeps its IPv6",
    ("aws_lb_target_group", "health_check.matcher"): "the provider sends it for checks over HTTP alone",
    ("aws_lb_target_group", "health_check.path"): "the provider sends it for checks over HTTP alone",
    ("aws_s3_bucket_lifecycle_configuration", "rule.expiration.days"): "the block goes, which another rule has",
}
# What has nothing left that is encrypted with a key once it is told another, and what it encrypted.
ENCRYPTED_ANEW = {"aws_ecs_cluster": "sessions, while they last"}


# Settings of which nothing is emitted, and what they are for.
CHECKED_ONLY: Mapping[str, str] = {
    "ClusterSettings.network_interface_trunking": "tells how many tasks an instance takes; the account has the setting",
    "Environment.network": "nothing lies in it where it can be left out",
    "Environment.scheduling_policies": "a policy that no queue has is in no stack if there is nothing else of Batch",
    "Environment.service_quotas": "the account has them; tells what it has too few of",
    "ExistingCluster.execute_command": "the cluster has it; tells whether tasks may use it",
    "ExistingCluster.namespace": "the cluster has it; tells whether services may leave theirs out",
    "ExistingComputeEnvironment.instance_types": "the environment has them; tells which jobs fit",
    "ExistingComputeEnvironment.max_vcpus": "the environment has them; tells which jobs fit",
    "ExistingJobDefinition.most_attempts": "the definition has them; tells how long a stage may take",
    "ExistingJobDefinition.parameters": "the definition has them; tells which a submission may give",
    "ExistingMultiNodeJobDefinition.least_node_count": "the definition has them; tells how few may be asked for",
    "ExistingJobQueue.shares": "the queue has them; tells which a request may name",
    "ExistingNetwork.availability_zones": "tells which subnets share a zone; the subnets know theirs",
    "ExistingQueue.dead_letter_queue_arn": "tells what may be moved back, where somebody may",
    "ExistingTargetGroup.deregistration_seconds": "the group has it; tells how long a deployment waits",
    "FargateMultiContainerJobDefinition.longest_message_seconds": "is held against what a queue hides",
    "JobRequest.finish_within_seconds": "is held against what the queue's capacity runs at a time",
    "JobRequest.job_queue": "may name the first queue, which is the default",
    "JobStateChange.job_queues": "may name all queues, which are the default",
    "JobSubmission.finish_within_seconds": "is held against what the queue's capacity runs at a time",
    "JobSubmission.job_queue": "may name the first queue, which is the default",
    "PipelineSettings.returns": "may name stages whose results its own conditions keep already",
    "ReplicaService.placement": "may be what is the default",
}


class TakenBack(NamedTuple):
    """A setting that has a value before, and its default after."""

    setting: str
    before: Environment
    after: Environment


def settings_taken_back(settled: Collection[str]) -> Iterator[TakenBack]:
    """Yield each optional setting of each class where an environment gives it and another may leave it out.

    The smallest environment comes first; the caller adds those that need no other to ``settled``.
    """
    for base in sorted(bases(), key=lambda item: len(objects_in(item))):
        for path, holder in objects_in(base):
            kind = type(holder)
            for name, field in kind.model_fields.items():
                setting = f"{kind.__name__}.{name}"
                if setting in settled or field.is_required():
                    continue
                default = field.get_default(call_default_factory=True)
                if getattr(holder, name) != default and (after := _good(base, (*path, name), default)) is not None:
                    yield TakenBack(setting, base, after)


def kept_arguments(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the provider would keep in spite of its being left out, as type, name and argument."""
    remaining = _resources(after)
    for (stack, type_, name), old in _resources(before).items():
        new = remaining.get((stack, type_, name))
        if type_ not in UPDATES or new is None or _is_replaced(type_, old, new):
            continue
        lost = {_first_missing(path, new) for path in _paths(old) - _paths(new)}
        for path in sorted(lost & set(UPDATES[type_]["kept"])):
            if (type_, path) not in STAYS:
                yield f"{type_}.{name} {path}"


def destroyed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what would stay encrypted with a key that Terraform destroys, as type and name."""
    old, new = _resources(before), _resources(after)
    released = {
        (stack, block["from"])
        for stack, document in after.items()
        for block in document.get("removed", [])
        if not block["lifecycle"]["destroy"]
    }
    gone = {(stack, f"{type_}.{name}") for stack, type_, name in old.keys() - new.keys() if type_ == "aws_kms_key"}
    for stack, address in sorted(gone - released):
        for (place, type_, name), user in old.items():
            kept = new.get((place, type_, name))
            stays = kept is not None and not _is_replaced(type_, user, kept) and type_ not in ENCRYPTED_ANEW
            if place == stack and stays and any(_at(user, path) == f"${{{address}.arn}}" for path in _paths(user)):
                yield f"{type_}.{name}"


def _first_missing(path: str, resource: Mapping[str, Any]) -> str:
    """Return the outermost argument on the way that is not there: a block goes with all that is in it."""
    there = _paths(resource)
    parts = path.split(".")
    ways = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    return next(way for way in ways if not any(other == way or other.startswith(f"{way}.") for other in there))


def _is_replaced(type_: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return any(_at(old, path) != _at(new, path) for path in UPDATES.get(type_, {}).get("replaces", ()))


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _paths(resource: Mapping[str, Any]) -> set[str]:
    return {path for key, value in resource.items() if key not in {*TERRAFORM, "//"} for path in leaves(value, key)}


def _resources(stacks: Mapping[str, Any]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    return {
        (stack, type_, name): resource
        for stack, document in stacks.items()
        for type_, of_type in document.get("resource", {}).items()
        for name, resource in of_type.items()
    }


def _good(base: Environment, path: tuple[Any, ...], value: Any) -> Environment | None:
    with collect_problems():
        changed: Environment = replaced(base, path, value)
    return None if list(nested_problems(changed)) else changed
