import json
from typing import Any

import boto3
import pytest
from cdktf import App
from moto import mock_aws

from modules.batch.settings.submissions import JobDependency, JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.iam.access_settings import Access
from modules.vpc.settings import ExistingNetwork
from stacks.environment import Environment
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.modules.batch.api import register_request
from tests.policies import statements
from tests.stacks.environments import environment, fargate_job

NETWORK = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567"])


def batch(settings: Environment) -> Synthesized:
    """Return the Batch stack of a platform, in a network that need not be made."""
    app = App(stack_traces=False)
    build_platform(app, settings.model_copy(update={"network": NETWORK}))
    return Synthesized(app.node.find_child("test-batch"))  # type: ignore[arg-type]


def output(settings: Environment, name: str) -> Any:
    return batch(settings).document["output"][name]["value"]


SCORE = fargate_job(job_queues=["shared"], scheduling_priority=1)
SUBMISSIONS = {
    "shard": JobSubmission(job_definition="embed", array_size=8),
    "again": JobSubmission(
        job_definition="embed", array_size=8, depends_on=[JobDependency(submission="shard", type="N_TO_N")]
    ),
}


def test_a_jobs_role_has_the_permissions_of_its_access_and_no_others() -> None:
    stack = batch(environment())
    role = stack.address("aws_iam_role", "terrabatch-test-embed-job")
    granted = [
        statement
        for policy in stack.all("aws_iam_role_policy")
        if policy["role"] == f"${{{role}.name}}"
        for statement in statements(policy["policy"]).values()
    ]

    assert sorted(action for statement in granted for action in _many(statement["Action"])) == [
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
    ]
    assert all(resource != "*" for statement in granted for resource in _many(statement["Resource"]))


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_a_job_may_submit_end_and_look_at_jobs_where_its_access_says_so() -> None:
    access = Access(submit=["index"], terminate_jobs=True, describe_jobs=True)
    stack = batch(environment(job_definitions={"embed": fargate_job(access=access)}))
    policies = {
        name: statements(stack.named("aws_iam_role_policy", name)["policy"])
        for name in ("submit-index", "end-jobs", "describe-jobs")
    }

    assert policies["submit-index"]["SubmitNamed"]["Resource"] == [
        "arn:aws:batch:us-east-1:111122223333:job-definition/terrabatch-test-index",
        "arn:aws:batch:us-east-1:111122223333:job-definition/terrabatch-test-index:*",
        "arn:aws:batch:us-east-1:111122223333:job-queue/terrabatch-test-large",
        "arn:aws:batch:us-east-1:111122223333:job/*",
    ]
    # The submission's tags are checked on definition and queue.
    assert policies["submit-index"]["TagSubmissions"] == {
        "Effect": "Allow",
        "Action": "batch:TagResource",
        "Resource": policies["submit-index"]["SubmitNamed"]["Resource"][:-1],
        "Condition": {"StringEquals": {"aws:RequestTag/environment": "test", "aws:RequestTag/project": "terrabatch"}},
    }
    assert policies["submit-index"]["TagNewJobs"]["Condition"]["Null"] == {
        "aws:ResourceTag/environment": "true",
        "aws:ResourceTag/project": "true",
    }
    tags = {"aws:ResourceTag/environment": "test", "aws:ResourceTag/project": "terrabatch"}
    assert policies["end-jobs"]["EndJobs"]["Condition"] == {"StringEquals": tags}
    assert policies["describe-jobs"]["DescribeBatch"]["Resource"] == "*"


def test_compute_environments_and_jobs_say_what_belongs_to_them() -> None:
    stack, outputs = batch(environment()), batch(environment()).document["output"]
    (light,) = [
        f"aws_batch_compute_environment.{id_}"
        for id_ in stack.document["resource"]["aws_batch_compute_environment"]
        if "_light_" in id_
    ]
    assert outputs["compute_environments"]["value"]["light"] == {
        "arn": f"${{{light}.arn}}",
        "name": f"${{{light}.name}}",
        "ecs_cluster_arn": f"${{{light}.ecs_cluster_arn}}",
    }
    embed = outputs["job_definitions"]["value"]["embed"]
    assert embed["job_role_arn"] == f"${{{stack.address('aws_iam_role', 'terrabatch-test-embed-job')}.arn}}"
    assert embed["execution_role_arn"].startswith("${aws_iam_role.job_definitions_embed_execution-role_")


def test_every_job_definition_has_a_submission_that_is_ready_to_run() -> None:
    jobs = output(environment(job_definitions={"score": SCORE}), "job_definitions")
    requests = {name: json.loads(job["submit_job_request"]) for name, job in jobs.items()}

    assert requests["embed"] == {
        "jobName": "embed",
        "jobQueue": "terrabatch-test-light",
        "jobDefinition": "terrabatch-test-embed",
        "propagateTags": True,
        "tags": {"environment": "test", "project": "terrabatch"},
    }
    assert {name: job.get("share_identifiers") for name, job in jobs.items()} == {
        "embed": None,
        "index": None,
        "score": ["search", "tenant*"],
        "train": None,
    }


def test_a_script_submits_what_its_arguments_name() -> None:
    script = output(environment(submissions=SUBMISSIONS), "submission_script")

    assert script.startswith("set -eu\n")
    # Terraform reads $${ as a plain ${, which is the shell's.
    assert '--depends-on jobId="$${shard_job_id:?the job id of shard}",type=N_TO_N' in script


def test_a_queue_and_its_environments_are_destroyed_in_that_order_since_the_queue_refers_to_them() -> None:
    stack = batch(environment())
    light = stack.named("aws_batch_job_queue", "terrabatch-test-light")
    (reference,) = [item["compute_environment"] for item in light["compute_environment_order"]]

    assert reference.startswith("${aws_batch_compute_environment.compute_environments_light_")


def test_a_team_has_a_policy_whose_arn_is_an_output() -> None:
    access = TeamAccess(
        tag_value="search",
        shared_job_queues=["shared"],
        shared_job_definitions=["embed"],
        share_identifier="search",
    )
    settings = environment(teams={"search": access})

    assert output(settings, "team_policies")["search"].startswith("${aws_iam_policy.teams_search_")
    named = statements(batch(settings).one("aws_iam_policy")["policy"])
    assert named["SubmitNamed"]["Resource"] == [
        "arn:aws:batch:us-east-1:111122223333:job-definition/terrabatch-test-embed",
        "arn:aws:batch:us-east-1:111122223333:job-definition/terrabatch-test-embed:*",
        "arn:aws:batch:us-east-1:111122223333:job-queue/terrabatch-test-shared",
        "arn:aws:batch:us-east-1:111122223333:job/*",
    ]
    # Every job of the platform carries these, so that no team can make one its own.
    assert set(named["TagNewJobs"]["Condition"]["Null"]) == {
        "aws:ResourceTag/environment",
        "aws:ResourceTag/project",
        "aws:ResourceTag/team",
    }


def test_addresses_do_not_change_when_something_is_added() -> None:
    def addresses(settings: Environment) -> set[tuple[str, str]]:
        resources = batch(settings).document["resource"]
        return {(type_, name) for type_, items in resources.items() for name in items}

    before = addresses(environment())
    after = addresses(environment(job_definitions={"another": fargate_job()}))

    assert before < after


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws(config={"batch": {"use_docker": False}}):
        yield boto3.client("batch", region_name="us-east-1")


def test_a_local_batch_accepts_every_definition_queue_and_submission(aws: Any) -> None:
    settings = environment(
        job_definitions={"score": SCORE},
        submissions=SUBMISSIONS | {"score": JobSubmission(job_definition="score", share_identifier="search")},
    )
    stack = batch(settings)
    _make_queues(aws, [queue["name"] for queue in stack.all("aws_batch_job_queue")])
    for definition in stack.all("aws_batch_job_definition"):
        registered = register_request(definition)
        aws.register_job_definition(**registered)

    ids: dict[str, str] = {}
    for name in ("shard", "again", "score"):
        request = json.loads(stack.document["output"]["submissions"]["value"][name]["request"])
        request["dependsOn"] = [
            item | {"jobId": ids[item["jobId"].strip("<>")]} for item in request.get("dependsOn", [])
        ]
        ids[name] = aws.submit_job(**request)["jobId"]

    described = {job["jobName"]: job for job in aws.describe_jobs(jobs=list(ids.values()))["jobs"]}
    assert described["shard"]["arrayProperties"]["size"] == 8
    assert {job["jobId"] for job in described.values()} == set(ids.values())


def _make_queues(aws: Any, names: list[str]) -> None:
    """Make the queues on an environment without capacity: what is tested is what they are sent."""
    iam = boto3.client("iam", region_name="us-east-1")
    role = iam.create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    arn = aws.create_compute_environment(
        computeEnvironmentName="none", type="UNMANAGED", state="ENABLED", serviceRole=role
    )["computeEnvironmentArn"]
    for name in names:
        order = [{"order": 0, "computeEnvironment": arn}]
        aws.create_job_queue(jobQueueName=name, state="ENABLED", priority=1, computeEnvironmentOrder=order)
