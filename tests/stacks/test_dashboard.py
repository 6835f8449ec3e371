"""The dashboards of environments that are shipped and of examples: on the grid, of metrics that there are."""

import json
import re
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment
from modules.cloudwatch.dashboard import COLUMNS
from modules.cloudwatch.event_metrics import EVENT_METRICS
from modules.operations.settings import Operations
from modules.sqs.settings import MessageQueueSettings
from stacks.alarms import possible_alarms
from stacks.dashboard import Shown
from tests.modules.cloudwatch.documented_metrics import DOCUMENTED
from tests.modules.ecs.samples import cluster_settings, worker_settings
from tests.shipped import PACKAGES, shipped_resources
from tests.stacks.environments import environment

# A widget's graph has no more.
MAX_METRICS = 500


@cache
def bodies() -> dict[str, dict[str, Any]]:
    """Return the bodies of all dashboards, by their names."""
    return {
        resource["dashboard_name"]: json.loads(resource["dashboard_body"])
        for package in PACKAGES
        for _, resource in shipped_resources("aws_cloudwatch_dashboard", package=package)
    }


def metrics_of(body: dict[str, Any]) -> list[list[list[Any]]]:
    return [item["properties"]["metrics"] for item in body["widgets"] if item["type"] == "metric"]


NAMES = ("terrabatch-prod-operations", "terrabatch-staging-operations", "acme-web-inference-operations")


def test_dashboards_are_those_of_environments_with_operations() -> None:
    assert set(NAMES) <= set(bodies())
    assert not [name for name in bodies() if "-dev-" in name or "shared-account" in name]


@pytest.mark.parametrize("name", NAMES)
def test_no_widget_covers_another_or_leaves_the_grid(name: str) -> None:
    cells = []
    for item in bodies()[name]["widgets"]:
        assert 0 <= item["x"] < item["x"] + item["width"] <= COLUMNS
        cells.append(
            {
                (x, y)
                for x in range(item["x"], item["x"] + item["width"])
                for y in range(item["y"], item["y"] + item["height"])
            }
        )
    assert len(cells) > 5
    assert not [1 for one, other in combinations(cells, 2) if one & other]


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_is_one_that_there_is(name: str) -> None:
    for metrics in metrics_of(bodies()[name]):
        assert 0 < len(metrics) <= MAX_METRICS
        for namespace, metric, *dimensions in (item[:-1] for item in metrics if len(item) > 1):
            known = DOCUMENTED.get(namespace, {}).get(metric) or set(EVENT_METRICS[metric].dimensions)
            assert set(dimensions[::2]) == known, metric


@pytest.mark.parametrize("name", NAMES)
def test_expressions_name_metrics_of_their_graph(name: str) -> None:
    for metrics in metrics_of(bodies()[name]):
        ids = [item[-1]["id"] for item in metrics]
        assert len(ids) == len(set(ids))
        for item in metrics:
            for word in re.findall(r"\b[a-z]\w*", item[-1].get("expression", "")):
                assert word in ids
        assert all("label" in item[-1] for item in metrics if item[-1]["visible"])


@pytest.mark.parametrize("name", NAMES)
def test_the_alarms_that_there_are_are_shown(name: str) -> None:
    shown = [item["properties"]["alarms"] for item in bodies()[name]["widgets"] if item["type"] == "alarm"]
    alarms = {
        resource["alarm_name"]
        for package in PACKAGES
        for _, resource in shipped_resources("aws_cloudwatch_metric_alarm", package=package)
    }
    assert shown
    assert {arn.rpartition(":")[2] for arn in shown[0]} <= alarms


def titles(**changes: Any) -> dict[str, dict[str, Any]]:
    settings = environment(operations=Operations(), **changes)
    rows = Shown(settings, {}).rows([])
    return {widget.title: widget.widget("us-east-1")["properties"] for row in rows for widget in row}


def test_ages_are_in_percent_of_what_each_queue_s_alarm_says() -> None:
    services = {"a": worker_settings(queue="requests", acceptable_latency_seconds=900)}
    queues = {"other": MessageQueueSettings(visibility_timeout_seconds=30)}
    shown = titles(clusters={"main": cluster_settings()}, services=services, queues=queues)
    age = shown["Age of the oldest message, percent of their alarms"]
    assert age["annotations"]["horizontal"] == [{"label": "alarm", "value": 100}]
    assert [item[-1]["expression"] for item in age["metrics"] if item[-1]["visible"]] == [
        "100 * m0age / 172800",
        "100 * m1age / 900",
    ]
    assert "Age of the oldest message, seconds" in titles()


def test_vcpus_are_those_of_the_classes_that_compute_environments_use() -> None:
    gpu = Ec2ComputeEnvironment(instance_types=["g5.xlarge", "p4d.24xlarge"], max_vcpus=96)
    used = titles(compute_environments={"gpu": gpu})["vCPUs used in the account"]
    assert used["annotations"]["horizontal"] == [{"label": "max_vcpus of all", "value": 128}]
    assert [item[-1]["label"] for item in used["metrics"]] == [
        "EC2 G/OnDemand",
        "EC2 P/OnDemand",
        "EC2 Standard/OnDemand",
        "Fargate Standard/OnDemand",
    ]


def test_what_no_alarm_is_asked_for_is_shown_all_the_same() -> None:
    shown = titles()
    assert "Alarms" not in shown
    assert {"Blocked queues", "Mean time in the queue, seconds"} <= set(shown)
    assert possible_alarms(environment(operations=Operations()))
