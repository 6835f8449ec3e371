"""ARNs and addresses that follow from names: known before the resource is there, and without its stack. No tokens.

Each is a function of a location and a name. Source: "Resource types defined by …" of each service in the Service
Authorization Reference.
"""

from collections.abc import Callable, Iterable

from modules.naming import AwsLocation


def _arn(resource: str) -> Callable[[AwsLocation, str], str]:
    """Return the function that fills location and name into what follows ``arn:<partition>:``."""

    def arn(location: AwsLocation, name: str) -> str:
        return f"arn:{location.partition}:" + resource.format(
            here=f"{location.region}:{location.account_id}",
            region=location.region,
            account_id=location.account_id,
            name=name,
        )

    return arn


role = _arn("iam::{account_id}:role/{name}")
instance_profile = _arn("iam::{account_id}:instance-profile/{name}")
policy = _arn("iam::{account_id}:policy/{name}")
aws_policy = _arn("iam::aws:policy/{name}")  # with the path before its name, e.g. service-role/AWSBatchServiceRole
bucket = _arn("s3:::{name}")
parameter = _arn("ssm:{here}:parameter/{name}")
topic = _arn("sns:{here}:{name}")
queue = _arn("sqs:{here}:{name}")
repository = _arn("ecr:{here}:repository/{name}")
key = _arn("kms:{here}:key/{name}")  # by its id
file_system = _arn("elasticfilesystem:{here}:file-system/{name}")  # by their ids
access_point = _arn("elasticfilesystem:{here}:access-point/{name}")
log_group = _arn("logs:{here}:log-group:{name}")
cluster = _arn("ecs:{here}:cluster/{name}")
container_instance = _arn("ecs:{here}:container-instance/{name}")
container_instances = _arn("ecs:{here}:container-instance/{name}/*")  # of a cluster
service = _arn("ecs:{here}:service/{name}")
services = _arn("ecs:{here}:service/{name}/")  # of a cluster: what all of theirs begin with
tasks = _arn("ecs:{here}:task/{name}/*")  # of a cluster
task_definition = _arn("ecs:{here}:task-definition/{name}")  # without a revision
task_definitions = _arn("ecs:{here}:task-definition/{name}:*")  # any revision
api_call = _arn("scheduler:::aws-sdk:{name}")  # e.g. batch:submitJob
alarm = _arn("cloudwatch:{here}:alarm:{name}")
alarms = _arn("cloudwatch:{here}:alarm:{name}*")  # all whose names begin so
event_bus = _arn("events:{here}:event-bus/{name}")
documents_of_aws = _arn("ssm:{region}::document/{name}")  # of Systems Manager
parameters_of_aws = _arn("ssm:{region}::parameter/aws/{name}")
scheduling_policy = _arn("batch:{here}:scheduling-policy/{name}")
job_queue = _arn("batch:{here}:job-queue/{name}")
job_definition = _arn("batch:{here}:job-definition/{name}")
job = _arn("batch:{here}:job/{name}")
integration = _arn("states:::{name}")  # a call that Step Functions makes, e.g. batch:submitJob.sync
state_machine = _arn("states:{here}:stateMachine:{name}")  # with :<alias> or :<version>, if it is one
executions = _arn("states:{here}:execution:{name}:*")  # of a state machine
budget = _arn("budgets::{account_id}:budget/{name}")
trail = _arn("cloudtrail:{here}:trail/{name}")
event_rule = _arn("events:{here}:rule/{name}")  # with <bus>/ before it, but on the default bus


def account_root(location: AwsLocation, account_id: str | None = None) -> str:
    """Return what stands for a whole account in a policy: ``account_id``, or the location's own."""
    return f"arn:{location.partition}:iam::{account_id or location.account_id}:root"


def principals(location: AwsLocation, names: Iterable[str]) -> list[str]:
    """Return roles, users and accounts by their ARNs, which AWS has in the place of an account's number."""
    return list(dict.fromkeys(name if ":" in name else account_root(location, name) for name in names))


def queue_url(location: AwsLocation, name: str) -> str:
    """Return the address of an SQS queue."""
    return f"https://sqs.{location.region}.{location.domain}/{location.account_id}/{name}"


def repository_uri(location: AwsLocation, name: str) -> str:
    """Return where the images of an ECR repository are pulled from, without a tag."""
    return f"{location.account_id}.dkr.ecr.{location.region}.{location.domain}/{name}"
