"""Promises of what works below jobs and tasks: instances, ECS and Batch themselves, and the network's log."""

from collections.abc import Iterator, Mapping
from typing import Any

from modules import arns
from modules.batch.settings.compute_environments import UnmanagedComputeEnvironment
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.ecs.settings.deployments import ShiftedDeployment
from modules.ecs.settings.managed_instances import ManagedInstancesCapacityProvider
from proofs.policies import Statement
from proofs.promises.promise import Promise, may, where
from proofs.promises.things import Things

EC2, ECS, BATCH, FLOW_LOGS = (f"{name}.amazonaws.com" for name in ("ec2", "ecs", "batch", "vpc-flow-logs"))
SESSION_MANAGER = "AmazonSSMManagedInstanceCore"
OF_EKS = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
OF_GROUP = ("service-role/AmazonEC2ContainerServiceforEC2Role",)
VOLUME_KEY = "Decrypt DescribeKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo"


def capacity_promises(things: Things) -> Iterator[tuple[str, Promise]]:
    """Yield the promise of each role that no program has, by the role's path."""
    for name, compute in things.environment.compute_environments.items():
        yield from _compute(things, f"compute_environments/{name}", compute, name)
    for name, cluster in things.environment.clusters.items():
        for provider_name, provider in cluster.capacity_providers.items():
            yield from _provider(things, f"clusters/{name}/capacity_providers/{provider_name}", provider)
    for name, service in things.environment.services.items():
        yield from _service(things, f"services/{name}", service)
    if getattr(things.environment.network, "flow_log_retention_days", None) is not None:
        called = things.environment.physical_name("network")
        group = arns.log_group(things.location, f"{called}-flow-logs")
        permissions = may("logs: CreateLogStream DescribeLogStreams PutLogEvents", f"{group}:*")
        yield "network/flow-logs/role", Promise((permissions,), (FLOW_LOGS,))


def _of_aws(things: Things, *names: str) -> frozenset[str]:
    return frozenset(arns.aws_policy(things.location, name) for name in names)


def _compute(things: Things, path: str, compute: Any, name: str) -> Iterator[tuple[str, Promise]]:
    unmanaged = isinstance(compute, UnmanagedComputeEnvironment) and compute.service_role_arn is None
    if getattr(compute, "dedicated_service_role", False) or unmanaged:
        yield (
            f"{path}/service-role/Resource",
            Promise((), (BATCH,), attached=_of_aws(things, "service-role/AWSBatchServiceRole")),
        )
    of_others = not hasattr(compute, "launch_template") or getattr(compute, "instance_count", 0) is None
    if of_others or getattr(compute, "instance_profile_arn", None):
        return
    managed = OF_EKS if isinstance(compute, EksCapacity) else ()
    agent = [] if managed else [*_agent(things, things.environment.physical_name(name, "compute_environments"))]
    yield from _instances(things, path, compute, managed, agent)


def _instances(
    things: Things, path: str, settings: Any, managed: tuple[str, ...], permissions: list[Statement]
) -> Iterator[tuple[str, Promise]]:
    """Yield the promise of instances: what their agent needs, their access, and a shell where they have one."""
    sessions = (SESSION_MANAGER,) if settings.launch_template.opens_sessions else ()
    attached = _of_aws(things, *managed, *sessions) | frozenset(settings.access.policy_arns)
    caches = things.environment.pull_through_prefixes if isinstance(settings, EksCapacity) else ()
    names = ["*" if prefix == "ROOT" else f"{prefix.rstrip('/')}/*" for prefix in caches]
    if names:
        filled = [arns.repository(things.location, name) for name in names]
        permissions = [*permissions, may("ecr: BatchImportUpstreamImage CreateRepository", filled)]
    every = (*permissions, *things.access(settings.access))
    yield f"{path}/instance-role/role", Promise(every, (EC2,), for_account=False, attached=attached)


def _agent(things: Things, called: str) -> Iterator[Statement]:
    """Yield what the ECS agent does in the cluster that Batch makes, which it calls after the compute environment."""
    location = things.location
    clusters = (f"AWSBatch-{called}-*", f"{called}-*_Batch_*")
    arns_of_clusters = [arns.cluster(location, name) for name in clusters]
    instances = [arns.container_instance(location, f"{name}/*") for name in clusters]
    tasks = [arns.tasks(location, name) for name in clusters]
    yield may("ec2: DescribeTags", "*")
    yield may("ecs: DiscoverPollEndpoint", "*")
    submits = "SubmitAttachmentStateChanges SubmitContainerStateChange SubmitTaskStateChange"
    yield may(f"ecs: DeregisterContainerInstance RegisterContainerInstance {submits}", arns_of_clusters)
    inside = where(ArnLike={"ecs:cluster": arns_of_clusters})
    work = "ecs: Poll StartTelemetrySession UpdateContainerInstancesState"
    yield may(work, arns.container_instance(location, "*"), inside)
    at_start = where(StringEquals={"ecs:CreateAction": "RegisterContainerInstance"})
    yield may("ecs: TagResource", instances, at_start)
    yield may("ecs: ListTagsForResource", [*instances, *tasks])


def _provider(things: Things, path: str, provider: Any) -> Iterator[tuple[str, Promise]]:
    if isinstance(provider, ManagedInstancesCapacityProvider):
        permissions: tuple[Statement, ...] = ()
        if provider.instance_profile_arn is None:
            role = f"{path}/instance-role/role"
            managed = _of_aws(things, "AmazonECSInstanceRolePolicyForManagedInstances")
            yield role, Promise((), (EC2,), for_account=False, attached=managed)
            passed = where(StringEquals={"iam:PassedToService": EC2})
            permissions = (may("iam: PassRole", things.made("aws_iam_role", role), passed),)
        if provider.infrastructure_role_arn is None:
            managed = _of_aws(things, "AmazonECSInfrastructureRolePolicyForManagedInstances")
            yield f"{path}/infrastructure-role/role", Promise(permissions, (ECS,), for_account=False, attached=managed)
    elif hasattr(provider, "launch_template") and not getattr(provider, "instance_profile_arn", None):
        yield from _instances(things, path, provider, OF_GROUP, [])


def _service(things: Things, path: str, service: Any) -> Iterator[tuple[str, Promise]]:
    deployment, volume = getattr(service, "deployment", None), getattr(service, "ebs_volume", None)
    shifted = isinstance(deployment, ShiftedDeployment)
    policies = {
        "AmazonECSInfrastructureRolePolicyForLoadBalancers": shifted,
        "service-role/AmazonECSInfrastructureRolePolicyForVolumes": volume is not None,
    }
    if any(policies.values()) and service.infrastructure_role_arn is None:
        managed = _of_aws(things, *(name for name, needed in policies.items() if needed))
        permissions = tuple(_volume_key(volume.kms_key_arn)) if volume and volume.kms_key_arn else ()
        yield f"{path}/infrastructure-role/role", Promise(permissions, (ECS,), for_account=False, attached=managed)
    hooks: Mapping[str, Any] = deployment.lifecycle_hooks if isinstance(deployment, ShiftedDeployment) else {}
    if hooks and isinstance(deployment, ShiftedDeployment) and deployment.hook_role_arn is None:
        called = {things.environment.functions[hook.function].function_arn for hook in hooks.values()}
        yield f"{path}/hook-role", Promise((may("lambda: InvokeFunction", sorted(called)),), (ECS,))


def _volume_key(key_arn: str) -> Iterator[Statement]:
    """Yield what ECS needs to make volumes with somebody's key: to use it, and to let EC2 use it."""
    yield may(f"kms: {VOLUME_KEY}", key_arn)
    yield may("kms: CreateGrant", key_arn, where(Bool={"kms:GrantIsForAWSResource": "true"}))
