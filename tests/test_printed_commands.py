"""Every AWS CLI command that is put out or in a page is run, with the AWS CLI, against a local AWS."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.batch.models import Job, batch_backends
from moto.core import DEFAULT_ACCOUNT_ID

from rehearsal import local_aws
from rehearsal.lending import lend
from stacks.loading import PACKAGE
from tests.aws_cli import aws_cli, serve_aws
from tests.modules.batch.api import register_request
from tests.modules.ecs.test_documents import register_request as register_task_request
from tests.processes import PROJECT
from tests.shipped import EXAMPLES, shipped_stacks

COMMAND = re.compile(r"\baws [a-z][a-z0-9-]+ [a-z]+-[a-z-]+\b")
WHOLE = re.compile(rf"(?<=`){COMMAND.pattern}[^`]*(?=`)")  # as a page has it that is to be typed
SCRIPTS = ("submission_script", "run_task_script")

STACKS = {**shipped_stacks(PACKAGE), **shipped_stacks(EXAMPLES)}
WITH_SCRIPTS = [(stack, name) for stack, document in STACKS.items() for name in SCRIPTS if name in document["output"]]


@cache
def _client(service: str, region: str, url: str) -> Any:
    return boto3.client(service, region_name=region, endpoint_url=url)


class LocalAws:
    """A local AWS with what a stack's jobs and tasks need, and a shell that has the AWS CLI for it."""

    def __init__(self, stack: str, url: str, environ: Mapping[str, str]) -> None:
        self.document = STACKS[stack]
        (provider,) = self.document["provider"]["aws"]
        self._region, self._url, self._environ = provider["region"], url, environ
        self.batch, self.ecs = self._client("batch"), self._client("ecs")
        self._values: dict[str, str] = {}

    def _client(self, service: str) -> Any:
        return _client(service, self._region, self._url)

    def _resources(self, type_: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document["resource"].get(type_, {})
        return found

    def make(self) -> None:
        """Make what is submitted and run, on capacity that has no jobs and one instance in each cluster."""
        role = self._client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        capacity = self.batch.create_compute_environment(
            computeEnvironmentName="none", type="UNMANAGED", state="ENABLED", serviceRole=role
        )["computeEnvironmentArn"]
        output = json.dumps(self.document["output"].get("submission_script"))
        for name in sorted(set(re.findall(r'jobQueue\\+": \\+"([^"\\]+)', output))):  # somebody else's as well
            self.batch.create_job_queue(
                jobQueueName=name,
                state="ENABLED",
                priority=1,
                computeEnvironmentOrder=[{"order": 0, "computeEnvironment": capacity}],
            )
        for address, definition in self._resources("aws_batch_job_definition").items():
            arn = self.batch.register_job_definition(**register_request(definition))["jobDefinitionArn"]
            self._values[f"aws_batch_job_definition.{address}.arn"] = arn
        theirs = {"image": "theirs", "memory": 128, "vcpus": 1}
        for name, revision in sorted(set(re.findall(r'jobDefinition\\+": \\+"([\w-]+):?(\d*)', output))):
            for _ in range(int(revision or 1)):
                self.batch.register_job_definition(jobDefinitionName=name, type="container", containerProperties=theirs)
        for cluster in self._resources("aws_ecs_cluster").values():
            self.ecs.create_cluster(clusterName=cluster["name"])
            self._add_instance(cluster["name"])
        for definition in self._resources("aws_ecs_task_definition").values():
            request = register_task_request(definition)
            for container in request["containerDefinitions"]:
                container.setdefault("memory", 64)  # the local AWS cannot do without, where a task has its own
            self.ecs.register_task_definition(**request)

    def _add_instance(self, cluster: str) -> None:
        ec2 = self._client("ec2")
        (instance,) = ec2.run_instances(ImageId="ami-01234567", MinCount=1, MaxCount=1)["Instances"]
        document = json.dumps({"instanceId": instance["InstanceId"]})
        self.ecs.register_container_instance(cluster=cluster, instanceIdentityDocument=document)

    @property
    def jobs(self) -> Mapping[str, Job]:
        """What was submitted, by id."""
        found: Mapping[str, Job] = batch_backends[DEFAULT_ACCOUNT_ID][self._region]._jobs
        return found

    def script(self, name: str) -> str:
        """Return the script as Terraform puts it out: expressions evaluated, and the escaped ones as they are meant."""
        text: str = self.document["output"][name]["value"]
        subnet = self._client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
        lend((DEFAULT_ACCOUNT_ID, self._region, id_) for id_ in sorted(set(re.findall(r"subnet-[0-9a-f]{8,17}", text))))

        def value(match: re.Match[str]) -> str:
            return self._values.get(match[1]) or (subnet if "subnet" in match[1] else "sg-01234567")

        return re.sub(r"(?<!\$)\$\{([^}]+)\}", value, text).replace("$${", "${")

    def run(self, name: str, *choice: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run it as one would: ``terraform output -raw … | sh -s CHOICE``."""
        return subprocess.run(
            ["sh", "-s", *choice],
            input=self.script(name),
            env={**self._environ, **variables},
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )

    def run_line(self, text: str, entry: str) -> subprocess.CompletedProcess[str]:
        """Run a line with the state machine or the archive that it needs."""
        role = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/states"
        document = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
        machine = self._client("stepfunctions").create_state_machine(name=entry, definition=document, roleArn=role)
        bus = f"arn:aws:events:{self._region}:{DEFAULT_ACCOUNT_ID}:event-bus/default"
        archive = self._client("events").create_archive(ArchiveName=entry, EventSourceArn=bus)["ArchiveArn"]
        for expression, arn in (
            ("aws_sfn", machine["stateMachineArn"]),
            ("aws_cloudwatch_event_archive", archive),
            ("aws_cloudwatch_event_bus", bus),
        ):
            text = re.sub(rf"\$\{{{expression}[^}}]+\}}", arn, text)
        text = re.sub(r"arn:aws:events:[\w-]+:\d+:event-bus/[\w.-]+", bus, text).replace("$${", "${")
        times = {"FROM": "2026-11-01T00:00:00Z", "TO": "2026-11-02T00:00:00Z"}
        words = ["sh", "-euc", re.sub(r"\$\{aws_[^}]+\}", "arn:aws:events:us-east-1:111122223333:rule/a", text)]
        return subprocess.run(
            words, env={**self._environ, **times}, text=True, capture_output=True, timeout=60, check=False
        )

    def choices(self, name: str) -> list[list[str]]:
        """Return what the script says it can do, each with every last word; some of those that * stands for."""
        listed = self.run(name)
        assert (listed.returncode, listed.stdout) == (2, "")
        lines = [line.split() for line in listed.stderr.splitlines()[1:]]
        return [[*words, last.replace("*", "any1")] for *words, lasts in lines for last in lasts.split("|")]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve_aws() as url:
        yield url


@pytest.fixture
def cli(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the address of a local AWS and the environment of scripts that reach it; no region is set anywhere."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setattr(Job, "start", lambda job: None)  # it stays submitted
    local_aws.install(lambda owner, name, value: monkeypatch.setattr(owner, name, value, raising=False))
    with aws_cli(tmp_path) as environ:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        yield url, environ


def lines() -> Iterator[tuple[str, str, str, str]]:
    """Yield stack, output, short name and text of each command that is no script."""
    for stack, document in STACKS.items():
        for name, output in document.get("output", {}).items():
            for entry, values in output["value"].items() if isinstance(output["value"], dict) else ():
                texts = values.values() if isinstance(values, dict) else [values]
                yield from ((stack, name, entry, text) for text in texts if COMMAND.search(str(text)))


def test_no_other_output_has_a_command() -> None:
    found = {
        (stack, name)
        for stack, document in STACKS.items()
        for name, output in document.get("output", {}).items()
        if COMMAND.search(json.dumps(output))
    }
    assert found == {*WITH_SCRIPTS, *((stack, name) for stack, name, _, _ in lines())}
    assert len(found) > 8


def test_every_pipeline_is_started_and_every_archive_replayed(cli: tuple[str, Mapping[str, str]]) -> None:
    ran = set()
    for number, (stack, name, entry, text) in enumerate(lines()):
        ran.add(name)
        done = LocalAws(stack, *cli).run_line(text, f"{entry}-{number}")
        assert (done.returncode, done.stderr) == (0, ""), (stack, entry, text)
        assert "arn:aws:" in done.stdout
    assert ran == {"pipelines", "rules"}


@pytest.mark.parametrize(("stack", "name"), WITH_SCRIPTS)
def test_every_command_that_is_put_out_runs(stack: str, name: str, cli: tuple[str, Mapping[str, str]]) -> None:
    aws = LocalAws(stack, *cli)
    choices = aws.choices(name)
    refused = aws.run(name, *choices[0])  # what it needs is not there yet
    assert (refused.returncode, refused.stdout) == (255, "")
    aws.make()
    for choice in choices:
        done = aws.run(name, *choice, **_job_ids(aws))
        assert (done.returncode, done.stderr) == (0, ""), choice
        if name == "run_task_script":
            assert aws.ecs.describe_tasks(cluster=done.stdout.split("/")[1], tasks=[done.stdout.strip()])["tasks"]
        elif choice == ["all"]:
            _check_all(aws, done.stdout)
        else:
            assert aws.jobs[done.stdout.strip()].job_name == choice[1]


def _job_ids(aws: LocalAws) -> dict[str, str]:
    """Return the shell variables that submissions after others are told these by."""
    names = aws.document["output"].get("submissions", {"value": {}})["value"]
    return {f"{name.replace('-', '_')}_job_id": "12345678-1234-1234-1234-123456789012" for name in names}


def _check_all(aws: LocalAws, printed: str) -> None:
    """Check that each job was submitted, and after those that it waits for."""
    outputs = aws.document["output"]["submissions"]["value"]
    requests = {name: json.loads(output["request"]) for name, output in outputs.items()}
    ids = dict(line.split() for line in printed.splitlines())
    assert set(ids) == set(requests)
    for name, id_ in ids.items():
        asked = [item["jobId"].strip("<>") for item in requests[name].get("dependsOn", []) if "jobId" in item]
        waits = [item["jobId"] for item in aws.jobs[id_].depends_on or [] if "jobId" in item]
        assert waits == [ids[other] for other in asked]


def test_a_submission_that_waits_for_others_asks_for_their_job_ids(cli: tuple[str, Mapping[str, str]]) -> None:
    aws = LocalAws("gpu-training-batch", *cli)
    aws.make()
    refused = aws.run("submission_script", "submission", "corpus-2026-check")
    assert (refused.returncode != 0, refused.stdout) == (True, "")
    assert "corpus_2026_job_id: the job id of corpus-2026" in refused.stderr


def test_every_command_in_the_pages_is_one_that_there_is(cli: tuple[str, Mapping[str, str]]) -> None:
    pages = [*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")]
    found = {command for page in pages for form in (COMMAND, WHOLE) for command in form.findall(page.read_text())}
    assert {"aws ec2 describe-instance-types", "aws ecs execute-command"} <= found
    _, environ = cli
    for command in sorted(found):
        words = ["sh", "-c", f"{command} --region us-east-1"]
        done = subprocess.run(words, env=environ, text=True, capture_output=True, timeout=60, check=False)
        # Those that are only named lack arguments; none may be one, or have options, that the CLI does not know.
        is_refused_by_aws = done.returncode == 255 and "Unknown options" not in done.stderr
        assert is_refused_by_aws or done.returncode == 0 or "arguments are required" in done.stderr, command
