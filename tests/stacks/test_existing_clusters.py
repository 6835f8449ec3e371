"""What runs in somebody else's cluster is what runs in a made one: nothing more, nothing less, nothing else."""

import json
import re
from typing import Any

from cdktf import App

from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import AnyClusterSettings, ClusterSettings, ExecuteCommand
from modules.ecs.settings.existing_clusters import ExistingExecuteCommand, ExistingNamespace
from modules.ecs.settings.exposure import DnsDiscovery, ServiceConnect
from modules.ecs.settings.services import DaemonService
from modules.kms.settings import ExistingKmsKey
from stacks.base import PlatformStack
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.modules.ecs.samples import (
    ec2_container,
    ec2_task,
    existing_cluster,
    fargate_container,
    fargate_task,
    group_provider,
    shared_provider,
    web_task,
    worker_settings,
)
from tests.stacks.rules.service_samples import environment, replicas, run_task

HERE = "us-east-1:111122223333"
KEY = f"arn:aws:kms:{HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NAMESPACE = f"arn:aws:servicediscovery:{HERE}:namespace/ns-0123456789abcdef"
GPU = [CapacityShare(provider="gpu")]
SHELL = fargate_task(containers={"worker": fargate_container(read_only_root_filesystem=False)})
AGENT = {"vcpus": 0.25, "memory_mib": 256, "network_mode": "host", "containers": {"agent": ec2_container()}}

MADE = ClusterSettings(
    default_capacity=GPU,
    capacity_providers={"gpu": group_provider()},
    execute_command=ExecuteCommand(kms_key=ExistingKmsKey(key_arn=KEY)),
    namespace="test.internal",
)
EXISTING = existing_cluster(
    cluster_arn=f"arn:aws:ecs:{HERE}:cluster/tb-test-main",
    capacity_providers={"gpu": shared_provider(capacity_provider_name="tb-test-main-gpu")},
    execute_command=ExistingExecuteCommand(
        log_group_arn=f"arn:aws:logs:{HERE}:log-group:/aws/ecs/tb-test-main/exec", kms_key_arn=KEY
    ),
    namespace=ExistingNamespace(namespace_arn=NAMESPACE, domain="test.internal"),
)
# What a reference to the made cluster and its parts stands for.
MEANT = {
    r"\$\{aws_ecs_cluster\.[^}]*\.arn\}": EXISTING.cluster_arn,
    r"\$\{aws_ecs_cluster\.[^}]*\.name\}": "tb-test-main",
    r"\$\{aws_ecs_capacity_provider\.[^}]*\.name\}": "tb-test-main-gpu",
    r"\$\{aws_service_discovery_private_dns_namespace\.[^}]*\.arn\}": NAMESPACE,
    r"\$\{aws_service_discovery_private_dns_namespace\.[^}]*\.id\}": "ns-0123456789abcdef",
    r"\$\{aws_cloudwatch_log_group\.clusters_[^}]*\.arn\}": f"arn:aws:logs:{HERE}:log-group:/aws/ecs/tb-test-main/exec",
}


def running_in(cluster: AnyClusterSettings) -> dict[str, Any]:
    """Return all that a stack has of services and tasks, by address, and its outputs; the cluster's own left out."""
    app = App(stack_traces=False)
    whole = environment(
        clusters={"main": cluster},
        services={
            "api": replicas(capacity=[CapacityShare(provider="FARGATE")], discovery=DnsDiscovery()),
            "caller": replicas(
                task=SHELL, capacity=[CapacityShare(provider="FARGATE")], execute_command=True
            ).model_copy(update={"discovery": ServiceConnect()}),
            "model": replicas(task=ec2_task(vcpus=2), discovery=ServiceConnect()),
            "agent": DaemonService(cluster="main", task=ec2_task(**AGENT)),
            "embed": worker_settings(task=ec2_task(vcpus=0.5, memory_mib=512, containers={"worker": ec2_container()})),
        },
        task_definitions={
            "index": run_task(
                task=web_task(),
                capacity=[CapacityShare(provider="FARGATE")],
            )
        },
    )
    build_platform(app, whole)
    stack = app.node.find_child("test-services")
    assert isinstance(stack, PlatformStack)
    document = Synthesized(stack).document
    text = json.dumps([document["resource"], document["output"]])
    for pattern, meant in MEANT.items():
        text = re.sub(pattern, meant, text)
    resources, outputs = json.loads(text)
    found = {
        f"{type_}.{id_}": resource
        for type_, items in resources.items()
        for id_, resource in items.items()
        if not id_.startswith("clusters_")
    }
    for resource in found.values():
        needs = [item for item in resource.get("depends_on", ()) if ".clusters_" not in item]
        resource["depends_on"] = needs
    return {"outputs": outputs} | found


def test_services_and_tasks_are_the_same_whoever_owns_the_cluster() -> None:
    made, theirs = running_in(MADE), running_in(EXISTING)
    assert {"aws_ecs_service", "aws_ecs_task_definition", "aws_appautoscaling_target", "aws_iam_role_policy"} <= {
        address.partition(".")[0] for address in made
    }
    assert theirs == made


def test_nothing_is_made_of_somebody_elses_cluster() -> None:
    app = App(stack_traces=False)
    build_platform(
        app,
        environment(
            clusters={"main": EXISTING}, services={"api": replicas(capacity=[CapacityShare(provider="FARGATE")])}
        ),
    )
    stack = app.node.find_child("test-services")
    assert isinstance(stack, PlatformStack)
    resources = Synthesized(stack).document["resource"]
    assert [id_ for items in resources.values() for id_ in items if id_.startswith("clusters_")] == []
