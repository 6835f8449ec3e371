"""Queue workers: what is emitted is what the simulation drives, and what a worker needs of its queue and of ECS."""

import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.cloudwatch.metrics import MAX_QUERIES, Expression, Metric
from modules.ecs import backlog_metrics, backlog_scaling
from modules.ecs.queue_worker import QueueWorker
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.deployments import RollingDeployment
from modules.ecs.settings.scaling import ScheduledScaling
from modules.iam.policy import allow
from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import ExistingQueue
from tests.conftest import Synthesized
from tests.modules.ecs.samples import (
    ec2_task,
    fargate_container,
    fargate_task,
    placement,
    worker_settings,
)
from tests.policies import findings, statements
from tests.simulator import Request, is_allowed

QUEUE = ExistingQueue(
    queue_arn="arn:aws:sqs:us-east-1:111122223333:tb-test-documents",
    kms_key_arn="arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555",
    visibility_timeout_seconds=300,
)
URL = "https://sqs.us-east-1.amazonaws.com/111122223333/tb-test-documents"


def worker(stack: TerraformStack, **changes: Any) -> Synthesized:
    define_worker(stack, **changes)
    return Synthesized(stack)


def define_worker(stack: TerraformStack, **changes: Any) -> QueueWorker:
    queues = {"documents": MessageQueue.from_queue_arn(stack, "documents", settings=QUEUE)}
    return QueueWorker(
        stack,
        "embed",
        name="tb-test-embed",
        settings=worker_settings(**changes),
        placement=placement(stack, shares=changes.get("capacity", ()), queues=queues),
    )


def service(synthesized: Synthesized) -> dict[str, Any]:
    return synthesized.one("aws_ecs_service")


def policy(synthesized: Synthesized, name: str) -> dict[str, Any]:
    return synthesized.named("aws_appautoscaling_policy", f"tb-test-embed-{name}")


def alarm(synthesized: Synthesized, name: str) -> dict[str, Any]:
    (found,) = [
        item for item in synthesized.all("aws_cloudwatch_metric_alarm") if item["alarm_name"] == f"tb-test-embed-{name}"
    ]
    return found


def queries(emitted: list[dict[str, Any]]) -> list[Metric | Expression]:
    """Return the queries of a policy or an alarm as the simulation knows them."""
    found: list[Metric | Expression] = []
    for item in emitted:
        if "expression" in item:
            found.append(Expression(item["id"], item["expression"]))
            continue
        metric = item.get("metric") or item["metric_stat"]["metric"]
        dimensions = metric["dimensions"]
        if isinstance(dimensions, list):
            dimensions = {dimension["name"]: dimension["value"] for dimension in dimensions}
        found.append(Metric(item["id"], metric["namespace"], metric["metric_name"], dimensions))
    return found


def expected_metrics(synthesized: Synthesized) -> list[Metric]:
    cluster = f"${{{synthesized.address('aws_ecs_cluster', 'tb-test-main')}.name}}"
    name = f"${{{synthesized.address('aws_ecs_service', 'tb-test-embed')}.name}}"
    return [
        Metric("visible", "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": "tb-test-documents"}),
        Metric("in_flight", "AWS/SQS", "ApproximateNumberOfMessagesNotVisible", {"QueueName": "tb-test-documents"}),
        Metric("tasks", "ECS/ContainerInsights", "DesiredTaskCount", {"ClusterName": cluster, "ServiceName": name}),
    ]


def test_the_backlog_per_task_that_is_tracked_is_the_one_that_is_simulated(stack: TerraformStack) -> None:
    synthesized = worker(stack)
    tracking = policy(synthesized, "backlog")["target_tracking_scaling_policy_configuration"]
    emitted = tracking["customized_metric_specification"]["metrics"]
    assert queries(emitted) == [*expected_metrics(synthesized), *backlog_metrics.backlog_per_task(75, 1)]
    assert [item["return_data"] for item in emitted] == [False] * (len(emitted) - 1) + [True]
    assert all(item["metric_stat"]["stat"] == "Average" for item in emitted if "metric_stat" in item)
    assert (tracking["target_value"], tracking["scale_out_cooldown"], tracking["scale_in_cooldown"]) == (75, 300, 300)
    assert "disable_scale_in" not in tracking


def test_the_target_and_the_share_of_a_task_follow_from_what_it_does_at_once(stack: TerraformStack) -> None:
    tracking = policy(worker(stack, messages_at_once=4), "backlog")["target_tracking_scaling_policy_configuration"]
    emitted = tracking["customized_metric_specification"]["metrics"]
    assert tracking["target_value"] == 300
    assert queries(emitted)[3:] == list(backlog_metrics.backlog_per_task(300, 4))


def test_a_worker_starts_tasks_for_its_share_of_the_queue_and_always_for_the_first_message(
    stack: TerraformStack,
) -> None:
    synthesized = worker(stack, queue_share_percent=25, max_tasks=3)
    tracking = policy(synthesized, "backlog")["target_tracking_scaling_policy_configuration"]
    emitted = tracking["customized_metric_specification"]["metrics"]
    assert tracking["target_value"] == 75
    assert queries(emitted)[3:] == list(backlog_metrics.backlog_per_task(75, 1, 25))

    steps = policy(synthesized, "from-zero")["step_scaling_policy_configuration"]["step_adjustment"]
    assert [step.get("metric_interval_upper_bound") for step in steps] == ["300", "600", None]
    assert alarm(synthesized, "from-zero")["threshold"] == 1


def test_no_alarm_refers_to_more_than_cloudwatch_takes() -> None:
    for expressions in (backlog_metrics.backlog_per_task(75, 1), backlog_metrics.WAITING, backlog_metrics.IDLE):
        assert 3 + len(expressions) <= MAX_QUERIES


def test_from_zero_the_backlog_says_how_many_tasks_to_start(stack: TerraformStack) -> None:
    synthesized = worker(stack)
    steps = policy(synthesized, "from-zero")["step_scaling_policy_configuration"]
    assert (steps["adjustment_type"], steps["cooldown"], steps["metric_aggregation_type"]) == (
        "ChangeInCapacity",
        backlog_scaling.COOLDOWN_SECONDS,
        "Maximum",
    )
    # One task for up to 75 messages, two for up to 150: the bounds count from the alarm's threshold of one.
    assert steps["step_adjustment"] == [
        {"scaling_adjustment": 1, "metric_interval_lower_bound": "0", "metric_interval_upper_bound": "75"},
        {"scaling_adjustment": 2, "metric_interval_lower_bound": "75", "metric_interval_upper_bound": "150"},
        {"scaling_adjustment": 3, "metric_interval_lower_bound": "150", "metric_interval_upper_bound": "225"},
        {"scaling_adjustment": 4, "metric_interval_lower_bound": "225"},
    ]
    waiting = alarm(synthesized, "from-zero")
    assert queries(waiting["metric_query"]) == [*expected_metrics(synthesized), *backlog_metrics.WAITING]
    assert (waiting["threshold"], waiting["evaluation_periods"], waiting["comparison_operator"]) == (
        1,
        1,
        "GreaterThanOrEqualToThreshold",
    )
    assert {item["metric"]["period"] for item in waiting["metric_query"] if "metric" in item} == {60}
    assert waiting["alarm_actions"] == [
        f"${{{synthesized.address('aws_appautoscaling_policy', 'tb-test-embed-from-zero')}.arn}}"
    ]
    assert waiting["treat_missing_data"] == "notBreaching"


def test_large_bounds_are_plain_digits_as_the_provider_reads_them_back(stack: TerraformStack) -> None:
    synthesized = worker(stack, seconds_per_message=0.0006, max_tasks=21)
    steps = policy(synthesized, "from-zero")["step_scaling_policy_configuration"]["step_adjustment"]
    bounds = [step.get("metric_interval_upper_bound") for step in steps]
    assert bounds[:3] == ["750000", "1500000", "2250000"]
    assert bounds[9:11] == ["9000000", "9750000"]


@pytest.mark.parametrize("minutes", [1, 60])
def test_back_to_zero_when_there_was_nothing_to_do_for_a_while(stack: TerraformStack, minutes: int) -> None:
    synthesized = worker(stack, idle_minutes=minutes)
    steps = policy(synthesized, "to-zero")["step_scaling_policy_configuration"]
    assert steps["adjustment_type"] == "ExactCapacity"
    assert steps["step_adjustment"] == [{"scaling_adjustment": 0, "metric_interval_lower_bound": "0"}]
    idle = alarm(synthesized, "to-zero")
    assert queries(idle["metric_query"]) == [*expected_metrics(synthesized), *backlog_metrics.IDLE]
    assert (idle["threshold"], idle["evaluation_periods"], idle["datapoints_to_alarm"]) == (1, minutes, minutes)


def test_a_worker_that_always_has_a_task_needs_no_steps(stack: TerraformStack) -> None:
    synthesized = worker(stack, min_tasks=1)
    assert [item["name"] for item in synthesized.all("aws_appautoscaling_policy")] == ["tb-test-embed-backlog"]
    assert "aws_cloudwatch_metric_alarm" not in synthesized.types()
    assert service(synthesized)["desired_count"] == 1


def test_no_lambda_is_needed(stack: TerraformStack) -> None:
    assert not [type_ for type_ in worker(stack).types() if "lambda" in type_]


def test_the_limits_are_those_of_the_settings(stack: TerraformStack) -> None:
    synthesized = worker(stack, min_tasks=0, max_tasks=4)
    target = synthesized.one("aws_appautoscaling_target")
    assert (target["min_capacity"], target["max_capacity"]) == (0, 4)
    assert "lifecycle" not in target
    names = [
        synthesized.address("aws_ecs_cluster", "tb-test-main"),
        synthesized.address("aws_ecs_service", "tb-test-embed"),
    ]
    assert target["resource_id"] == f"service/${{{names[0]}.name}}/${{{names[1]}.name}}"


def test_what_a_schedule_has_set_the_next_apply_leaves(stack: TerraformStack) -> None:
    schedules = {
        "morning": ScheduledScaling(schedule="cron(0 8 ? * MON-FRI *)", timezone="Europe/Berlin", min_tasks=2),
        "evening": ScheduledScaling(schedule="cron(0 18 ? * MON-FRI *)", min_tasks=0, max_tasks=2),
    }
    synthesized = worker(stack, schedules=schedules)
    actions = {item["name"]: item for item in synthesized.all("aws_appautoscaling_scheduled_action")}
    assert {
        name: (item["schedule"], item["timezone"], item["scalable_target_action"]) for name, item in actions.items()
    } == {
        "tb-test-embed-morning": ("cron(0 8 ? * MON-FRI *)", "Europe/Berlin", {"min_capacity": "2"}),
        "tb-test-embed-evening": (
            "cron(0 18 ? * MON-FRI *)",
            "UTC",
            {"min_capacity": "0", "max_capacity": "2"},
        ),
    }
    assert synthesized.one("aws_appautoscaling_target")["lifecycle"] == {
        "ignore_changes": ["max_capacity", "min_capacity"]
    }


def test_a_limit_that_no_schedule_sets_stays_terraforms(stack: TerraformStack) -> None:
    morning = {"morning": ScheduledScaling(schedule="cron(0 8 ? * MON-FRI *)", min_tasks=2)}
    target = worker(stack, schedules=morning).one("aws_appautoscaling_target")
    assert target["lifecycle"] == {"ignore_changes": ["min_capacity"]}


def test_terraform_leaves_the_number_of_tasks_to_scaling(stack: TerraformStack) -> None:
    made = service(worker(stack))
    assert made["desired_count"] == 0
    assert made["lifecycle"] == {"ignore_changes": ["desired_count"]}


def test_a_deployment_that_fails_is_rolled_back(stack: TerraformStack) -> None:
    made = service(worker(stack))
    assert made["deployment_circuit_breaker"] == {"enable": True, "rollback": True}
    # Half may go at once: a queue waits, and there may be no capacity for twice as many.
    assert (made["deployment_minimum_healthy_percent"], made["deployment_maximum_percent"]) == (50, 200)


def test_a_deployment_is_as_careful_as_it_is_told(stack: TerraformStack) -> None:
    deployment = RollingDeployment(min_healthy_percent=0, max_percent=100, rollback_alarms=["b", "a"])
    made = service(worker(stack, deployment=deployment))
    assert (made["deployment_minimum_healthy_percent"], made["deployment_maximum_percent"]) == (0, 100)
    assert made["alarms"] == {"alarm_names": ["a", "b"], "enable": True, "rollback": True}


def test_where_it_runs_is_always_written_down(stack: TerraformStack) -> None:
    made = service(worker(stack))
    assert made["capacity_provider_strategy"] == [{"capacity_provider": "FARGATE_SPOT", "weight": 1}]
    assert made["force_new_deployment"] is True
    assert "launch_type" not in made
    assert made["network_configuration"] == {
        "subnets": ["subnet-0a", "subnet-0b"],
        "security_groups": ["sg-0a"],
        "assign_public_ip": False,
    }
    assert made["platform_version"] == "LATEST"
    assert made["availability_zone_rebalancing"] == "DISABLED"


def test_on_instances_it_is_packed_tight(stack: TerraformStack) -> None:
    synthesized = worker(stack, task=ec2_task(), capacity=[CapacityShare(provider="gpu", base=1, weight=2)])
    made = service(synthesized)
    gpu = synthesized.address("aws_ecs_capacity_provider", "tb-test-main-gpu")
    assert made["capacity_provider_strategy"] == [{"capacity_provider": f"${{{gpu}.name}}", "base": 1, "weight": 2}]
    assert made["ordered_placement_strategy"] == [{"type": "binpack", "field": "memory"}]
    assert "platform_version" not in made


def test_it_starts_after_its_cluster_has_its_capacity_and_goes_before(stack: TerraformStack) -> None:
    synthesized = worker(stack)
    (association,) = synthesized.document["resource"]["aws_ecs_cluster_capacity_providers"]
    assert service(synthesized)["depends_on"][0] == f"aws_ecs_cluster_capacity_providers.{association}"


def test_it_starts_once_its_roles_have_all_permissions_whenever_they_were_granted(stack: TerraformStack) -> None:
    made = define_worker(stack)
    made.task_definition.task_role.add_policy("late", [allow("Read", ["s3:GetObject"], "arn:aws:s3:::data/*")])
    made.task_definition.task_role.attach_managed_policy("own", "arn:aws:iam::111122223333:policy/tables")
    synthesized = Synthesized(stack)
    granted = [
        f"{kind}.{id_}"
        for kind in ("aws_iam_role_policy", "aws_iam_role_policy_attachment")
        for id_ in synthesized.document["resource"][kind]
        if "task-definition" in id_
    ]

    assert service(synthesized)["depends_on"][1:] == sorted(granted)
    assert {"start", "late", "protect-task", "own"} < {item.rsplit("_", 2)[1] for item in granted}


def test_each_container_finds_its_queue_and_has_time_to_stop(stack: TerraformStack) -> None:
    task = fargate_task(
        containers={"worker": fargate_container(environment={"A": "1"}), "helper": fargate_container(essential=False)}
    )
    document = json.loads(worker(stack, task=task).one("aws_ecs_task_definition")["container_definitions"])
    assert {item["name"]: (item["environment"], item["stopTimeout"]) for item in document} == {
        "helper": ([{"name": "QUEUE_URL", "value": URL}], 23),
        "worker": ([{"name": "A", "value": "1"}, {"name": "QUEUE_URL", "value": URL}], 23),
    }


def test_a_container_that_says_how_long_it_takes_to_stop_gets_that(stack: TerraformStack) -> None:
    task = fargate_task(containers={"worker": fargate_container(stop_timeout_seconds=120)})
    (container,) = json.loads(worker(stack, task=task).one("aws_ecs_task_definition")["container_definitions"])
    assert container["stopTimeout"] == 120


def test_the_task_may_consume_its_queue_and_protect_itself_and_nothing_else(stack: TerraformStack) -> None:
    synthesized = worker(stack)
    role = synthesized.address("aws_iam_role", "tb-test-embed-task")
    allowed: dict[str, Any] = {}
    for item in synthesized.all("aws_iam_role_policy"):
        if item["role"] == f"${{{role}.name}}":
            assert findings(item["policy"]) == set()
            allowed |= statements(item["policy"])
    assert {sid: (statement["Action"], statement["Resource"]) for sid, statement in allowed.items()} == {
        "ConsumeMessages": (
            [
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
            ],
            QUEUE.queue_arn,
        ),
        "ConsumeWithKey": ("kms:Decrypt", QUEUE.kms_key_arn),
        "ProtectTask": (
            ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"],
            "arn:aws:ecs:us-east-1:111122223333:task/tb-test-main/*",
        ),
    }
    task = f"{allowed['ProtectTask']['Resource'][:-1]}1234abcd"
    tags = synthesized.one("aws_ecs_service")["tags"]
    for name, may in ((tags["Name"], True), ("tb-test-other", False), (None, True)):
        context = {"aws:ResourceTag/Name": name} if name else {}
        request = Request("ecs:UpdateTaskProtection", task, context=context)
        assert is_allowed([allowed["ProtectTask"]], request) is may
