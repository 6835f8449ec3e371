"""ARNs and addresses that follow from names: known before the resource is there, and without its stack. No tokens.

Source: "Resource types defined by …" of each service in the Service Authorization Reference.
"""

from modules.naming import AwsLocation


def account_root(location: AwsLocation, account_id: str | None = None) -> str:
    """Return what stands for a whole account in a policy: ``account_id``, or the location's own."""
    return _global(location, "iam", "root", account_id or location.account_id)


def role(location: AwsLocation, name: str) -> str:
    """Return the ARN of an IAM role."""
    return _global(location, "iam", f"role/{name}", location.account_id)


def aws_policy(location: AwsLocation, name: str) -> str:
    """Return the ARN of a policy that AWS manages, by its name and the path before it."""
    return _global(location, "iam", f"policy/{name}", "aws")


def bucket(location: AwsLocation, name: str) -> str:
    """Return the ARN of a bucket, which names neither region nor account."""
    return f"arn:{location.partition}:s3:::{name}"


def queue(location: AwsLocation, name: str) -> str:
    """Return the ARN of an SQS queue."""
    return _regional(location, "sqs", name)


def queue_url(location: AwsLocation, name: str) -> str:
    """Return the address of an SQS queue."""
    return f"https://sqs.{location.region}.{location.domain}/{location.account_id}/{name}"


def repository(location: AwsLocation, name: str) -> str:
    """Return the ARN of an ECR repository."""
    return _regional(location, "ecr", f"repository/{name}")


def repository_uri(location: AwsLocation, name: str) -> str:
    """Return where the images of an ECR repository are pulled from, without a tag."""
    return f"{location.account_id}.dkr.ecr.{location.region}.{location.domain}/{name}"


def file_system(location: AwsLocation, file_system_id: str) -> str:
    """Return the ARN of an EFS file system."""
    return _regional(location, "elasticfilesystem", f"file-system/{file_system_id}")


def access_point(location: AwsLocation, access_point_id: str) -> str:
    """Return the ARN of an access point of EFS."""
    return _regional(location, "elasticfilesystem", f"access-point/{access_point_id}")


def log_group(location: AwsLocation, name: str) -> str:
    """Return the ARN of a log group; that of its streams ends in ``:*``."""
    return _regional(location, "logs", f"log-group:{name}")


def cluster(location: AwsLocation, name: str) -> str:
    """Return the ARN of an ECS cluster."""
    return _regional(location, "ecs", f"cluster/{name}")


def tasks(location: AwsLocation, cluster_name: str) -> str:
    """Return the ARN of any task of an ECS cluster."""
    return _regional(location, "ecs", f"task/{cluster_name}/*")


def task_definitions(location: AwsLocation, family: str) -> str:
    """Return the ARN of any revision of a task definition."""
    return _regional(location, "ecs", f"task-definition/{family}:*")


def job_queue(location: AwsLocation, name: str) -> str:
    """Return the ARN of a job queue; ``*`` stands for any."""
    return _regional(location, "batch", f"job-queue/{name}")


def job_definition(location: AwsLocation, name: str) -> str:
    """Return the ARN of a job definition without a revision; that of any ends in ``:*``."""
    return _regional(location, "batch", f"job-definition/{name}")


def jobs(location: AwsLocation) -> str:
    """Return the ARN of any job."""
    return _regional(location, "batch", "job/*")


def _regional(location: AwsLocation, service: str, resource: str) -> str:
    return f"arn:{location.partition}:{service}:{location.region}:{location.account_id}:{resource}"


def _global(location: AwsLocation, service: str, resource: str, account_id: str) -> str:
    return f"arn:{location.partition}:{service}::{account_id}:{resource}"
