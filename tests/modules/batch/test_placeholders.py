"""Parameters go into commands as Ref::name, and nothing else does what it looks like."""

from typing import Any

import pytest

from modules.batch.settings.eks_job_definitions import EksContainer, EksJobDefinition
from modules.batch.settings.submissions import JobSubmission
from tests.modules.batch.samples import IMAGE
from tests.problems import refused
from tests.stacks.environments import ec2_job, fargate_job

DATE = {"date": "today"}


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (["Ref::date"], []),
        (["--date=Ref::date", "x"], []),
        (["Ref::date.csv"], []),
        (["s3://data/Ref::date/Ref::date.csv"], []),
        (["Ref::date", "Ref::day"], ["command: got 'Ref::day'"]),
        (["Ref::date", "ref::date"], ["command[1]: got 'ref::date'"]),
        (["Ref::date", "REF::date"], ["command[1]: got 'REF::date'"]),
        (["Ref::date", "ref::other"], []),
        (["Ref::date", "Ref::"], []),
        (["Ref::date", "$date"], ["command[1]: got '$date'"]),
        (["Ref::date", "${date}"], ["command[1]: got '${date}'"]),
        (["Ref::date", "sh", "-c", "$date"], []),
        (["Ref::date", "$other"], []),
        (["Ref::date", "a$date"], []),
    ],
)
@pytest.mark.parametrize("job", [fargate_job, ec2_job])
def test_only_a_declared_parameter_is_replaced(job: Any, command: list[str], found: list[str]) -> None:
    if found:
        assert refused(job, command=command, parameters=DATE) == found
    else:
        assert job(command=command, parameters=DATE)


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (["run", "$MODEL"], ["command[1]: got '$MODEL'"]),
        (["run", "${AWS_BATCH_JOB_ARRAY_INDEX}"], ["command[1]: got '${AWS_BATCH_JOB_ARRAY_INDEX}'"]),
        (["sh", "-c", "run $MODEL", "$MODEL"], []),
        (["$MODEL"], []),
        (["run", "$OTHER"], []),
    ],
)
def test_no_shell_puts_variables_into_a_command(command: list[str], found: list[str]) -> None:
    def build() -> object:
        return fargate_job(command=command, environment={"MODEL": "minilm"})

    if found:
        assert refused(build) == found
    else:
        assert build()


def test_a_parameter_that_no_command_uses_is_told() -> None:
    assert refused(fargate_job, command=["embed"], parameters=DATE) == ["parameters.date: got 'today'"]
    assert refused(fargate_job, parameters=DATE) == ["parameters.date: got 'today'"]


@pytest.mark.parametrize(("value", "is_one"), [("Ref::date", True), ("a-Ref::date", True), ("My::Ref::date", False)])
def test_environment_variables_take_no_parameters(value: str, is_one: bool) -> None:
    def job() -> object:
        return fargate_job(command=["Ref::date"], environment={"DATE": value}, parameters=DATE)

    def pod() -> object:
        container = EksContainer(image=IMAGE, vcpus=1, memory_mib=4, args=["Ref::date"], environment={"DATE": value})
        return EksJobDefinition(
            job_queues=["pods"], timeout_seconds=60, containers={"main": container}, parameters=DATE
        )

    def submission() -> object:
        return JobSubmission(job_definition="embed", environment={"DATE": value})

    for build, path in ((job, ""), (pod, "containers.main."), (submission, "")):
        if is_one:
            assert refused(build) == [f"{path}environment.DATE: got {value!r}"]
        else:
            assert build()
