"""What moto forgets of AWS, added as AWS's own API describes it. Each addition has its test."""

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

from botocore import xform_name
from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.autoscaling.responses import AutoScalingResponse
from moto.awslambda.models import LambdaBackend
from moto.batch.models import BatchBackend, JobDefinition
from moto.batch.responses import BatchResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import get_service_model
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses import EC2Response
from moto.ec2.utils import EC2_RESOURCE_TO_PREFIX, random_id
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.efs.models import FileSystem
from moto.efs.responses import EFSResponse
from moto.iam.models import IAMBackend
from moto.s3.exceptions import S3ClientError
from moto.s3.responses import S3Response
from moto.sqs.models import Queue, SQSBackend
from moto.stepfunctions.responses import StepFunctionResponse

# Gets what stands there, None where nothing does, and returns what is to stand there instead.
Addition = Callable[[Any], Any]
ADDITIONS: list[tuple[type, str, Addition]] = []


def adds(owner: type, *names: str) -> Callable[[Addition], Addition]:
    """Register an addition to the named methods or properties of one of moto's classes."""

    def register(addition: Addition) -> Addition:
        ADDITIONS.extend((owner, name, addition) for name in names)
        return addition

    return register


def install(replace: Callable[[type, str, Any], None] = setattr) -> None:
    """Make all additions, those of other files too."""
    for file in ("local_auditing", "local_networks", "local_watching"):
        import_module(f"rehearsal.{file}")
    for owner, name, addition in ADDITIONS:
        replace(owner, name, addition(getattr(owner, name, None)))


def remember(kept: Any, given: dict[str, Any], service: str, shape: str) -> None:
    """Keep what a request gave and moto did not, as far as AWS's API shows it of such a thing (``shape``)."""
    for name in get_service_model(service).shape_for(shape).members.keys() & given.keys():
        attribute = xform_name(name)
        own = {*kept.__dict__} - kept.__dict__.get("remembered", set())
        if not {name, attribute} & own and not isinstance(getattr(type(kept), attribute, None), property):
            setattr(kept, attribute, given[name])
            kept.__dict__.setdefault("remembered", set()).add(attribute)


# SQS: SetQueueAttributes changes the attributes that it names.


@adds(Queue, "_set_attributes")
def keep_policy(original: Any) -> Any:
    """Keep a queue's policy when other attributes change."""

    def _set_attributes(queue: Any, attributes: dict[str, Any], now: float | None = None) -> None:
        policy = attributes.get("Policy", getattr(queue, "policy", None))
        original(queue, attributes, now)
        queue.policy = policy

    return _set_attributes


@adds(Queue, "attributes")
def show_redrive_allow_policy(original: Any) -> Any:
    """Show RedriveAllowPolicy, and RedrivePolicy in the form in which SQS shows JSON."""

    def attributes(queue: Any) -> dict[str, Any]:
        shown = dict(original.fget(queue))
        if shown.get("RedrivePolicy"):
            shown["RedrivePolicy"] = json.dumps(json.loads(shown["RedrivePolicy"]), separators=(",", ":"))
        if getattr(queue, "redrive_allow_policy", None):
            shown["RedriveAllowPolicy"] = queue.redrive_allow_policy
        return shown

    return property(attributes)


@adds(SQSBackend, "get_queue_attributes")
def know_redrive_allow_policy(original: Any) -> Any:
    """Know RedriveAllowPolicy as the name of an attribute."""

    def get_queue_attributes(backend: Any, queue_name: str, attribute_names: list[str]) -> dict[str, Any]:
        shown = original(backend, queue_name, [name for name in attribute_names if name != "RedriveAllowPolicy"])
        attributes = backend.get_queue(queue_name).attributes
        if "RedriveAllowPolicy" in attribute_names and "RedriveAllowPolicy" in attributes:
            shown = {**shown, "RedriveAllowPolicy": attributes["RedriveAllowPolicy"]}
        return dict(shown)

    return get_queue_attributes


# Batch: whatever a request says is described, and a compute environment needs no service role.


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


# ECS: whatever CreateService and UpdateService say is described.


@adds(EC2ContainerServiceResponse, "create_service", "update_service")
def keep_service(original: Any) -> Any:
    """Keep all of a service; a capacity provider strategy stands instead of a launch type, not beside it."""

    def write(response: Any) -> Any:
        given = dict(response.params)
        result = original(response)
        service = result.result["service"]
        remember(service, given, "ecs", "Service")
        if given.get("capacityProviderStrategy"):
            service.launch_type = None
        # An empty one would be one without subnets.
        service.network_configuration = service.network_configuration or None
        # Defaults of CreateService for each scheduling strategy.
        most, least = (100, 0) if service.scheduling_strategy == "DAEMON" else (200, 100)
        percents = {"maximumPercent": most, "minimumHealthyPercent": least}
        service.deployment_configuration = percents | (getattr(service, "deployment_configuration", None) or {})
        # All that is wanted runs, or a wait for a steady state would never end.
        service.running_count, service.pending_count = service.desired_count, 0
        for deployment in service.deployments:
            deployment |= {"runningCount": service.desired_count, "pendingCount": 0, "rolloutState": "COMPLETED"}
        return result

    return write


# S3: a bucket's Intelligent-Tiering configurations, by id.


@adds(S3Response, "_bucket_response_get", "_bucket_response_put", "_bucket_response_delete")
def keep_intelligent_tiering(original: Any) -> Any:
    """Put, get and delete an Intelligent-Tiering configuration."""

    def respond(response: Any, *arguments: Any) -> Any:
        query = arguments[-1]
        if "intelligent-tiering" not in query:
            return original(response, *arguments)
        kept = response.backend.get_bucket(response.bucket_name).__dict__.setdefault("intelligent_tiering", {})
        (id_,) = query["id"]
        if response.method == "PUT":
            kept[id_] = response.body
            return 200, {}, ""
        if id_ not in kept:
            raise S3ClientError("NoSuchConfiguration", "The specified configuration does not exist.")
        return (200, {}, kept[id_]) if response.method == "GET" else (204, {}, kept.pop(id_) and "")

    return respond


@adds(S3Response, "get_bucket_notification")
def show_event_bridge(original: Any) -> Any:
    """Show that a bucket's events go to EventBridge, too."""

    def get_bucket_notification(response: Any) -> Any:
        kept = response.backend.get_bucket_notification_configuration(response.bucket_name)
        if kept is None or kept.event_bridge is None:
            return original(response)
        serialize = response.serialized

        def serialized(result: ActionResult) -> Any:
            return serialize(ActionResult({**result.result, "EventBridgeConfiguration": {}}))

        response.serialized = serialized
        return original(response)

    return get_bucket_notification


# Step Functions: the provider has a definition validated before it makes a state machine of it, and looks for versions.


@adds(StepFunctionResponse, "list_state_machine_versions")
def list_versions(original: Any) -> Any:
    """List the versions that were published of a state machine, the newest first."""
    del original

    def list_state_machine_versions(response: Any) -> ActionResult:
        machine = response.stepfunction_backend.describe_state_machine(response._get_param("stateMachineArn"))
        versions = [
            {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
            for _, version in sorted(machine.versions.items(), reverse=True)
        ]
        return ActionResult({"stateMachineVersions": versions})

    return list_state_machine_versions


@adds(StepFunctionResponse, "validate_state_machine_definition")
def validate_definition(original: Any) -> Any:
    """Find nothing in a definition: the tests execute those that are shipped; moto's grammar lacks what is newer."""
    del original
    return lambda response: ActionResult({"result": "OK", "diagnostics": [], "truncated": False})


# EC2 Auto Scaling: whatever CreateAutoScalingGroup and UpdateAutoScalingGroup say is described.


# What a group has that nobody gave it.
GROUP_DEFAULTS = {
    "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-best-effort"},
    "CapacityReservationSpecification": {"CapacityReservationPreference": "default"},
}


@adds(AutoScalingResponse, "create_auto_scaling_group", "update_auto_scaling_group")
def keep_group(original: Any) -> Any:
    """Keep all of a group."""

    def write(response: Any) -> Any:
        given = dict(response.params)
        result = original(response)
        group = response.autoscaling_backend.autoscaling_groups[given["AutoScalingGroupName"]]
        if "remembered" not in group.__dict__:
            given = GROUP_DEFAULTS | given
        remember(group, given, "autoscaling", "AutoScalingGroup")
        return result

    return write


@adds(AutoScalingResponse, "start_instance_refresh")
def start_instance_refresh(original: Any) -> Any:
    """Refresh the instances of a group, which takes no time: none run."""
    del original

    def start(response: Any) -> ActionResult:
        group = response.autoscaling_backend.autoscaling_groups[response.params["AutoScalingGroupName"]]
        refreshes = group.__dict__.setdefault("refreshes", [])
        id_ = f"refresh-{len(refreshes)}"
        refreshes.insert(0, {"InstanceRefreshId": id_, "AutoScalingGroupName": group.name, "Status": "Successful"})
        return ActionResult({"InstanceRefreshId": id_})

    return start


@adds(AutoScalingResponse, "describe_instance_refreshes")
def describe_instance_refreshes(original: Any) -> Any:
    """Show the refreshes of a group, the last one first."""
    del original

    def describe(response: Any) -> ActionResult:
        group = response.autoscaling_backend.autoscaling_groups[response.params["AutoScalingGroupName"]]
        wanted = response.params.get("InstanceRefreshIds")
        refreshes = group.__dict__.get("refreshes", [])
        shown = [refresh for refresh in refreshes if not wanted or refresh["InstanceRefreshId"] in wanted]
        return ActionResult({"InstanceRefreshes": shown})

    return describe


# Application Auto Scaling: RegisterScalableTarget takes tags, ListTagsForResource shows them.


@adds(ApplicationAutoScalingResponse, "register_scalable_target")
def keep_target_tags(original: Any) -> Any:
    """Keep a scalable target's tags."""

    def register_scalable_target(response: Any) -> str:
        result = str(original(response))
        tags = response.applicationautoscaling_backend.__dict__.setdefault("tags_of_targets", {})
        tags.setdefault(json.loads(result)["ScalableTargetARN"], {}).update(response._get_param("Tags") or {})
        return result

    return register_scalable_target


@adds(ApplicationAutoScalingResponse, "list_tags_for_resource")
def list_target_tags(original: Any) -> Any:
    """Show a scalable target's tags."""
    del original

    def list_tags_for_resource(response: Any) -> str:
        tags = response.applicationautoscaling_backend.__dict__.get("tags_of_targets", {})
        return json.dumps({"Tags": tags.get(response._get_param("ResourceARN"), {})})

    return list_tags_for_resource


@adds(ApplicationAutoScalingResponse, "deregister_scalable_target", "delete_scaling_policy")
def find_nothing_to_delete(original: Any) -> Any:
    """Say ObjectNotFoundException of what is not there: a deletion whose answer was lost is sent again."""

    def delete(response: Any) -> Any:
        try:
            return original(response)
        except AWSValidationException as error:
            if not error.message.startswith("No scal"):
                raise
            raise JsonRESTError("ObjectNotFoundException", error.message) from error

    return delete


# EFS: PutBackupPolicy sets what DescribeBackupPolicy shows, and a file system's policy can be deleted.


@adds(EFSResponse, "put_backup_policy")
def put_backup_policy(original: Any) -> Any:
    """Set the backup policy of a file system."""
    del original

    def put(response: Any) -> Any:
        policy = json.loads(response.body)["BackupPolicy"]
        file_system = response.efs_backend.file_systems_by_id[response._get_param("FileSystemId")]
        file_system._backup_status = policy["Status"]
        return json.dumps({"BackupPolicy": policy}), {"Content-Type": "application/json"}

    return put


@adds(EFSResponse, "delete_file_system_policy")
def delete_file_system_policy(original: Any) -> Any:
    """Go back to no policy of a file system's own."""
    del original

    def delete(response: Any) -> Any:
        response.efs_backend.file_systems_by_id[response._get_param("FileSystemId")].file_system_policy = None
        return json.dumps({}), {"Content-Type": "application/json"}

    return delete


@adds(FileSystem, "backup_policy")
def show_backup_policy(original: Any) -> Any:
    """Show a backup policy that was set, ``DISABLED`` too."""

    def backup_policy(file_system: Any) -> Any:
        status = getattr(file_system, "_backup_status", None)
        return {"Status": status} if status else original.fget(file_system)

    return property(backup_policy)


# EC2.


@adds(SecurityGroupRule, "__init__")
def keep_rule_description(original: Any) -> Any:
    """Keep the description of a rule for a group or prefix list, not only of one for addresses."""

    def __init__(rule: Any, *arguments: Any, **named: Any) -> None:  # noqa: N807
        original(rule, *arguments, **named)
        sources = [named.get("source_group"), named.get("prefix_list_id"), *arguments]
        texts = [source["Description"] for source in sources if isinstance(source, dict) and source.get("Description")]
        rule.first_description = next(iter(texts), None)

    return __init__


@adds(SecurityGroupRule, "description")
def show_rule_description(original: Any) -> Any:
    """Show the description that a rule was given last."""
    return property(lambda rule: original.fget(rule) or rule.first_description)


@adds(EC2Backend, "create_launch_template")
def template_tags(original: Any) -> Any:
    """Keep a launch template's own tags out of those that it gives to what is launched."""

    def create_launch_template(backend: Any, name: str, description: str, data: dict[str, Any], tags: Any) -> Any:
        own = [entry for entry in data.get("TagSpecifications", []) if entry["ResourceType"] == "launch-template"]
        data["TagSpecifications"] = [entry for entry in data.get("TagSpecifications", []) if entry not in own]
        return original(backend, name, description, data, tags)

    return create_launch_template


@adds(LambdaBackend, "create_event_source_mapping")
def keep_qualifier(original: Any) -> Any:
    """Keep the version or alias of a function that a mapping is of, which AWS says in its ARN."""

    def create(backend: Any, spec: dict[str, Any]) -> Any:
        name = spec["FunctionName"]
        mapping = original(backend, spec)
        if name.startswith("arn:"):
            mapping.function_arn = name
        return mapping

    return create


class PlacementGroup(TaggedEC2Resource):  # type: ignore[misc]  # moto is not type-checked
    """A placement group, as DescribePlacementGroups shows it."""

    def __init__(self, backend: EC2Backend, given: dict[str, Any]) -> None:
        self.ec2_backend = backend
        self.id = self.group_id = random_id(EC2_RESOURCE_TO_PREFIX["placement-group"])
        self.group_name = given["GroupName"]
        self.group_arn = (
            f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:placement-group/{self.group_name}"
        )
        self.state = "available"
        self.strategy = given.get("Strategy", "cluster")
        self.partition_count = given.get("PartitionCount")
        self.spread_level = given.get("SpreadLevel", "rack") if self.strategy == "spread" else None
        self.add_tags({tag["Key"]: tag["Value"] for spec in given.get("TagSpecifications", []) for tag in spec["Tags"]})

    @property
    def tags(self) -> list[dict[str, str]]:
        """Return the tags in the form in which EC2 shows them."""
        return list(self.get_tags())


def placement_groups(response: Any) -> dict[str, PlacementGroup]:
    """Return the placement groups of a request's account and region by name."""
    groups: dict[str, PlacementGroup] = response.ec2_backend.__dict__.setdefault("placement_groups", {})
    return groups


@adds(EC2Response, "create_placement_group")
def create_placement_group(original: Any) -> Any:
    """Make a placement group."""
    del original
    EC2_RESOURCE_TO_PREFIX["placement-group"] = "pg"

    def create(response: Any) -> ActionResult:
        groups, given = placement_groups(response), response.params
        if given["GroupName"] in groups:
            message = f"The placement group '{given['GroupName']}' already exists."
            raise EC2ClientError("InvalidPlacementGroup.Duplicate", message)
        group = groups[given["GroupName"]] = PlacementGroup(response.ec2_backend, given)
        return ActionResult({"PlacementGroup": group})

    return create


@adds(EC2Response, "describe_placement_groups")
def describe_placement_groups(original: Any) -> Any:
    """Show placement groups by name or id."""
    del original

    def describe(response: Any) -> ActionResult:
        groups = placement_groups(response)
        for name in response.params.get("GroupNames", []):
            find_placement_group(groups, name)
        names, ids = response.params.get("GroupNames"), response.params.get("GroupIds")
        chosen = [g for g in groups.values() if g.group_name in (names or groups) and (not ids or g.group_id in ids)]
        return ActionResult({"PlacementGroups": chosen})

    return describe


@adds(EC2Response, "delete_placement_group")
def delete_placement_group(original: Any) -> Any:
    """Delete a placement group."""
    del original

    def delete(response: Any) -> EmptyResult:
        groups = placement_groups(response)
        del groups[find_placement_group(groups, response.params["GroupName"]).group_name]
        return EmptyResult()

    return delete


def find_placement_group(groups: dict[str, PlacementGroup], name: str) -> PlacementGroup:
    """Return a placement group. Raises what EC2 answers where there is none of that name."""
    if name not in groups:
        raise EC2ClientError("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")
    return groups[name]
