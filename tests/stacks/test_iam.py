"""What an account asks of IAM reaches everything that is made there; what exists is used and not granted to."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment, UnmanagedComputeEnvironment
from modules.batch.settings.teams import TeamAccess
from modules.settings import settings_in
from stacks.environment import Environment
from stacks.loading import load_environments
from stacks.physical_names import given_names
from tests.problems import refused
from tests.shipped import EXAMPLES
from tests.stacks.environments import environment, fargate_job
from tests.synthesized import synthesized

BOUNDARY = "arn:aws:iam::{}:policy/boundaries/workload"
ROLE = "arn:aws:iam::111122223333:role/platform/embed"
TYPES = ("aws_iam_role", "aws_iam_policy", "aws_iam_instance_profile")


def made(settings: Environment, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from blocks_of(synthesized(settings), *types)


def blocks_of(stacks: Mapping[str, Any], *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for document in stacks.values():
        for type_ in types:
            for block in document.get("resource", {}).get(type_, {}).values():
                yield type_, block


def test_teams_have_policies_below_the_path() -> None:
    teams = {"nlp": TeamAccess(tag_key="team", tag_value="nlp")}
    assert [block["path"] for _, block in made(environment(teams=teams, iam_path="/a/b/"), "aws_iam_policy")] == [
        "/a/b/"
    ]


def test_without_them_nothing_says_so() -> None:
    assert not any({"path", "permissions_boundary"} & set(block) for _, block in made(environment(), *TYPES))


@pytest.mark.parametrize("path", ["/", "ml/", "/ml", "/m l/", "//", f"/{'x' * 511}/"])
def test_a_path_stands_between_slashes(path: str) -> None:
    assert refused(lambda: environment(iam_path=path))[0].startswith("iam_path: ")


def test_a_path_may_be_as_long_as_iam_takes() -> None:
    assert environment(iam_path=f"/{'x' * 510}/")


def test_a_boundary_is_of_the_account_or_of_aws() -> None:
    assert environment(permissions_boundary_arn=BOUNDARY.format("111122223333"))
    assert environment(permissions_boundary_arn=BOUNDARY.format("aws"))
    other = BOUNDARY.format("444455556666")
    assert refused(lambda: environment(permissions_boundary_arn=other)) == [
        f"permissions_boundary_arn: 111122223333, got '{other}'"
    ]


def test_a_role_that_is_named_is_used_and_told_what_it_needs() -> None:
    job = fargate_job(job_role_arn=ROLE, execution_role_arn=ROLE)
    stack = synthesized(environment(job_definitions={"embed": job}))["test-batch"]
    (definition,) = [
        block for block in stack["resource"]["aws_batch_job_definition"].values() if block["name"].endswith("-embed")
    ]
    properties = json.loads(definition["container_properties"])
    required = stack["output"]["role_policies"]["value"][ROLE]
    sids = {statement["Sid"] for statement in json.loads(required["policy"])["Statement"]}

    assert (properties["jobRoleArn"], properties["executionRoleArn"]) == (ROLE, ROLE)
    assert {"ConsumeMessages", "ReadObjects", "WriteObjects", "WriteLogs", "PullImages"} <= sids
    assert not [
        block
        for _, block in made(environment(job_definitions={"embed": job}), "aws_iam_role")
        if "embed" in block["name"]
    ]


def test_where_all_roles_exist_none_is_made() -> None:
    (account,) = load_environments(["company-account"], EXAMPLES)
    left = account.model_copy(
        update={
            "job_definitions": {"export": account.job_definitions["export"]},
            "services": {"intake": account.services["intake"]},
            "production_waivers": {},
        }
    )
    assert list(made(left, *TYPES, "aws_iam_role_policy", "aws_iam_role_policy_attachment")) == []
    assert not [
        given for entry in given_names(left) for given in entry if given.name.kind in ("role", "instance profile")
    ]


def test_every_arn_of_a_role_is_read_by_something() -> None:
    (account,) = load_environments(["company-account"], EXAMPLES)
    named = {
        arn
        for _, kept in settings_in(account)
        for name, arn in kept.__dict__.items()
        if name.endswith(("role_arn", "profile_arn")) and arn
    }
    required = {
        arn
        for stack in synthesized(account).values()
        for arn in stack["output"].get("role_policies", {}).get("value", {})
    }
    assert named == required


def test_a_role_is_of_the_account() -> None:
    other = "arn:aws:iam::444455556666:role/embed"
    assert refused(lambda: environment(job_definitions={"embed": fargate_job(job_role_arn=other)})) == [
        f"job_definitions.embed.job_role_arn: 111122223333, got '{other}'"
    ]


@pytest.mark.parametrize("arn", ["embed", "arn:aws:iam::111122223333:user/embed", "arn:aws:iam::111122223333:role/"])
def test_a_role_is_named_by_its_arn(arn: str) -> None:
    assert refused(fargate_job, job_role_arn=arn) == [f"job_role_arn: got {arn!r}"]


def test_a_service_role_is_made_or_named() -> None:
    assert refused(Ec2ComputeEnvironment, max_vcpus=1, dedicated_service_role=True, service_role_arn=ROLE) == [
        "dedicated_service_role: got True"
    ]
    named = Ec2ComputeEnvironment(max_vcpus=1, service_role_arn=ROLE)
    dedicated = Ec2ComputeEnvironment(max_vcpus=1, dedicated_service_role=True)
    # Batch exchanges one such role for another in place, and neither for the service-linked one.
    assert named.name_prefix("a") == dedicated.name_prefix("a") != Ec2ComputeEnvironment(max_vcpus=1).name_prefix("a")


def test_an_unmanaged_environment_takes_a_service_role_too() -> None:
    capacity = UnmanagedComputeEnvironment(instance_types=["c6i.large"], instance_count=1, service_role_arn=ROLE)
    settings = environment(compute_environments={"own": capacity})
    (block,) = [block for _, block in made(settings, "aws_batch_compute_environment") if block["type"] == "UNMANAGED"]
    assert block["service_role"] == ROLE
