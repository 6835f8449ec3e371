"""Variables in Terraform: where the values went, what Terraform checks of them, and what cannot be one."""

import json
from pathlib import Path
from typing import Any

import pytest

from modules.batch.settings.compute_environments import (
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
)
from modules.batch.settings.job_definitions import MultiNodeJobDefinition, NodeGroup
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.submissions import JobSubmission
from modules.budgets.settings import CostAnomalies
from modules.ecs.settings.clusters import ClusterSettings
from modules.markers import Late, marked
from modules.operations.settings import Operations
from modules.problems import SettingsError
from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment
from stacks.late_terraform import with_variables
from stacks.layout import OneStack
from stacks.loading import load_environments
from stacks.state import S3State
from stacks.synthesis import synthesize
from tests.generated import objects_in, replaced
from tests.problems import in_short
from tests.shipped import EXAMPLES
from tests.stacks.environments import IMAGE, empty_environment, values
from tests.stacks.environments import environment as full_environment
from tests.stacks.test_variables import FARGATE, collecting, variable
from tests.synthesized import synthesized


def emitted(environment: Environment) -> Any:
    return with_variables(environment, synthesized(environment), synthesized)


def refused(environment: Environment) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        emitted(environment)
    return in_short(raised.value.problems)


def queues(**changes: Any) -> dict[str, MessageQueueSettings]:
    return {"a": MessageQueueSettings(**{"visibility_timeout_seconds": 60} | changes)}


def with_network(**changes: Any) -> Environment:
    return empty_environment(network=values()["network"], **changes)


def test_what_has_no_variables_stays_as_it_is() -> None:
    documents = synthesized(made := empty_environment(queues=queues()))
    assert with_variables(made, documents, synthesized) is documents


def test_variables_are_declared_in_the_stacks_that_have_them_with_what_terraform_checks() -> None:
    size = variable("size", default=2_048, at_most=4_096)
    clusters = {"c": ClusterSettings(default_capacity=FARGATE)}
    documents = emitted(with_network(queues=queues(max_message_bytes=size), clusters=clusters))
    assert documents["test-queues"]["variable"] == {
        "size": {
            "type": "number",
            "description": "d",
            "default": 2_048,
            "nullable": False,
            "validation": [
                {
                    "condition": "${var.size >= 1024 && var.size <= 4096 && floor(var.size) == var.size}",
                    "error_message": "size must be a whole number from 1024 to 4096.",
                }
            ],
        }
    }
    (queue,) = [
        block
        for block in documents["test-queues"]["resource"]["aws_sqs_queue"].values()
        if block["name"].endswith("-a")
    ]
    assert queue["max_message_size"] == "${var.size}"
    assert "variable" not in documents["test-services"]


def test_an_order_of_two_numbers_of_one_entry_is_checked_by_terraform() -> None:
    capacity = SpotComputeEnvironment(
        instance_types=["g6"],
        min_vcpus=variable("low", default=0, at_most=64),
        max_vcpus=variable("high", default=64, at_least=8, at_most=512),
    )
    queues = {"a": JobQueueSettings(compute_environments=["a"])}
    document = emitted(with_network(compute_environments={"a": capacity}, job_queues=queues))["test-batch"]
    rules = [rule for name in ("high", "low") for rule in document["variable"][name]["validation"]]
    found = [(rule["condition"], rule["error_message"]) for rule in rules]
    assert ("${var.low <= var.high}", "low must be at most high.") in found


def test_an_order_of_two_entries_is_checked_in_the_root_module_that_has_both_or_refused() -> None:
    window = variable("window", default=10, at_least=1, at_most=60)
    hidden = variable("hidden", default=70, at_least=30, at_most=600)
    block = emitted(collecting(window, hidden, layout=OneStack()))["test-platform"]["variable"]["hidden"]
    assert block["validation"][-1] == {
        "condition": "${var.hidden > var.window}",
        "error_message": "hidden must be more than window.",
    }
    got = "queues.a.visibility_timeout_seconds: got variables of different ones, hidden and window"
    assert refused(collecting(window, hidden)) == [got]


def test_what_is_sensitive_says_so_and_goes_into_no_output() -> None:
    contact = variable("contact", default="a@example.com", sensitive=True)
    operations = Operations(cost_anomalies=CostAnomalies(least_usd=100, emails=[contact]))
    document = emitted(empty_environment(operations=operations, queues=queues()))["test-operations"]
    assert document["variable"]["contact"]["sensitive"] is True
    shown = full_environment(submissions={"once": JobSubmission(job_definition="embed")}, tags={"team": contact})
    assert refused(shown) == ["tags.team: got sensitive=True"]


def test_variables_that_have_the_same_default_in_one_text_are_both_there() -> None:
    tags = {name: variable(name, default="0.9.2") for name in ("one", "other")}
    groups = [
        NodeGroup(image=IMAGE, user="1000", vcpus=2, memory_mib=4_096, node_count=1, environment={"TAG": tag})
        for tag in tags.values()
    ]
    job = MultiNodeJobDefinition(job_queues=["large"], timeout_seconds=600, node_groups=groups)
    document = emitted(full_environment(job_definitions={"train": job}))["test-batch"]
    (nodes,) = [
        block["node_properties"]
        for block in document["resource"]["aws_batch_job_definition"].values()
        if block["name"].endswith("-train")
    ]
    assert [nodes.count(f"${{var.{name}}}") for name in tags] == [1, 1]


def test_a_number_that_others_are_added_to_is_a_sum_in_terraform() -> None:
    spot = FargateSpotComputeEnvironment(max_vcpus=variable("spot", at_most=128))
    light = FargateComputeEnvironment(max_vcpus=variable("light", default=32, at_least=8, at_most=256))
    made = full_environment(operations=Operations(), compute_environments={"spot": spot, "light": light})
    (dashboard,) = emitted(made)["test-operations"]["resource"]["aws_cloudwatch_dashboard"].values()
    # 16 more have those that are no variable.
    assert '"value":${16 + var.light + var.spot}' in dashboard["dashboard_body"]


def test_texts_are_checked_for_pattern_length_and_what_no_document_can_hold() -> None:
    document = emitted(empty_environment(queues=queues(), tags={"team": variable("team", default="a1")}))["test-queues"]
    assert document["provider"]["aws"][0]["default_tags"][0]["tags"]["team"] == "${var.team}"
    conditions = [rule["condition"] for rule in document["variable"]["team"]["validation"]]
    assert conditions[0].startswith('${!can(regex("[')
    assert conditions[1] == r'${can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$", var.team))}'
    assert conditions[2] == "${length(var.team) <= 256}"


def test_choices_are_those_that_the_rules_allow() -> None:
    insights = ClusterSettings(default_capacity=FARGATE, container_insights=variable("insights", default="enabled"))
    document = emitted(with_network(clusters={"c": insights}))["test-services"]
    (rule,) = document["variable"]["insights"]["validation"]
    assert rule["condition"] == '${contains(["disabled", "enabled", "enhanced"], var.insights)}'


def test_an_account_may_be_a_variable_wherever_it_stands() -> None:
    made = empty_environment(account_id=variable("account", default="111122223333"), queues=queues())
    document = emitted(made)["test-queues"]
    assert document["provider"]["aws"][0]["allowed_account_ids"] == ["${var.account}"]
    assert "111122223333" not in json.dumps({key: value for key, value in document.items() if key != "variable"})


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": variable("x", default="test")}, "name: got 'test'"),
        ({"project": variable("x", default="terrabatch")}, "project: got 'terrabatch'"),
        (
            {"state": S3State(bucket=variable("x", default="states-1"), region="us-east-1")},
            "state.bucket: got 'states-1'",
        ),
        ({"queues": queues(max_receive_count=variable("x", default=5, at_most=9))}, None),
    ],
)
def test_what_decides_more_than_its_value_is_refused(changes: dict[str, Any], problem: str | None) -> None:
    made = empty_environment(**{"queues": queues()} | changes)
    if problem is None:
        assert used_in(emitted(made)) == {"x"}
    else:
        assert refused(made) == [problem]


def used_in(documents: Any) -> set[str]:
    return {name for document in documents.values() for name in document.get("variable", {})}


def test_what_is_emitted_nowhere_is_refused() -> None:
    clusters = {"c": ClusterSettings(default_capacity=FARGATE)}
    made = with_network(clusters=clusters, queues=queues(), production=variable("x", default=False))
    assert refused(made) == ["production: got False"]


def test_everything_that_is_marked_late_can_be_a_variable() -> None:
    (environment,) = load_environments(["web-inference"], EXAMPLES)
    names: list[str] = []
    for path, item in objects_in(environment):
        for name in marked(type(item), Late):
            value = item.__dict__[name]
            number = isinstance(value, int) and not isinstance(value, bool)
            ends = {"at_most": max(2 * value, 10)} if number and f"{type(item).__name__}.{name}" in ENDLESS else {}
            names.append(f"late_{len(names)}")
            environment = replaced(environment, (*path, name), variable(names[-1], default=value, **ends))
    assert len(names) > 30
    assert used_in(emitted(environment)) == set(names)


# Settings without a largest value.
ENDLESS = frozenset(
    f"{kind}.{name}"
    for kind in ("ScaledTasks", "SharedListener", "LoadBalancer")
    for name in ("scale_in_cooldown_seconds", "scale_out_cooldown_seconds", "grace_seconds")
)


def test_synth_writes_variables_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    made = empty_environment(queues=queues(max_message_bytes=variable("size", default=2_048)))
    for folder in ("one", "two"):
        stacks = synthesize([made], tmp_path / folder, complete=True)
        assert "size" in stacks[0].document["variable"]
    one, two = (
        (tmp_path / folder / "stacks" / "test-queues" / "cdk.tf.json").read_bytes() for folder in ("one", "two")
    )
    assert one == two
    assert json.loads(one)["variable"]["size"]["default"] == 2_048
    plain = synthesize([empty_environment(queues=queues())], tmp_path / "plain", complete=True)
    text = (tmp_path / "plain" / "stacks" / "test-queues" / "cdk.tf.json").read_bytes()
    assert json.dumps(plain[0].document, indent=2, sort_keys=True, ensure_ascii=False).encode() == text.rstrip(b"\n")
