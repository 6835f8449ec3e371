"""What the boxes of things say."""

from typing import Any

import pytest

from handover.pictures.boxes import EXISTING, HEADINGS, KINDS, RANKS, STORAGE, Told, box, existing
from handover.pictures.pointing import Resource

TOLD = Told(
    dead_letters={"aws_sqs_queue.x": 1},
    tasks={"aws_ecs_service.x": (0, 1_200)},
    groups={"aws_ecs_capacity_provider.x": {"max_size": 4, "mixed_instances_policy": {}}},
    titles={"t-dev-gpu": "gpu"},
    of_others={"aws_sqs_queue.dead"},
)
PATTERN = (
    '{"detail-type":["Batch Job State Change"],"detail":{"status":["FAILED"],'
    '"jobQueue":["arn:aws:batch:us-east-1:1:job-queue/t-dev-gpu","arn:aws:batch:us-east-1:1:job-queue/theirs"]}}'
)
POD = {"containers": [{"resources": {"limits": {"cpu": "2.5", "memory": "10240Mi", "nvidia.com/gpu": "1"}}}]}


@pytest.mark.parametrize(
    ("type_", "block", "expected"),
    [
        ("aws_s3_bucket", {}, ["bucket", "S3 bucket"]),
        ("aws_sqs_queue", {"fifo_queue": True}, ["queue", "SQS FIFO queue", "dead letters after 1 try"]),
        (
            "aws_scheduler_schedule",
            {"schedule_expression": "cron(0 1 * * ? *)", "schedule_expression_timezone": "UTC", "state": "DISABLED"},
            ["clock", "schedule", "cron(0 1 * * ? *) UTC", "off"],
        ),
        (
            "aws_scheduler_schedule",
            {"schedule_expression": "rate(1 hour)", "schedule_expression_timezone": "UTC"},
            ["clock", "schedule", "rate(1 hour)"],
        ),
        (
            "aws_cloudwatch_event_rule",
            {"event_pattern": PATTERN},
            ["event", "EventBridge rule", "Batch Job State Change", "FAILED", "of gpu, theirs"],
        ),
        (
            "aws_pipes_pipe",
            {
                "desired_state": "STOPPED",
                "source_parameters": {
                    "filter_criteria": {"filter": [{}, {}]},
                    "sqs_queue_parameters": {"batch_size": 10},
                },
            },
            ["starter", "EventBridge pipe", "2 filters", "batches of 10", "off"],
        ),
        ("aws_sfn_state_machine", {"definition": '{"States":{"a":{}}}'}, ["pipeline", "pipeline", "1 state"]),
        (
            "aws_batch_job_definition",
            {
                "container_properties": '{"resourceRequirements":[{"type":"MEMORY","value":"14000"},'
                '{"type":"VCPU","value":"0.5"},{"type":"GPU","value":"2"}]}'
            },
            ["job", "Batch job", "0.5 vCPUs, 14,000 MiB, 2 GPUs"],
        ),
        ("aws_batch_job_definition", {"node_properties": '{"numNodes":4}'}, ["job", "Batch job", "4 nodes"]),
        (
            "aws_batch_job_definition",
            {"eks_properties": {"pod_properties": POD}},
            ["job", "Batch job on EKS", "2.5 vCPUs, 10,240 MiB, 1 GPU"],
        ),
        ("aws_batch_job_definition", {"container_properties": "${local.own}"}, ["job", "Batch job"]),
        ("aws_ecs_task_definition", {"cpu": "1024", "memory": "2048"}, ["task", "ECS task", "1 vCPU, 2,048 MiB"]),
        ("aws_ecs_task_definition", {"cpu": "${var.cpu}", "memory": "2048"}, ["task", "ECS task"]),
        ("aws_ecs_service", {"desired_count": 0}, ["task", "ECS service", "0 to 1,200 tasks"]),
        ("aws_ecs_service", {"scheduling_strategy": "DAEMON"}, ["task", "ECS service", "on every instance"]),
        (
            "aws_batch_job_queue",
            {"priority": 10, "scheduling_policy_arn": "arn"},
            ["jobqueue", "Batch job queue", "priority 10", "fair share"],
        ),
        (
            "aws_batch_compute_environment",
            {"compute_resources": {"type": "SPOT", "max_vcpus": 1_024, "instance_type": ["c7i.large", "m7i.large"]}},
            ["capacity", "EC2 Spot", "up to 1,024 vCPUs", "c7i.large, m7i.large"],
        ),
        (
            "aws_batch_compute_environment",
            {
                "compute_resources": {"type": "EC2", "instance_type": ["g5.a", "g6.a", "g5.b", "g6.b"]},
                "eks_configuration": {},
            },
            ["capacity", "EC2 of EKS", "g5, g6"],
        ),
        ("aws_batch_compute_environment", {"type": "UNMANAGED"}, ["capacity", "own instances"]),
        ("aws_ecs_capacity_provider", {}, ["capacity", "ECS on EC2", "up to 4 instances"]),
        ("aws_lb", {"load_balancer_type": "network"}, ["balancer", "network load balancer", "from the internet"]),
        ("aws_lb", {"internal": True}, ["balancer", "load balancer", "internal"]),
    ],
)
def test_a_box_says_what_a_thing_is(type_: str, block: dict[str, Any], expected: list[str]) -> None:
    found = box(Resource(type_, "x"), "name", block, TOLD)
    assert found
    assert found.title == "name"
    assert [found.look, found.caption, *found.details] == expected


def test_what_is_part_of_another_or_of_no_interest_has_no_box() -> None:
    assert box(Resource("aws_sqs_queue", "dead"), "dead", {}, TOLD) is None
    assert box(Resource("aws_iam_role", "x"), "x", {}, TOLD) is None
    assert existing(Resource("aws_ecs_cluster", "x")) is None


def test_every_kind_has_a_column() -> None:
    looks = {look for look, _ in EXISTING.values()} | {make("", {}, TOLD)[0] for make in KINDS.values()}
    assert looks <= set(RANKS)
    assert {*RANKS.values(), STORAGE} == set(range(len(HEADINGS)))
