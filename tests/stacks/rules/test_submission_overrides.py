"""What a submission replaces of its job's container: a command, and sizes that there is room for."""

from typing import Any

import pytest

from modules.batch.settings.submissions import JobRequest, JobSubmission
from modules.batch.submission import SubmissionContext, submit_job_request
from modules.events.settings import RuleSettings
from modules.events.sources import HealthEvent
from modules.pipes.settings import PipeSettings
from modules.scheduler.settings import ScheduleSettings
from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment
from tests.modules.batch.samples import every_kind
from tests.problems import refused
from tests.stacks.environments import environment
from tests.synthesized import synthesized

SIZED: dict[str, Any] = {"command": ["embed", "--all"], "vcpus": 2.0, "memory_mib": 4_096}
RESOURCES = [{"type": "MEMORY", "value": "4096"}, {"type": "VCPU", "value": "2"}]


def request(kind: str, **changes: Any) -> dict[str, Any]:
    submission = JobSubmission(job_definition=kind, **changes)
    return submit_job_request("once", submission, SubmissionContext(every_kind()[kind], kind, "light"))


def submitted(job: str, **changes: Any) -> Environment:
    return environment(submissions={"once": JobSubmission(job_definition=job, **changes)})


def test_a_container_gets_another_command_and_size() -> None:
    override = request("fargate", **SIZED, environment={"LEVEL": "2"})["containerOverrides"]
    assert override == {
        "command": ["embed", "--all"],
        "environment": [{"name": "LEVEL", "value": "2"}],
        "resourceRequirements": RESOURCES,
    }


def test_all_nodes_get_another_command_and_size() -> None:
    (override,) = request("nodes", **SIZED, gpus=1, node_count=3)["nodeOverrides"]["nodePropertyOverrides"]
    assert override["targetNodes"] == "0:2"
    assert override["containerOverrides"] == {
        "command": ["embed", "--all"],
        "resourceRequirements": [{"type": "GPU", "value": "1"}, *RESOURCES],
    }


def test_without_changes_there_is_no_override() -> None:
    assert "containerOverrides" not in request("fargate")


def test_a_size_is_one_of_fargate() -> None:
    assert submitted("embed", vcpus=2.0, memory_mib=4_096)
    assert submitted("embed", memory_mib=8_192)  # of one vCPU, which the definition has
    assert refused(submitted, job="embed", memory_mib=9_216)[0].startswith("submissions.once.memory_mib: ")
    assert refused(submitted, job="embed", gpus=1) == ["submissions.once.gpus: got 1"]


def test_a_size_fits_the_capacity_of_the_queue() -> None:
    assert submitted("index", vcpus=8.0)
    (problem,) = refused(submitted, job="index", vcpus=9.0)
    assert problem.startswith("compute_environments.large: 9, 4,096")
    (problem,) = refused(submitted, job="train", memory_mib=20_000)
    assert problem.startswith("compute_environments.large: ")


def test_vcpus_are_whole_on_instances() -> None:
    assert refused(submitted, job="index", vcpus=1.5) == ["submissions.once.vcpus: got 1.5"]


@pytest.mark.parametrize("kind", ["eks", "fargate-group", "ec2-group"])
def test_of_several_containers_none_is_meant(kind: str) -> None:
    job = every_kind()[kind].model_copy(update={"job_queues": ("light",)})
    found = refused(
        lambda: environment(
            job_definitions={"several": job},
            submissions={"once": JobSubmission(job_definition="several", command=["a"], memory_mib=512)},
        )
    )
    assert {"submissions.once.command: got ['a']", "submissions.once.memory_mib: got 512"} <= set(found)


def starting(kind: str, job: JobRequest) -> Environment:
    starters: dict[str, Any] = {
        "schedules": ScheduleSettings(expression="rate(1 day)", target=job),
        "rules": RuleSettings(event=HealthEvent(), target=job),
        "pipes": PipeSettings(queue="asked", target=job),
    }
    queue = MessageQueueSettings(visibility_timeout_seconds=601)
    return environment(queues={"asked": queue}, **{kind: {"go": starters[kind]}})


def test_schedules_and_pipes_pass_it_on_and_rules_cannot() -> None:
    job = JobRequest(job_definition="embed", **SIZED)
    assert starting("schedules", job)
    (pipe,) = [
        block
        for stack in synthesized(starting("pipes", job)).values()
        for block in stack.get("resource", {}).get("aws_pipes_pipe", {}).values()
    ]
    override = pipe["target_parameters"]["batch_job_parameters"]["container_overrides"]
    assert override == {"command": ["embed", "--all"], "resource_requirement": RESOURCES}
    assert refused(starting, kind="rules", job=job) == [
        "rules.go.target.command: got ['embed', '--all']",
        "rules.go.target.memory_mib: got 4,096",
        "rules.go.target.vcpus: got 2.0",
    ]


def test_a_pipe_can_tell_no_nodes() -> None:
    found = refused(starting, kind="pipes", job=JobRequest(job_definition="train", command=["a"]))
    assert found == ["pipes.go.target.command: got ['a']"]
