"""What watches an environment, in a stack that is applied after all others."""

import json
from functools import cache
from typing import Any

from cdktf import App

from modules.cloudwatch.event_log_settings import EventLog
from modules.operations.settings import Operations
from modules.sqs.settings import MessageQueueSettings
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.modules.ecs.samples import cluster_settings
from tests.stacks.environments import empty_environment, environment

GROUP = "/aws/events/terrabatch-test-operations"
RULES = [f"terrabatch-test-operations-{rule}" for rule in ("jobs", "services", "tasks")]


def platform(settings: Environment) -> App:
    app = App(stack_traces=False)
    build_platform(app, settings)
    return app


@cache
def operated() -> tuple[PlatformStack, Synthesized]:
    """Return the stack of an environment with jobs and services."""
    settings = environment(
        clusters={"main": cluster_settings()}, operations=Operations(events=EventLog(retention_days=90))
    )
    stack = platform(settings).node.find_child("test-operations")
    assert isinstance(stack, PlatformStack)
    return stack, Synthesized(stack)


def parts(settings: Environment) -> list[str]:
    return [child.node.id for child in platform(settings).node.children]


def test_nothing_is_watched_unless_it_is_asked_for() -> None:
    assert "test-operations" not in parts(environment())
    queues = {"a": MessageQueueSettings(visibility_timeout_seconds=30)}
    assert parts(empty_environment(queues=queues, operations=Operations())) == ["test-queues"]


def test_it_is_applied_after_everything_else() -> None:
    others = sorted(item.node.id for item in operated()[0].dependencies)
    assert others == ["test-batch", "test-network", "test-queues", "test-services", "test-storage"]


def test_rules_write_to_the_log_group_which_lets_them_and_nobody_else() -> None:
    _, stack = operated()
    group = stack.one("aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == (GROUP, 90)
    assert [rule["name"] for rule in stack.all("aws_cloudwatch_event_rule")] == RULES
    address = stack.address("aws_cloudwatch_log_group", GROUP)
    assert {target["arn"] for target in stack.all("aws_cloudwatch_event_target")} == {f"${{{address}.arn}}"}
    policy = stack.one("aws_cloudwatch_log_resource_policy")
    streams, events = json.loads(policy["policy_document"])["Statement"]
    group_arn = f"arn:aws:logs:us-east-1:111122223333:log-group:{GROUP}:*"
    assert [item["Resource"] for item in (streams, events)] == [group_arn, group_arn]
    assert (streams["Action"], events["Action"]) == ("logs:CreateLogStream", "logs:PutLogEvents")
    assert events["Condition"]["ArnEquals"]["aws:SourceArn"] == [
        f"arn:aws:events:us-east-1:111122223333:rule/{rule}" for rule in RULES
    ]
    for target in stack.all("aws_cloudwatch_event_target"):
        assert target["depends_on"] == [f"aws_cloudwatch_log_resource_policy.{policy_id(stack)}"]


def policy_id(stack: Synthesized) -> str:
    (id_,) = stack.document["resource"]["aws_cloudwatch_log_resource_policy"]
    return str(id_)


def test_metrics_are_the_environment_s_own() -> None:
    _, stack = operated()
    filters: dict[str, Any] = {item["name"]: item for item in stack.all("aws_cloudwatch_log_metric_filter")}
    assert filters["Jobs"]["metric_transformation"] == {
        "name": "Jobs",
        "namespace": "terrabatch/test",
        "value": "1",
        "unit": "Count",
        "dimensions": {"JobQueue": "$.detail.jobQueue", "Status": "$.detail.status"},
    }
    assert filters["RunEnd"]["metric_transformation"]["value"] == "$.detail.stoppedAt"
    lost = {name: item["metric_transformation"]["name"] for name, item in filters.items() if "Spot" in name}
    assert lost == {f"SpotLosses-{number}": "SpotLosses" for number in range(1, 11)}


def test_what_nothing_tells_of_has_no_metric() -> None:
    stack = platform(environment(operations=Operations())).node.find_child("test-operations")
    assert isinstance(stack, PlatformStack)
    names = {item["name"] for item in Synthesized(stack).all("aws_cloudwatch_log_metric_filter")}
    assert "Jobs" in names
    assert not names & {"TasksStopped", "DeploymentsFailed"}


def test_queries_are_kept_in_a_folder_of_the_environment() -> None:
    _, stack = operated()
    queries = stack.all("aws_cloudwatch_query_definition")
    assert {query["name"].rpartition("/")[0] for query in queries} == {"terrabatch-test-operations"}
