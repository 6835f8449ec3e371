"""The services stack of a platform: what is in it, what it hands on, and what its tasks may use."""

import json
from typing import Any

import pytest
from cdktf import App

from modules.containers.settings import FileSystemMount
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import DaemonService, ReplicaService
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.iam.access_settings import Access, BucketAccess
from modules.s3.settings import BucketSettings
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from modules.vpc.settings import ExistingNetwork
from stacks.environment import Environment
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.modules.ecs.samples import (
    cluster_settings,
    ec2_task,
    fargate_container,
    fargate_task,
    web_task,
    worker_settings,
)
from tests.policies import statements
from tests.stacks.environments import empty_environment

WEIGHTS = FileSystemMount(container_path="/models", file_system="weights", access_point="models")
CACHE = FileSystemMount(container_path="/cache", file_system="weights", access_point="cache", read_only=False)
TASK = fargate_task(
    access=Access(
        read=[BucketAccess(bucket="data", prefix="incoming/")],
        write=[BucketAccess(bucket="data", prefix="embeddings/")],
        send=["results"],
    ),
    containers={
        "worker": fargate_container(image=RepositoryImage(repository="embed", tag="1"), mounts=[WEIGHTS, CACHE])
    },
)


def with_storage(**changes: Any) -> Environment:
    values: dict[str, Any] = {
        "project": "tb",
        "network": ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567", "subnet-89abcdef"]),
        "queues": {
            "documents": MessageQueueSettings(visibility_timeout_seconds=60),
            "results": MessageQueueSettings(visibility_timeout_seconds=60),
            "theirs": ExistingQueue(
                queue_arn="arn:aws:sqs:us-east-1:111122223333:theirs", visibility_timeout_seconds=60
            ),
        },
        "buckets": {"data": BucketSettings()},
        "repositories": {"embed": RepositorySettings()},
        "file_systems": {
            "weights": FileSystemSettings(
                access_points={
                    "models": AccessPointSettings(path="/models", uid=1, gid=1),
                    "cache": AccessPointSettings(path="/cache", uid=1, gid=1),
                }
            )
        },
        "clusters": {"main": cluster_settings()},
    }
    return empty_environment(**values | changes)


def services(**changes: Any) -> Synthesized:
    """Return the services stack of a platform."""
    app = App(stack_traces=False)
    build_platform(app, with_storage(**changes))
    return Synthesized(app.node.find_child("test-services"))  # type: ignore[arg-type]


def output(stack: Synthesized, name: str) -> Any:
    return stack.document["output"][name]["value"]


def test_without_clusters_there_is_no_stack() -> None:
    app = App(stack_traces=False)
    build_platform(app, with_storage(clusters={}))
    assert app.node.try_find_child("test-services") is None


def test_a_cluster_a_service_and_a_task_may_have_the_same_short_name() -> None:
    stack = services(
        services={"main": worker_settings(queue="documents")},
        task_definitions={"other": RunTaskDefinition(cluster="main", task=fargate_task())},
    )
    assert stack.one("aws_ecs_service")["name"] == "tb-test-main"
    assert output(stack, "clusters")["main"]["name"] == f"${{{stack.address('aws_ecs_cluster', 'tb-test-main')}.name}}"


def test_another_entry_changes_no_resource() -> None:
    few = services(services={"embed": worker_settings(queue="documents")})
    more = services(
        services={
            "a": ReplicaService(cluster="main", task=web_task(), tasks=FixedTasks(count=1)),
            "embed": worker_settings(),
        },
        task_definitions={"index": RunTaskDefinition(cluster="main", task=fargate_task())},
    )
    for type_, items in few.document["resource"].items():
        assert items.items() <= more.document["resource"][type_].items()


def test_a_task_may_use_what_its_access_says_and_mount_what_it_mounts() -> None:
    stack = services(services={"embed": worker_settings(queue="documents", task=TASK)})
    role = stack.address("aws_iam_role", "tb-test-embed-task")
    policies = {
        policy["name"]: statements(policy["policy"])
        for policy in stack.all("aws_iam_role_policy")
        if policy["role"] == f"${{{role}.name}}"
    }
    actions = {
        name: sorted(action for statement in found.values() for action in _many(statement["Action"]))
        for name, found in policies.items()
    }
    assert {name: items for name, items in actions.items() if "s3" not in str(items)} == {
        "consume-documents": [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
        ],
        "send-results": ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"],
        "read-weights.models": ["elasticfilesystem:ClientMount"],
        "write-weights.cache": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        "protect-task": ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
    }
    allowed = {action for items in actions.values() for action in items}
    assert {"s3:GetObject", "s3:PutObject"} <= allowed
    assert not {"s3:DeleteObject", "sqs:PurgeQueue"} & allowed


def test_a_service_starts_when_its_tasks_have_their_permissions_and_goes_before_they_lose_them() -> None:
    task = TASK.model_copy(
        update={"access": Access(send=["results"], policy_arns=["arn:aws:iam::111122223333:policy/tables"])}
    )
    stack = services(services={"embed": worker_settings(queue="documents", task=task)})
    needed = [
        f"{type_}.{id_}"
        for type_ in ("aws_iam_role_policy", "aws_iam_role_policy_attachment")
        for id_ in stack.document["resource"][type_]
        if id_.startswith("services_embed_")
    ]
    # Start, consume, send, protect, read and write files; and the policy of one's own.
    assert len(needed) == 7
    assert set(needed) < set(stack.one("aws_ecs_service")["depends_on"])


def test_a_task_that_asks_for_nothing_may_do_nothing() -> None:
    stack = services(task_definitions={"index": RunTaskDefinition(cluster="main", task=fargate_task())})
    role = stack.address("aws_iam_role", "tb-test-index-task")
    assert not [item for item in stack.all("aws_iam_role_policy") if item["role"] == f"${{{role}.name}}"]


def test_somebody_elses_queue_can_be_worked_on() -> None:
    stack = services(services={"embed": worker_settings(queue="theirs")})
    (container,) = json.loads(stack.one("aws_ecs_task_definition")["container_definitions"])
    assert container["environment"] == [
        {"name": "QUEUE_URL", "value": "https://sqs.us-east-1.amazonaws.com/111122223333/theirs"}
    ]


def test_services_say_where_they_log_and_answer() -> None:
    balanced = OwnLoadBalancer(port="http", allowed_cidr_blocks=["10.0.0.0/16"])
    stack = services(
        services={
            "api": ReplicaService(cluster="main", task=web_task(), tasks=FixedTasks(count=1), load_balancing=balanced),
            "agent": DaemonService(cluster="main", task=ec2_task(network_mode="host")),
            "embed": worker_settings(),
        }
    )
    assert output(stack, "services") == {
        name: {
            "arn": f"${{{stack.address('aws_ecs_service', f'tb-test-{name}')}.arn}}",
            "cluster": f"${{{stack.address('aws_ecs_service', f'tb-test-{name}')}.cluster}}",
            "name": f"${{{stack.address('aws_ecs_service', f'tb-test-{name}')}.name}}",
            "task_role_arn": f"${{{stack.address('aws_iam_role', f'tb-test-{name}-task')}.arn}}",
            "execution_role_arn": f"${{{stack.address('aws_iam_role', f'tb-test-{name}-task-execution')}.arn}}",
            "log_group": f"${{{stack.address('aws_cloudwatch_log_group', f'/aws/ecs/tb-test-{name}')}.name}}",
            **({"dns_name": f"${{{stack.address('aws_lb', 'tb-test-api')}.dns_name}}"} if name == "api" else {}),
        }
        for name in ("agent", "api", "embed")
    }


def test_clusters_say_what_their_capacity_providers_are_called() -> None:
    stack = services()
    assert output(stack, "clusters")["main"]["capacity_providers"] == {
        name: f"${{{stack.address('aws_ecs_capacity_provider', f'tb-test-main-{name}')}.name}}"
        for name in ("gpu", "managed")
    }


def test_tasks_to_run_say_how() -> None:
    stack = services(
        task_definitions={
            "index": RunTaskDefinition(
                cluster="main",
                task=fargate_task(),
            )
        }
    )
    index = output(stack, "run_tasks")["index"]
    request = json.loads(index["run_task_request"])
    assert (request["cluster"], request["taskDefinition"]) == ("tb-test-main", "tb-test-index")
    script = output(stack, "run_task_script")
    assert "\nindex)\n  task=$(aws ecs run-task --region us-east-1 --cli-input-json '{" in script
    assert index["arn"].endswith(".arn}")


def test_without_entries_there_are_no_outputs_of_them() -> None:
    assert set(services().document["output"]) == {"clusters"}


@pytest.mark.parametrize("production", [True, False])
def test_production_keeps_its_load_balancers(production: bool) -> None:
    balanced = OwnLoadBalancer(
        port="http",
        allowed_cidr_blocks=["10.0.0.0/16"],
        certificate_arn="arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
    )
    api = ReplicaService(cluster="main", task=web_task(), tasks=FixedTasks(count=1), load_balancing=balanced)
    stack = services(production=production, services={"api": api})
    assert stack.one("aws_lb")["enable_deletion_protection"] is production


def test_two_clusters_have_capacity_of_their_own() -> None:
    stack = services(
        clusters={
            "a": cluster_settings(),
            "b": cluster_settings(namespace=None, default_capacity=[CapacityShare(provider="gpu")]),
        }
    )
    assert sorted(item["name"] for item in stack.all("aws_ecs_capacity_provider")) == [
        "tb-test-a-gpu",
        "tb-test-a-managed",
        "tb-test-b-gpu",
        "tb-test-b-managed",
    ]


def _many(actions: str | list[str]) -> list[str]:
    return [actions] if isinstance(actions, str) else actions
