"""Schedules, pipes, rules, pipelines and backlogs have roles and names that others have given, where they are named."""

import json
from typing import Any

import pytest

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.submissions import JobRequest
from modules.events.settings import RuleSettings
from modules.events.sources import ObjectCreated
from modules.pipes.settings import PipeSettings
from modules.scheduler.settings import ScheduleGroup, ScheduleSettings
from modules.sqs.settings import MessageQueueSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage, PipelineStage
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TargetSettings
from stacks.environment import Environment
from stacks.physical_names import given_names
from tests.problems import refused
from tests.stacks.environments import environment
from tests.synthesized import synthesized

ROLE = "arn:aws:iam::111122223333:role/platform/start"
EMBED = JobRequest(job_definition="embed")
TRIGGERS: dict[str, dict[str, Any]] = {
    "schedules": {"it": ScheduleSettings(expression="rate(1 day)", target=EMBED)},
    "pipes": {"it": PipeSettings(queue="asked", target=EMBED)},
    "rules": {"it": RuleSettings(event=ObjectCreated(bucket="data", prefixes=["incoming/"]), target=EMBED)},
    "pipelines": {"it": PipelineSettings(stages={"embed": JobStage(job=EMBED)}, timeout_seconds=3_600)},
    "backlogs": {
        "it": BacklogSettings(
            queue="requests",
            job=EMBED,
            messages_per_child=10,
            max_children=4,
            alarm_messages=100,
        )
    },
}


def triggered(kind: str, **changes: Any) -> Environment:
    """Return an environment with one thing that starts jobs, changed so."""
    starter = TRIGGERS[kind]["it"].model_copy(update=changes)
    queue = MessageQueueSettings(visibility_timeout_seconds=601)
    return environment(queues={"asked": queue}, **{kind: {"it": starter}})


@pytest.mark.parametrize(
    ("kind", "services"),
    [
        ("schedules", ["scheduler"]),
        ("pipes", ["pipes"]),
        ("rules", ["events"]),
        ("pipelines", ["states"]),
        ("backlogs", ["events", "states"]),
    ],
)
def test_what_starts_things_takes_a_role_that_exists(kind: str, services: list[str]) -> None:
    settings = triggered(kind, role_arn=ROLE)
    found = synthesized(settings)
    (needs,) = [
        stack["output"]["role_policies"]["value"][ROLE]
        for stack in found.values()
        if "role_policies" in stack["output"]
    ]
    assert needs["assumed_by"] == [f"{name}.amazonaws.com" for name in services]
    made_statements = {
        statement["Action"] if isinstance(statement["Action"], str) else tuple(statement["Action"])
        for stack in synthesized(triggered(kind)).values()
        for id_, policy in stack.get("resource", {}).get("aws_iam_role_policy", {}).items()
        if id_.startswith(kind)
        for statement in json.loads(policy["policy"])["Statement"]
    }
    told = {
        statement["Action"] if isinstance(statement["Action"], str) else tuple(statement["Action"])
        for statement in json.loads(needs["policy"])["Statement"]
    }
    assert told == made_statements != set()
    assert not [
        id_ for stack in found.values() for id_ in stack.get("resource", {}).get("aws_iam_role", {}) if kind in id_
    ]
    assert ROLE in json.dumps([stack["resource"] for stack in found.values()])


@pytest.mark.parametrize("kind", TRIGGERS)
def test_what_starts_things_is_called_as_somebody_else_says(kind: str) -> None:
    settings = triggered(kind, physical_name="ML_it")
    given = {item.name.text for entry in given_names(settings) for item in entry if item.path.startswith(kind)}
    assert all("ML_it" in name for name in given)
    texts = json.dumps([stack.get("resource", {}) for stack in synthesized(settings).values()])
    assert "ML_it" in texts
    assert "terrabatch-test-it" not in texts


def test_a_pipeline_and_a_rule_are_found_by_names_of_their_own() -> None:
    outer = PipelineSettings(
        stages={"inner": PipelineStage(pipeline=PipelineExecution(pipeline="it"))}, timeout_seconds=7_200
    )
    inner = TRIGGERS["pipelines"]["it"].model_copy(update={"physical_name": "ML_inner"})
    rule = RuleSettings(
        event=ObjectCreated(bucket="data"), target=QueueMessage(queue="requests"), physical_name="ML_uploads"
    )
    schedule = ScheduleSettings(expression="rate(1 day)", target=PipelineExecution(pipeline="it"), group="nightly")
    found = synthesized(
        environment(
            pipelines={"it": inner, "outer": outer},
            rules={"uploads": rule},
            schedules={"nightly": schedule},
            schedule_groups={"nightly": ScheduleGroup(physical_name="ML_nights")},
        )
    )
    texts = json.dumps([stack.get("resource", {}) for stack in found.values()])
    assert "stateMachine:ML_inner:live" in texts
    assert "rule/ML_uploads" in texts
    assert "ML_nights" in texts
    assert "terrabatch-test-it" not in texts


@pytest.mark.parametrize("target", [QueueMessage(queue="requests"), FunctionCall(function="score")])
def test_a_rule_whose_target_says_who_may_send_takes_no_role(target: TargetSettings) -> None:
    made_rule = RuleSettings(event=ObjectCreated(bucket="data"), target=target)
    assert made_rule.role_arn is None
    assert refused(lambda: RuleSettings(event=ObjectCreated(bucket="data"), target=target, role_arn=ROLE)) == [
        f"role_arn: got {ROLE!r}"
    ]
