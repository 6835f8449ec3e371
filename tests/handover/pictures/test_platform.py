"""What a platform's picture shows: its things by column, and what leads from one to another."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from handover.pictures.boxes import HEADINGS
from handover.pictures.graph import Graph
from handover.pictures.platform import platform_graph
from handover.platforms import Platform
from tests.handover.platforms import root_module, shipped_platforms


@cache
def shipped() -> Mapping[str, Graph]:
    return {platform.name: platform_graph(platform) for platform in shipped_platforms()}


def edges(graph: Graph) -> set[str]:
    """Return the edges, each as ``caption title style caption title label``."""
    names = {box.key: f"{box.caption} {box.title}" for box in graph.boxes}
    return {f"{names[edge.source]} {edge.style} {names[edge.target]} {edge.label}".rstrip() for edge in graph.edges}


def of(**documents: dict[str, Any]) -> Graph:
    """Return the graph of a platform of these parts' resources."""
    modules = [root_module(f"dev-{part}", **document) for part, document in documents.items()]
    return platform_graph(Platform("dev", tuple(modules)))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (
            "prod",
            {
                "S3 bucket data flow SQS queue images",
                "S3 bucket data flow EventBridge rule embed-urgent",
                "EventBridge rule embed-urgent flow pipeline urgent",
                "EventBridge rule embed-urgent dead SQS queue unstarted",
                "SQS queue requests flow EventBridge pipe embed-requests",
                "EventBridge pipe embed-requests flow Batch job embed-images",
                "schedule embed-nightly flow pipeline nightly",
                "schedule recheck-nightly flow backlog recheck",
                "schedule reindex-weekly flow ECS task reindex",
                "SQS queue reports flow backlog recheck",
                "backlog recheck flow Batch job recheck",
                "pipeline nightly flow Batch job shard",
                "pipeline nightly sends SQS queue notices",
                "submission by hand search-scores flow Batch job score",
                "Batch job score flow Batch job queue shared",
                "Batch job embed-images sends SQS FIFO queue results",
                "Batch job queue gpu flow EC2 Spot gpu-spot 1",
                "Batch job queue gpu flow EC2 gpu 2",
                "Batch job queue distributed flow EC2 distributed",
                "SQS queue images flow ECS service image-worker",
                "ECS service image-worker flow ECS on EC2 gpu",
                "ECS task reindex flow capacity of workers Fargate Spot",
            },
        ),
        (
            "moderation",
            {
                "SQS queue verdicts flow EventBridge pipe order-verdicts",
                "EventBridge pipe order-verdicts flow SQS FIFO queue accounts",
                "EventBridge pipe review-texts flow ECS task review-text",
                "EventBridge pipe tell-appeals flow Lambda function tell",
                "EventBridge rule outages flow Lambda function tell",
                "SQS queue second-looks flow EventBridge rule second-looks",
                "EventBridge rule second-looks flow backlog second-looks",
            },
        ),
        (
            "transcription",
            {
                "SQS queue uploads waits pipeline nightly",
                "S3 bucket recordings waits pipeline import",
                "pipeline again flow pipeline nightly",
                "pipeline import flow Lambda function announce",
                "pipeline import flow ECS task count",
            },
        ),
        ("inbox", {"SQS queue requests flow Lambda function process"}),
        (
            "web-inference",
            {
                "load balancer gateway flow ECS service gateway",
                "network load balancer devices flow ECS service devices",
                "schedule export-hourly dead SQS queue missed-exports",
            },
        ),
        (
            "shared-account",
            {
                "existing load balancer shared flow ECS service review",
                "existing SQS queue scans flow ECS service classify",
                "submission by hand translate flow existing Batch job translate",
                "existing Batch job learn-layouts flow existing Batch job queue central",
                "Batch job queue warm flow existing capacity warm",
            },
        ),
        ("sandbox", {"load balancer demo flow ECS service demo", "Batch job queue spot flow EC2 Spot spot"}),
        ("model-serving", {"ECS service metrics flow ECS on EC2 warm"}),
    ],
)
def test_what_leads_to_what_is_read_from_what_was_synthesized(environment: str, expected: set[str]) -> None:
    assert expected - edges(shipped()[environment]) == set()


def test_the_columns_are_those_that_hold_something() -> None:
    assert tuple(shipped()["prod"].headings) == HEADINGS
    assert shipped()["ec2-batch"].headings == ["Job queues", "Capacity"]
    for graph in shipped().values():
        assert set(graph.ranks.values()) == set(range(len(graph.headings)))


def test_dead_letter_queues_are_told_of_in_the_box_of_their_queue() -> None:
    details = {box.title: list(box.details) for box in shipped()["prod"].boxes if box.look == "queue"}
    assert details["requests"] == ["dead letters after 5 tries"]
    assert [title for title in details if "dead-letter" in title] == []


def test_only_jobs_that_were_asked_for_go_to_a_queue() -> None:
    assert {edge for edge in edges(shipped()["prod"]) if edge.startswith("Batch job train ")} == {
        "Batch job train flow Batch job queue distributed"
    }


def test_the_order_of_root_modules_changes_nothing() -> None:
    (prod,) = (platform for platform in shipped_platforms() if platform.name == "prod")
    assert platform_graph(replace(prod, modules=prod.modules[::-1])) == shipped()["prod"]


def test_no_platform_is_without_anything() -> None:
    for graph in shipped().values():
        assert graph.boxes
        keys = [box.key for box in graph.boxes]
        assert len(keys) == len(set(keys))


def test_what_terraform_decides_has_its_name() -> None:
    resources = {"type": "SPOT", "max_vcpus": "${var.most}"}
    graph = of(batch={"resource": {"aws_batch_compute_environment": {"spot": {"compute_resources": resources}}}})
    assert list(graph.boxes[0].details) == ["up to var.most vCPUs"]


def test_rules_that_only_write_logs_start_nothing_and_have_no_box() -> None:
    target = {"rule": "${aws_cloudwatch_event_rule.jobs.name}", "arn": "${aws_cloudwatch_log_group.events.arn}"}
    there: dict[str, dict[str, Any]] = {
        "aws_cloudwatch_event_rule": {"jobs": {"event_pattern": "{}"}},
        "aws_cloudwatch_log_group": {"events": {}},
        "aws_cloudwatch_event_target": {"log": target},
    }
    assert of(operations={"resource": there}).boxes == []
    there["aws_cloudwatch_event_target"]["queue"] = {**target, "arn": "arn:aws:sqs:us-east-1:1:failed"}
    assert edges(of(operations={"resource": there})) == {"EventBridge rule jobs flow existing SQS queue failed"}


def test_an_environment_of_nothing_is_a_picture_of_nothing() -> None:
    graph = of(queues={})
    assert (graph.boxes, graph.edges, graph.headings) == ([], [], [])


def test_what_nobody_here_makes_is_shown_as_existing() -> None:
    schedule = {"name": "x", "schedule_expression": "rate(1 hour)", "target": {"arn": "arn:aws:sqs:eu-west-1:1:theirs"}}
    graph = of(triggers={"resource": {"aws_scheduler_schedule": {"hourly": schedule}}})
    assert edges(graph) == {"schedule hourly flow existing SQS queue theirs"}


def test_only_buckets_in_which_something_begins_are_sources() -> None:
    graph = shipped()["prod"]
    headings = {box.title: graph.headings[graph.ranks[box.key]] for box in graph.boxes if "bucket" in box.caption}
    assert headings == {"data": "Sources", "audit_trail": "Storage", "logs": "Storage"}
