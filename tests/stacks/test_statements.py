"""Statements of the user's own, and deletion, from an environment to the policy of the role."""

import json
from typing import Any

import pytest

from modules.iam.access_settings import Access, BucketAccess
from modules.iam.statement_settings import PolicyStatement
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from tests.problems import missing_endpoints, problems_of, refused
from tests.stacks.environments import environment, fargate_job
from tests.synthesized import synthesized

READ_ONLY = PolicyStatement(actions=["sns:Publish"], resources=["arn:aws:sns:us-east-1:111122223333:done"])


def with_access(**access: Any) -> dict[str, Any]:
    return {"job_definitions": {"embed": fargate_job(access=Access(**access))}}


def policies(settings: Environment) -> dict[str, Any]:
    blocks = synthesized(settings)["test-batch"]["resource"]["aws_iam_role_policy"].values()
    return {block["name"]: json.loads(block["policy"])["Statement"] for block in blocks}


def test_a_statement_is_a_policy_of_its_own() -> None:
    found = policies(environment(**with_access(statements={"tell": READ_ONLY})))
    assert [(item["Sid"], item["Action"]) for item in found["statement-tell"]] == [("Tell", "sns:Publish")]


def test_deletion_is_of_what_it_names_only() -> None:
    found = policies(environment(**with_access(delete=[BucketAccess(bucket="data", prefix="old/")])))
    ((name, (statement,)),) = [item for item in found.items() if item[0].startswith("delete-data")]
    assert statement["Action"] == "s3:DeleteObject", name
    assert statement["Resource"].endswith("/old/*")


def test_what_is_deleted_from_is_a_bucket_of_the_environment() -> None:
    assert "job_definitions.embed.access.delete[0].bucket: got 'dta'" in refused(
        lambda: environment(**with_access(delete=[BucketAccess(bucket="dta")]))
    )


def test_a_resource_of_another_partition_is_refused() -> None:
    china = PolicyStatement(actions=["sns:Publish"], resources=["*", "arn:aws-cn:sns:cn-north-1:111122223333:done"])
    (problem,) = problems_of(lambda: environment(**with_access(statements={"tell": china})))
    assert problem.path == "job_definitions.embed.access.statements.tell.resources[1]"


def test_a_service_that_is_called_needs_its_endpoint_where_there_is_no_way_out() -> None:
    def closed(*more: Any) -> dict[str, Any]:
        endpoints = ["ecr.api", "ecr.dkr", "logs", "ecs", "ecs-agent", "ecs-telemetry", *more]
        network = PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=0, interface_endpoints=endpoints)
        return {"network": network, **with_access(statements={"tell": READ_ONLY})}

    assert environment(**closed("sns"))
    assert missing_endpoints(lambda: environment(**closed())) == ["sns"]


@pytest.mark.parametrize(
    ("action", "needed"),
    [
        ("bedrock:InvokeModel", {"interface_endpoints": "bedrock-runtime"}),
        ("bedrock:ListFoundationModels", {}),
        ("sagemaker:InvokeEndpoint", {"interface_endpoints": "sagemaker.runtime"}),
        ("kinesis:PutRecords", {"interface_endpoints": "kinesis-streams"}),
        ("firehose:PutRecord", {"interface_endpoints": "kinesis-firehose"}),
        ("cloudwatch:PutMetricData", {"interface_endpoints": "monitoring"}),
        ("athena:StartQueryExecution", {"interface_endpoints": "athena"}),
        ("dynamodb:GetItem", {"gateway_endpoints": "dynamodb"}),
    ],
)
def test_what_a_statement_allows_goes_through_the_endpoint_of_its_service(action: str, needed: dict[str, str]) -> None:
    statement = PolicyStatement(actions=[action], resources=["*"])

    def closed(**more: str) -> Environment:
        endpoints: dict[str, Any] = {
            "interface_endpoints": ["ecr.api", "ecr.dkr", "logs", "ecs", "ecs-agent", "ecs-telemetry"]
        }
        for setting, service in more.items():
            endpoints[setting] = [*endpoints.get(setting, []), service]
        network = PrivateNetwork(availability_zones=["us-east-1a"], **endpoints)
        return environment(network=network, **with_access(statements={"tell": statement}))

    assert closed(**needed).network
    if needed:
        (problem,) = problems_of(closed)
        ((setting, service),) = needed.items()
        assert (problem.path, service in problem.rule) == (f"network.{setting}", True)
