"""Images of private registries, and parameters by name: what the execution role reads, and what the APIs are told."""

import json
from typing import Any

import pytest

from modules.containers.documents import container_document
from modules.ecr.image import RepositoryImage
from modules.iam.execution_role import execution_statements
from modules.iam.secret_settings import NamedSsmParameter, RepositoryCredentials
from modules.naming import AwsLocation
from stacks.environment import Environment
from tests.problems import refused
from tests.stacks.environments import ec2_job, environment, fargate_job
from tests.synthesized import synthesized

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:login-a1B2c3"
KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
LOGIN = RepositoryCredentials(secret_arn=SECRET, kms_key_arn=KEY)
PRIVATE = "registry.acme.example/embed:1"
HERE = AwsLocation("us-east-1", "111122223333")


def start_policy(settings: Environment) -> dict[str, Any]:
    policies = synthesized(settings)["test-batch"]["resource"]["aws_iam_role_policy"]
    (document,) = [json.loads(block["policy"]) for id_, block in policies.items() if "embed_execution-role" in id_]
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_a_container_is_told_where_the_credentials_are() -> None:
    document = container_document(fargate_job(image=PRIVATE, repository_credentials=LOGIN), {})
    assert document["repositoryCredentials"] == {"credentialsParameter": SECRET}
    assert container_document(fargate_job(), {})["repositoryCredentials"] == {"credentialsParameter": None}


def test_the_execution_role_reads_them_and_pulls_nothing_of_ecr() -> None:
    job = fargate_job(image=PRIVATE, repository_credentials=LOGIN)
    found = start_policy(environment(job_definitions={"embed": job}))
    assert found["ReadSecrets"]["Resource"] == SECRET
    assert found["DecryptSecrets"]["Resource"] == KEY
    assert "PullImages" not in found


@pytest.mark.parametrize(
    "image", [RepositoryImage(repository="embed", tag="1"), "111122223333.dkr.ecr.us-east-1.amazonaws.com/a:1"]
)
def test_ecr_wants_none(image: Any) -> None:
    assert refused(ec2_job, image=image, repository_credentials=LOGIN) == [
        "repository_credentials: got a RepositoryCredentials"
    ]
    assert ec2_job(image="public.ecr.aws/a/b:1", repository_credentials=LOGIN)


def test_a_parameter_is_named_and_read_in_the_own_account_and_region() -> None:
    for name in ("/ml/token", "token"):
        secret = NamedSsmParameter(parameter_name=name)
        (statement,) = execution_statements(
            images=[], repository_uris={}, pull_through_prefixes=[], log_group_arns=[], secrets=[secret], location=HERE
        )
        assert secret.value_from() == name
        assert statement["Resource"] == f"arn:aws:ssm:us-east-1:111122223333:parameter/{name.removeprefix('/')}"


@pytest.mark.parametrize("name", ["", "/", "a//b", "/a/", "a b", "a" * 1_012])
def test_a_parameter_has_a_name_that_systems_manager_takes(name: str) -> None:
    assert len(refused(NamedSsmParameter, parameter_name=name)) == 1


@pytest.mark.parametrize(
    ("name", "is_taken"), [("spring.datasource.url", True), ("A-B", True), (".a", False), ("1a", False)]
)
def test_a_variable_may_have_dots(name: str, is_taken: bool) -> None:
    if is_taken:
        assert fargate_job(environment={name: "1"}).environment == {name: "1"}
    else:
        assert refused(fargate_job, environment={name: "1"})
