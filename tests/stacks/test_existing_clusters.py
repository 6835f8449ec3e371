"""What runs in somebody else's cluster is what runs in a made one: nothing more, nothing less, nothing else."""

import pytest

from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import AnyClusterSettings, ClusterSettings, ExecuteCommand
from modules.ecs.settings.existing_clusters import ExistingExecuteCommand, ExistingNamespace
from modules.ecs.settings.exposure import DnsDiscovery, ServiceConnect
from modules.ecs.settings.managed_instances import Amount, ExistingManagedInstances
from modules.ecs.settings.services import DaemonService
from modules.kms.settings import ExistingKmsKey
from stacks.environment import Environment
from tests.modules.ecs.samples import (
    ec2_container,
    ec2_task,
    existing_cluster,
    fargate_container,
    fargate_task,
    group_provider,
    managed_provider,
    shared_provider,
    web_task,
    worker_settings,
)
from tests.problems import refused
from tests.stacks.rules.service_samples import replicas, run_task, with_cluster
from tests.stacks.twins import beside, documents, made_of

HERE = "us-east-1:111122223333"
KEY = f"arn:aws:kms:{HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NAMESPACE = f"arn:aws:servicediscovery:{HERE}:namespace/ns-0123456789abcdef"
GPU = [CapacityShare(provider="gpu")]
SHELL = fargate_task(containers={"worker": fargate_container(read_only_root_filesystem=False)})
AGENT = {"vcpus": 0.25, "memory_mib": 256, "network_mode": "host", "containers": {"agent": ec2_container()}}

MADE = ClusterSettings(
    default_capacity=GPU,
    capacity_providers={"gpu": group_provider(), "managed": managed_provider()},
    execute_command=ExecuteCommand(kms_key=ExistingKmsKey(key_arn=KEY)),
    namespace="test.internal",
)
EXISTING = existing_cluster(
    cluster_arn=f"arn:aws:ecs:{HERE}:cluster/tb-test-main",
    capacity_providers={
        "gpu": shared_provider(capacity_provider_name="tb-test-main-gpu"),
        "managed": ExistingManagedInstances(
            capacity_provider_name="tb-test-main-managed", vcpus=Amount(min=2, max=8), memory_mib=Amount(min=4_096)
        ),
    },
    execute_command=ExistingExecuteCommand(
        log_group_arn=f"arn:aws:logs:{HERE}:log-group:/aws/ecs/tb-test-main/exec", kms_key_arn=KEY
    ),
    namespace=ExistingNamespace(namespace_arn=NAMESPACE, domain="test.internal"),
)
# What a reference to the made cluster and its parts stands for.
MEANT = {
    r"\$\{aws_ecs_cluster\.[^}]*\.arn\}": EXISTING.cluster_arn,
    r"\$\{aws_ecs_cluster\.[^}]*\.name\}": "tb-test-main",
    r"\$\{aws_ecs_capacity_provider\.[^}]*_gpu_[^}]*\.name\}": "tb-test-main-gpu",
    r"\$\{aws_ecs_capacity_provider\.[^}]*_managed_[^}]*\.name\}": "tb-test-main-managed",
    r"\$\{aws_service_discovery_private_dns_namespace\.[^}]*\.arn\}": NAMESPACE,
    r"\$\{aws_service_discovery_private_dns_namespace\.[^}]*\.id\}": "ns-0123456789abcdef",
    r"\$\{aws_cloudwatch_log_group\.clusters_[^}]*\.arn\}": f"arn:aws:logs:{HERE}:log-group:/aws/ecs/tb-test-main/exec",
}


def running_in(cluster: AnyClusterSettings) -> Environment:
    """Return an environment with services and tasks of every kind there."""
    fargate = [CapacityShare(provider="FARGATE")]
    worker_task = ec2_task(vcpus=0.5, memory_mib=512, containers={"worker": ec2_container()})
    return with_cluster(
        clusters={"main": cluster},
        services={
            "api": replicas(capacity=fargate, discovery=DnsDiscovery()),
            "caller": replicas(task=SHELL, capacity=fargate, execute_command=True).model_copy(
                update={"discovery": ServiceConnect()}
            ),
            "model": replicas(task=ec2_task(vcpus=2), discovery=ServiceConnect()),
            "agent": DaemonService(cluster="main", task=ec2_task(**AGENT)),
            "embed": worker_settings(task=worker_task),
            "small": replicas(task=worker_task, capacity=[CapacityShare(provider="managed")]),
        },
        task_definitions={"index": run_task(task=web_task(), capacity=fargate)},
    )


def test_services_and_tasks_are_the_same_whoever_owns_the_cluster() -> None:
    made, theirs = documents(running_in(MADE), MEANT), documents(running_in(EXISTING), MEANT)
    assert made_of(made, "clusters_")
    assert made_of(theirs, "clusters_") == []
    assert beside(theirs, "clusters_") == beside(made, "clusters_")


@pytest.mark.parametrize("cluster", [MADE, EXISTING], ids=["made", "existing"])
def test_tasks_are_fitted_to_managed_instances_alike(cluster: AnyClusterSettings) -> None:
    def with_task(vcpus: float) -> Environment:
        task = ec2_task(vcpus=vcpus, memory_mib=2_048, containers={"worker": ec2_container()})
        worker = worker_settings(task=task, capacity=[CapacityShare(provider="managed")])
        return with_cluster(clusters={"main": cluster}, services={"small": worker})

    assert with_task(8)
    assert refused(with_task, vcpus=9) == ["clusters.main.capacity_providers.managed.vcpus: 9, got 8"]
