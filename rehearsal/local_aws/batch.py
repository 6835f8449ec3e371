"""What moto forgets of Batch: whatever a request says is described, and a compute environment needs no service role."""

import json
from typing import Any

from moto.batch.models import BatchBackend, JobDefinition
from moto.batch.responses import BatchResponse
from moto.core.utils import get_service_model
from moto.iam.models import IAMBackend

from rehearsal.local_aws import Addition, adds


@adds(IAMBackend, "batch_service_role")
def service_linked_role(original: Any) -> Any:
    """Have Batch's service-linked role, which Batch makes when it is first needed."""
    del original

    def batch_service_role(backend: Any) -> str:
        name = "AWSServiceRoleForBatch"
        if not any(role.name == name for role in backend.roles.values()):
            backend.create_role(name, "{}", "/aws-service-role/batch.amazonaws.com/", None, "", [], "3600")
        return str(backend.get_role(name).arn)

    return batch_service_role


@adds(BatchBackend, "create_compute_environment")
def accept_defaults(original: Any) -> Any:
    """Do without a service role and, where a launch template names them, without security groups."""

    def create_compute_environment(backend: Any, **given: Any) -> Any:
        given["service_role"] = given["service_role"] or backend.iam_backend.batch_service_role()
        resources = given["compute_resources"] or {}
        if "launchTemplate" not in resources or resources.get("securityGroupIds"):
            return original(backend, **given)
        vpc = backend.ec2_backend.get_subnet(resources["subnets"][0]).vpc_id
        group = backend.ec2_backend.get_default_security_group(vpc).id
        given["compute_resources"] = {**resources, "securityGroupIds": [group]}
        made = original(backend, **given)
        made.compute_resources = resources
        return made

    return create_compute_environment


@adds(JobDefinition, "_validate")
def accept_ecs_properties(original: Any) -> Any:
    """Accept what has neither containerProperties nor eksProperties: moto does not look at ecsProperties."""

    def _validate(definition: Any) -> None:
        if definition.container_properties is not None or definition.eks_properties is not None:
            original(definition)

    return _validate


# What a request says and what is described by one name: the operations, the list and ARN of the answer, its shape.
BATCH = (
    (
        "computeenvironment",
        ("create", "update"),
        "computeEnvironments",
        "computeEnvironmentArn",
        "ComputeEnvironmentDetail",
    ),
    ("jobqueue", ("create", "update"), "jobQueues", "jobQueueArn", "JobQueueDetail"),
    ("jobdefinition", ("register",), "jobDefinitions", "jobDefinitionArn", "JobDefinition"),
)


def keep_batch(arn: str) -> Addition:
    """Keep all that a request says of a thing of Batch."""

    def addition(original: Any) -> Any:
        def write(response: Any) -> Any:
            result = original(response)
            said = response.batch_backend.__dict__.setdefault("said", {}).setdefault(json.loads(result)[arn], {})
            resources = said.get("computeResources")
            said |= json.loads(response.body)
            if resources and "computeResources" in said:
                said["computeResources"] = {**resources, **said["computeResources"]}
            return result

        return write

    return addition


def show_batch(key: str, arn: str, shape: str) -> Addition:
    """Show what was said last, where moto shows nothing or what was said first."""

    def addition(original: Any) -> Any:
        def describe(response: Any) -> str:
            shown = json.loads(original(response))
            members = get_service_model("batch").shape_for(shape).members
            for entry in shown[key]:
                said = response.batch_backend.__dict__.get("said", {}).get(entry[arn], {})
                changed = {name: value for name, value in said.items() if name in members}
                entry |= {name: value for name, value in changed.items() if entry.get(name) is None or name in STALE}
            return json.dumps(shown)

        return describe

    return addition


STALE = {"computeResources", "platformCapabilities", "propagateTags"}  # of which moto shows what was said first
for thing, verbs, key, arn, shape in BATCH:
    adds(BatchResponse, *(f"{verb}{thing}" for verb in verbs))(keep_batch(arn))
    adds(BatchResponse, f"describe{key.lower()}")(show_batch(key, arn, shape))
