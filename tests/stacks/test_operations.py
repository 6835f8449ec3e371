"""What watches an environment, in a stack that is applied after all others."""

import json
from functools import cache
from typing import Any

from cdktf import App

from modules.cloudwatch.alarm_settings import Alarms
from modules.cloudwatch.event_log_settings import EventLog
from modules.efs.settings import AccessPointSettings, BurstingThroughput, FileSystemSettings
from modules.operations.settings import Operations
from modules.sns.new_topic import NewTopic
from modules.sns.settings import ExistingTopic
from modules.sqs.settings import MessageQueueSettings
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.layout import OneStack
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.modules.ecs.samples import cluster_settings
from tests.policies import statements
from tests.problems import refused
from tests.stacks.environments import empty_environment, environment
from tests.synthesized import synthesized

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
        clusters={"main": cluster_settings()},
        operations=Operations(events=EventLog(retention_days=90), alarms=Alarms()),
    )
    stack = platform(settings).node.find_child("test-operations")
    assert isinstance(stack, PlatformStack)
    return stack, Synthesized(stack)


def parts(settings: Environment) -> list[str]:
    return [child.node.id for child in platform(settings).node.children]


def test_nothing_is_watched_unless_it_is_asked_for() -> None:
    assert "test-operations" not in parts(environment())
    queues = {"a": MessageQueueSettings(visibility_timeout_seconds=30)}
    assert parts(empty_environment(queues=queues, operations=Operations(dashboard=False, resource_group=False))) == [
        "test-queues"
    ]
    assert parts(empty_environment(operations=Operations(alarms=Alarms()))) == []
    assert "test-operations" in parts(empty_environment(queues=queues, operations=Operations(alarms=Alarms())))


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


def test_alarms_publish_to_the_topic_that_is_made_when_they_go_off_and_when_it_is_over() -> None:
    _, stack = operated()
    topic = f"${{{stack.address('aws_sns_topic', 'terrabatch-test-alarms')}.arn}}"
    alarms = stack.all("aws_cloudwatch_metric_alarm")
    assert len(alarms) > 10
    assert {tuple(alarm[kind]) for alarm in alarms for kind in ("alarm_actions", "ok_actions")} == {(topic,)}
    (blocked,) = [alarm for alarm in alarms if alarm["alarm_name"] == "terrabatch-test-queue-blocked-light"]
    assert "docs/runbook.md#queue-blocked" in blocked["alarm_description"]
    assert blocked["metric_query"][0]["metric"]["namespace"] == "terrabatch/test"


def test_the_environment_has_an_alarm_that_is_on_while_any_other_is() -> None:
    _, stack = operated()
    whole = stack.one("aws_cloudwatch_composite_alarm")
    assert whole["alarm_name"] == "terrabatch-test-operations"
    assert whole["alarm_rule"].count("ALARM(") == len(stack.all("aws_cloudwatch_metric_alarm"))
    assert stack.document["output"]["operations"]["value"]["alarm"] == "terrabatch-test-operations"


def test_a_topic_of_others_is_published_to_as_it_is() -> None:
    arn = "arn:aws:sns:us-east-1:111122223333:on-call"
    topics = {"on-call": ExistingTopic(topic_arn=arn)}
    stacks = synthesized(environment(topics=topics, operations=Operations(alarms=Alarms(topic="on-call"))))
    made = stacks["test-operations"]["resource"]
    assert "aws_sns_topic" not in made
    assert {alarm["alarm_actions"][0] for alarm in made["aws_cloudwatch_metric_alarm"].values()} == {arn}
    outputs = [stack["output"].get("topic_policies") for stack in stacks.values() if "output" in stack]
    (policies,) = [output["value"] for output in outputs if output]
    assert statements(policies["on-call"]) == {
        "PublishFromCloudwatch": {
            "Effect": "Allow",
            "Action": "sns:Publish",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Resource": arn,
            "Condition": {
                "ArnEquals": {"aws:SourceArn": ["arn:aws:cloudwatch:us-east-1:111122223333:alarm:terrabatch-test-*"]}
            },
        }
    }


def test_a_topic_that_is_not_made_is_not_described() -> None:
    assert refused(Alarms, topic="on-call", new_topic=NewTopic()) == ["new_topic: got a NewTopic"]


def test_ids_that_aws_gives_are_read_from_the_stacks_that_make_them() -> None:
    points = {"all": AccessPointSettings(path="/all", uid=1_000, gid=1_000)}
    slow = FileSystemSettings(access_points=points, throughput=BurstingThroughput(), infrequent_access_after_days=None)
    changes: dict[str, Any] = {"file_systems": {"slow": slow}, "operations": Operations(alarms=Alarms())}
    stack = platform(environment(**changes)).node.find_child("test-operations")
    assert isinstance(stack, PlatformStack)
    made = Synthesized(stack)
    assert dimension(made, "terrabatch-test-burst-credits-slow") == {"FileSystemId": "${local.file_systems_slow_id}"}
    assert dimension(made, "terrabatch-test-nat-ports-a") == {
        "NatGatewayId": "${local.network_nat_gateway_ids_us-east-1a}"
    }
    alone = platform(environment(layout=OneStack(), **changes)).node.find_child("test-platform")
    assert isinstance(alone, PlatformStack)
    assert dimension(Synthesized(alone), "terrabatch-test-nat-ports-a")["NatGatewayId"].startswith("${aws_nat_gateway.")


def dimension(stack: Synthesized, name: str) -> dict[str, str]:
    (alarm,) = [item for item in stack.all("aws_cloudwatch_metric_alarm") if item["alarm_name"] == name]
    found: dict[str, str] = alarm["metric_query"][0]["metric"]["dimensions"]
    return found
