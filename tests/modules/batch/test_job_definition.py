"""Every kind of job as Terraform is told it: a definition that Batch takes, retried and kept as it should be."""

import pytest
from cdktf import TerraformStack

from modules.batch.documents import JobContext
from modules.batch.job_definition import JobDefinition
from modules.batch.registration import registration
from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from modules.canonical_json import pruned
from tests.conftest import Synthesized
from tests.modules.batch.api import register_request, request_problems
from tests.modules.batch.samples import LOCATION, PLACEMENT, define, every_kind
from tests.problems import refused


@pytest.mark.parametrize("name", sorted(every_kind()))
def test_every_kind_of_job_is_what_register_job_definition_takes(stack: TerraformStack, name: str) -> None:
    request = register_request(define(stack, name)[name])

    assert request_problems("batch", "RegisterJobDefinition", request) == []


@pytest.mark.parametrize("name", sorted(every_kind()))
def test_what_is_measured_against_batch_s_limit_is_what_is_emitted(stack: TerraformStack, name: str) -> None:
    settings = every_kind()[name]
    definition = JobDefinition(stack, name, name=f"tb-test-{name}", settings=settings, placement=PLACEMENT)
    emitted = Synthesized(stack).one("aws_batch_job_definition")
    context = JobContext(
        job_role_arn=_reference(stack, f"tb-test-{name}-job"),
        execution_role_arn=_reference(stack, f"tb-test-{name}-job-execution"),
        log_group_name=PLACEMENT.log_group_name,
        log_stream_prefix=name,
        region=LOCATION.region,
        assign_public_ip=False,
        access_points=PLACEMENT.access_points,
        repository_uris=PLACEMENT.repository_uris,
    )

    measured = registration(definition.name, settings, context)

    assert pruned(register_request(emitted)) == pruned(measured)


def _reference(stack: TerraformStack, role_name: str) -> str:
    roles = Synthesized(stack).document["resource"].get("aws_iam_role", {})
    return "".join(f"${{aws_iam_role.{id_}.arn}}" for id_, role in roles.items() if role["name"] == role_name)


def test_retry_rules_keep_their_order(stack: TerraformStack) -> None:
    retry = define(stack, "fargate")["fargate"]["retry_strategy"]

    assert retry == {
        "attempts": 5,
        "evaluate_on_exit": [
            {"action": "RETRY", "on_status_reason": "Host EC2*"},
            {"action": "RETRY", "on_status_reason": "Your Spot Task was interrupted*"},
            {"action": "RETRY", "on_reason": "Cannot*"},
            {"action": "RETRY", "on_reason": "DockerTimeoutError*"},
            {"action": "EXIT", "on_reason": "*"},
        ],
    }


def test_old_revisions_are_kept(stack: TerraformStack) -> None:
    assert define(stack, "ec2")["ec2"]["deregister_on_new_revision"] is False


def test_an_eks_job_has_no_roles_no_platform_and_no_propagated_tags(stack: TerraformStack) -> None:
    definition = define(stack, "eks")["eks"]

    assert not {"platform_capabilities", "propagate_tags", "container_properties"} & set(definition)
    assert not Synthesized(stack).all("aws_iam_role")
    assert definition["eks_properties"]["pod_properties"]["host_network"] is False


@pytest.mark.parametrize("name", sorted(every_kind()))
def test_a_definition_has_one_kind_of_properties_and_the_type_that_goes_with_it(
    stack: TerraformStack, name: str
) -> None:
    definition = define(stack, name)[name]
    kinds = {
        "fargate": "container_properties",
        "ec2": "container_properties",
        "fargate-group": "ecs_properties",
        "ec2-group": "ecs_properties",
        "nodes": "node_properties",
        "eks": "eks_properties",
    }

    assert set(definition) & set(kinds.values()) == {kinds[name]}
    assert definition["type"] == ("multinode" if name == "nodes" else "container")


def test_another_kind_of_settings_is_an_error(stack: TerraformStack) -> None:
    class OtherJob(JobDefinitionSettings):
        """A kind of job that nobody knows."""

    settings = OtherJob(job_queues=["light"], timeout_seconds=60)
    with pytest.raises(TypeError, match="OtherJob is not a kind of job definition"):
        JobDefinition(stack, "job", name="tb-test-job", settings=settings, placement=PLACEMENT)


def test_a_place_is_given_in_one_way(stack: TerraformStack) -> None:
    settings = every_kind()["fargate"]
    assert refused(
        JobDefinition, scope=stack, id_="embed", settings=settings, placement=PLACEMENT, location=LOCATION
    ) == ["location"]
