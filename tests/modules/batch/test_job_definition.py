import json
from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.documents import JobContext, ecs_job
from modules.batch.job_definition import JobDefinition
from modules.batch.pods import eks_job
from modules.batch.registration import registration
from modules.batch.settings.eks_job_definitions import EksJobDefinition
from modules.batch.settings.job_definitions import JobDefinitionSettings
from modules.canonical_json import pruned
from modules.iam.workload_role import WorkloadRole
from tests.conftest import Synthesized
from tests.modules.batch.api import request_problems
from tests.modules.batch.samples import LOCATION, PLACEMENT, SPLUNK, every_kind, fargate_job
from tests.policies import statements

DOCUMENTS = ("container_properties", "ecs_properties", "node_properties")


def define(stack: TerraformStack, *names: str) -> dict[str, dict[str, Any]]:
    """Define the sample jobs of these names; return the emitted definitions by short name."""
    for name in names:
        JobDefinition(stack, name, name=f"tb-test-{name}", settings=every_kind()[name], placement=PLACEMENT)
    definitions = Synthesized(stack).all("aws_batch_job_definition")
    return {definition["name"].removeprefix("tb-test-"): definition for definition in definitions}


def register_request(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the RegisterJobDefinition request that the provider makes of an emitted definition."""
    keys = {
        "name": "jobDefinitionName",
        "type": "type",
        "parameters": "parameters",
        "platform_capabilities": "platformCapabilities",
        "propagate_tags": "propagateTags",
        "scheduling_priority": "schedulingPriority",
        "tags": "tags",
    }
    request = {key: definition[name] for name, key in keys.items() if name in definition}
    for name in DOCUMENTS:
        if name in definition:
            request[_camel(name)] = json.loads(definition[name])
    request["timeout"] = {"attemptDurationSeconds": definition["timeout"]["attempt_duration_seconds"]}
    retry = definition["retry_strategy"]
    rules = [{_camel(key): value for key, value in rule.items()} for rule in retry.get("evaluate_on_exit", [])]
    request["retryStrategy"] = {"attempts": retry["attempts"], "evaluateOnExit": rules}
    if "eks_properties" in definition:
        request["eksProperties"] = {"podProperties": _pod(definition["eks_properties"]["pod_properties"])}
    return request


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _pod(block: Any) -> Any:
    """Return the API's form of the provider's blocks, whose names differ in two places."""
    renamed = {"imagePullSecret": "imagePullSecrets", "readOnlyRootFileSystem": "readOnlyRootFilesystem"}
    if isinstance(block, list):
        return [_pod(item) for item in block]
    if not isinstance(block, dict):
        return block
    kept = {key: value if key in {"limits", "requests", "labels"} else _pod(value) for key, value in block.items()}
    return {renamed.get(_camel(key), _camel(key)): value for key, value in kept.items()}


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
    of_its_kind = (
        eks_job(settings, PLACEMENT.repository_uris)
        if isinstance(settings, EksJobDefinition)
        else ecs_job(settings, context)
    )

    measured = registration(definition.name, settings, of_its_kind, tags={})

    assert pruned(register_request(emitted)) == pruned(measured)


def _reference(stack: TerraformStack, role_name: str) -> str:
    roles = Synthesized(stack).document["resource"].get("aws_iam_role", {})
    return "".join(f"${{aws_iam_role.{id_}.arn}}" for id_, role in roles.items() if role["name"] == role_name)


def test_a_fargate_job_has_the_platform_size_and_network_that_fargate_asks_for(stack: TerraformStack) -> None:
    definition = define(stack, "fargate")["fargate"]
    properties = json.loads(definition["container_properties"])

    assert definition["platform_capabilities"] == ["FARGATE"]
    assert properties["resourceRequirements"] == [
        {"type": "MEMORY", "value": "512"},
        {"type": "VCPU", "value": "0.25"},
    ]
    assert properties["runtimePlatform"] == {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    assert properties["networkConfiguration"] == {"assignPublicIp": "DISABLED"}
    assert properties["ephemeralStorage"] == {"sizeInGiB": 21}
    assert set(properties["linuxParameters"]) == {"initProcessEnabled"}
    assert not {"privileged", "ulimits"} & set(properties)


def test_the_root_file_system_is_read_only_and_scratch_paths_are_not(stack: TerraformStack) -> None:
    properties = json.loads(define(stack, "fargate")["fargate"]["container_properties"])

    assert properties["readonlyRootFilesystem"] is True
    assert {"containerPath": "/tmp", "readOnly": False, "sourceVolume": "volume-0"} in properties["mountPoints"]
    assert {"name": "volume-0"} in properties["volumes"]


def test_a_file_system_is_mounted_with_encryption_and_iam(stack: TerraformStack) -> None:
    properties = json.loads(define(stack, "fargate")["fargate"]["container_properties"])

    assert properties["volumes"][1]["efsVolumeConfiguration"] == {
        "fileSystemId": "fs-0123456789abcdef0",
        "transitEncryption": "ENABLED",
        "authorizationConfig": {"accessPointId": "fsap-0123456789abcdef0", "iam": "ENABLED"},
    }
    assert {"containerPath": "/models", "readOnly": True, "sourceVolume": "volume-1"} in properties["mountPoints"]


def test_environment_and_secrets_are_sorted_so_that_no_plan_shows_a_difference(stack: TerraformStack) -> None:
    properties = json.loads(define(stack, "fargate")["fargate"]["container_properties"])

    assert [item["name"] for item in properties["environment"]] == ["BATCH_SIZE", "MODEL"]
    assert [item["name"] for item in properties["secrets"]] == ["API_KEY", "HUB_TOKEN"]


def test_retry_rules_keep_their_order(stack: TerraformStack) -> None:
    retry = define(stack, "fargate")["fargate"]["retry_strategy"]

    assert retry == {
        "attempts": 5,
        "evaluate_on_exit": [
            {"action": "RETRY", "on_status_reason": "Host EC2*"},
            {"action": "RETRY", "on_status_reason": "Your Spot Task was interrupted*"},
            {"action": "RETRY", "on_reason": "CannotPull*"},
            {"action": "EXIT", "on_reason": "*"},
        ],
    }


@pytest.mark.parametrize(("public", "expected"), [(True, "ENABLED"), (False, "DISABLED")])
def test_a_fargate_job_in_a_public_subnet_gets_an_address_to_reach_anything_with(
    stack: TerraformStack, public: bool, expected: str
) -> None:
    placement = replace(PLACEMENT, assign_public_ip=public)
    for name in ("fargate", "fargate-group"):
        JobDefinition(stack, name, name=f"tb-test-{name}", settings=every_kind()[name], placement=placement)
    single, group = (
        Synthesized(stack).named("aws_batch_job_definition", f"tb-test-{name}") for name in ("fargate", "fargate-group")
    )
    (task,) = json.loads(group["ecs_properties"])["taskProperties"]
    assert json.loads(single["container_properties"])["networkConfiguration"] == {"assignPublicIp": expected}
    assert task["networkConfiguration"] == {"assignPublicIp": expected}
    assert (task["platformVersion"], task["runtimePlatform"]["cpuArchitecture"]) == ("LATEST", "X86_64")


def test_an_ec2_job_has_what_fargate_does_not_have_and_nothing_that_is_fargate_s(stack: TerraformStack) -> None:
    definition = define(stack, "ec2")["ec2"]
    properties = json.loads(definition["container_properties"])

    assert definition["platform_capabilities"] == ["EC2"]
    assert not set(properties) & {
        "networkConfiguration",
        "fargatePlatformConfiguration",
        "ephemeralStorage",
        "runtimePlatform",
        "privileged",
    }
    assert properties["resourceRequirements"] == [
        {"type": "GPU", "value": "1"},
        {"type": "MEMORY", "value": "30000"},
        {"type": "VCPU", "value": "8"},
    ]
    assert properties["ulimits"] == [{"name": "memlock", "softLimit": -1, "hardLimit": -1}]
    assert properties["linuxParameters"] == {
        "initProcessEnabled": True,
        "sharedMemorySize": 8_192,
        "maxSwap": 0,
        "swappiness": 10,
        "devices": [{"hostPath": "/dev/infiniband/uverbs0", "containerPath": "/dev/infiniband/uverbs0"}],
        "tmpfs": [{"containerPath": "/fast", "size": 1_024}],
    }
    assert {"name": "volume-1", "host": {"sourcePath": "/mnt/raid"}} in properties["volumes"]


def test_logs_go_to_the_queue_s_group_or_wherever_a_driver_takes_them(stack: TerraformStack) -> None:
    (task,) = json.loads(define(stack, "ec2-group")["ec2-group"]["ecs_properties"])["taskProperties"]
    logs = {container["name"]: container["logConfiguration"] for container in task["containers"]}

    assert logs == {
        "main": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "/aws/batch/light",
                "awslogs-multiline-pattern": "^[0-9]{4}-",
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "ec2-group",
            },
        },
        "metrics": {
            "logDriver": "splunk",
            "options": {"splunk-url": "https://splunk.example.com"},
            "secretOptions": [
                {
                    "name": "splunk-token",
                    "valueFrom": "arn:aws:secretsmanager:us-east-1:111122223333:secret:splunk-AbCdEf",
                }
            ],
        },
    }


def test_the_execution_role_reads_the_secrets_of_all_containers_and_of_their_logs(stack: TerraformStack) -> None:
    define(stack, "ec2-group")
    (policy,) = Synthesized(stack).all("aws_iam_role_policy")
    found = statements(policy["policy"])

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


def test_its_roles_are_called_after_it(stack: TerraformStack) -> None:
    define(stack, "fargate")
    names = {role["name"] for role in Synthesized(stack).all("aws_iam_role")}

    assert names == {"tb-test-fargate-job", "tb-test-fargate-job-execution"}


def test_another_kind_of_settings_is_an_error(stack: TerraformStack) -> None:
    class OtherJob(JobDefinitionSettings):
        """A kind of job that nobody knows."""

    settings = OtherJob(job_queues=["light"], timeout_seconds=60)
    with pytest.raises(TypeError, match="OtherJob is not a kind of job definition"):
        JobDefinition(stack, "job", name="tb-test-job", settings=settings, placement=PLACEMENT)


def test_old_revisions_are_kept(stack: TerraformStack) -> None:
    assert define(stack, "ec2")["ec2"]["deregister_on_new_revision"] is False


def test_every_node_group_has_a_container_and_its_own_range_of_nodes_the_last_without_an_end(
    stack: TerraformStack,
) -> None:
    definition = define(stack, "nodes")["nodes"]
    properties = json.loads(definition["node_properties"])

    assert definition["type"] == "multinode"
    assert (properties["numNodes"], properties["mainNode"]) == (4, 0)
    assert [group["targetNodes"] for group in properties["nodeRangeProperties"]] == ["0:0", "1:"]
    assert all(group["container"]["instanceType"] == "g5.12xlarge" for group in properties["nodeRangeProperties"])


def test_an_eks_job_has_no_roles_no_platform_and_no_propagated_tags(stack: TerraformStack) -> None:
    definition = define(stack, "eks")["eks"]

    assert not {"platform_capabilities", "propagate_tags", "container_properties"} & set(definition)
    assert not Synthesized(stack).all("aws_iam_role")
    assert definition["eks_properties"]["pod_properties"]["host_network"] is False


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


def test_a_public_image_needs_no_right_to_pull(stack: TerraformStack) -> None:
    settings = fargate_job(image="public.ecr.aws/docker/library/python:3.13", secrets={})
    JobDefinition(stack, "job", name="tb-test-job", settings=settings, placement=PLACEMENT)
    (policy,) = Synthesized(stack).all("aws_iam_role_policy")

    assert [statement["Sid"] for statement in json.loads(policy["policy"])["Statement"]] == ["WriteLogs"]


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


def test_grant_submit_includes_the_tags_that_are_asked_for(stack: TerraformStack) -> None:
    job = JobDefinition(stack, "job", name="tb-test-job", settings=fargate_job(), placement=PLACEMENT)
    role = WorkloadRole(
        stack, "caller", name="caller", services=["lambda.amazonaws.com"], account_id=None, description="caller"
    )
    job.grant_submit(role, [LOCATION.arn("batch", "job-queue/light")], tags={"team": "search"})
    found = statements(Synthesized(stack).named("aws_iam_role_policy", "submit-job")["policy"])

    assert set(found) == {"SubmitNamed", "TagSubmissions", "TagNewJobs", "TagOwn"}
    # Without definitions and queues: these are its own to tag only as far as it submits them.
    assert found["TagOwn"]["Resource"] == "arn:aws:batch:us-east-1:111122223333:job/*"


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


def test_grant_submit_names_the_definition_and_the_queues(stack: TerraformStack) -> None:
    job = JobDefinition(stack, "job", name="tb-test-job", settings=fargate_job(), placement=PLACEMENT)
    role = WorkloadRole(
        stack, "caller", name="caller", services=["lambda.amazonaws.com"], account_id=None, description="caller"
    )
    job.grant_submit(role, [LOCATION.arn("batch", "job-queue/light")])
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
