"""What the roles of a job may do and who may take them on, and the permission to submit it."""

import json

from cdktf import TerraformStack

from modules import arns
from modules.batch.job_definition import JobDefinition
from modules.iam.workload_role import WorkloadRole
from tests.conftest import Synthesized
from tests.modules.batch.samples import LOCATION, PLACEMENT, SPLUNK, define, fargate_job
from tests.policies import statements


def test_its_roles_are_called_after_it(stack: TerraformStack) -> None:
    define(stack, "fargate")
    names = {role["name"] for role in Synthesized(stack).all("aws_iam_role")}

    assert names == {"tb-test-fargate-job", "tb-test-fargate-job-execution"}


def test_both_roles_trust_tasks_of_this_account_only(stack: TerraformStack) -> None:
    define(stack, "fargate")
    trusts = [json.loads(role["assume_role_policy"])["Statement"] for role in Synthesized(stack).all("aws_iam_role")]

    assert (
        trusts
        == [
            [
                {
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
                    "Effect": "Allow",
                    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                }
            ]
        ]
        * 2
    )


def test_the_execution_role_may_pull_this_image_write_this_log_and_read_these_secrets_only(
    stack: TerraformStack,
) -> None:
    define(stack, "fargate")
    (policy,) = Synthesized(stack).all("aws_iam_role_policy")
    statements = {statement["Sid"]: statement for statement in json.loads(policy["policy"])["Statement"]}

    assert {sid: statement["Resource"] for sid, statement in statements.items()} == {
        "LogInToRegistry": "*",
        "PullImages": "arn:aws:ecr:us-east-1:111122223333:repository/embed",
        "WriteLogs": "arn:aws:logs:us-east-1:111122223333:log-group:/aws/batch/light:*",
        "ReadSecrets": "arn:aws:secretsmanager:us-east-1:111122223333:secret:hub-AbCdEf",
        "ReadParameters": "arn:aws:ssm:us-east-1:111122223333:parameter/embed/key",
    }


def test_the_execution_role_reads_the_secrets_of_all_containers_and_of_their_logs(stack: TerraformStack) -> None:
    define(stack, "ec2-group")
    found = statements(Synthesized(stack).named("aws_iam_role_policy", "start")["policy"])

    assert found["ReadSecrets"]["Resource"] == [
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:hub-AbCdEf",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:splunk-AbCdEf",
    ]
    assert found["ReadParameters"]["Resource"] == "arn:aws:ssm:us-east-1:111122223333:parameter/embed/key"
    assert "WriteLogs" in found


def test_what_logs_elsewhere_needs_no_right_to_write_logs(stack: TerraformStack) -> None:
    JobDefinition(stack, "job", name="tb-test-job", settings=fargate_job(logs=SPLUNK), placement=PLACEMENT)
    (policy,) = Synthesized(stack).all("aws_iam_role_policy")

    assert "WriteLogs" not in statements(policy["policy"])


def test_a_public_image_needs_no_right_to_pull(stack: TerraformStack) -> None:
    settings = fargate_job(image="public.ecr.aws/docker/library/python:3.13", secrets={})
    JobDefinition(stack, "job", name="tb-test-job", settings=settings, placement=PLACEMENT)
    (policy,) = Synthesized(stack).all("aws_iam_role_policy")

    assert [statement["Sid"] for statement in json.loads(policy["policy"])["Statement"]] == ["WriteLogs"]


def test_grant_submit_names_the_definition_and_the_queues(stack: TerraformStack) -> None:
    job = JobDefinition(stack, "job", name="tb-test-job", settings=fargate_job(), placement=PLACEMENT)
    role = WorkloadRole(
        stack, "caller", name="caller", services=["lambda.amazonaws.com"], account_id=None, description="caller"
    )
    job.grant_submit(role, [arns.job_queue(LOCATION, "light")])
    policy = Synthesized(stack).named("aws_iam_role_policy", "submit-job")

    assert json.loads(policy["policy"])["Statement"] == [
        {
            "Sid": "SubmitNamed",
            "Effect": "Allow",
            "Action": "batch:SubmitJob",
            "Resource": [
                "arn:aws:batch:us-east-1:111122223333:job-definition/tb-test-job",
                "arn:aws:batch:us-east-1:111122223333:job-definition/tb-test-job:*",
                "arn:aws:batch:us-east-1:111122223333:job-queue/light",
                "arn:aws:batch:us-east-1:111122223333:job/*",
            ],
        }
    ]


def test_grant_submit_includes_the_tags_that_are_asked_for(stack: TerraformStack) -> None:
    job = JobDefinition(stack, "job", name="tb-test-job", settings=fargate_job(), placement=PLACEMENT)
    role = WorkloadRole(
        stack, "caller", name="caller", services=["lambda.amazonaws.com"], account_id=None, description="caller"
    )
    job.grant_submit(role, [arns.job_queue(LOCATION, "light")], tags={"team": "search"})
    found = statements(Synthesized(stack).named("aws_iam_role_policy", "submit-job")["policy"])

    assert set(found) == {"SubmitNamed", "TagSubmissions", "TagNewJobs", "TagOwn"}
    # Without definitions and queues: these are its own to tag only as far as it submits them.
    assert found["TagOwn"]["Resource"] == "arn:aws:batch:us-east-1:111122223333:job/*"
