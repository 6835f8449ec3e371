"""The AWS services that have an interface endpoint, and what an endpoint's service is called in a region.

Source: "AWS services that integrate with AWS PrivateLink"; EC2's DescribeVpcEndpointServices in the regions of China.
"""

from typing import Literal

# Services that jobs and workers, and the agents beside them, call.
EndpointService = Literal[
    "autoscaling",
    "batch",
    "bedrock-runtime",
    "ec2",
    "ec2messages",
    "ecr.api",
    "ecr.dkr",
    "ecs",
    "ecs-agent",
    "ecs-telemetry",
    "elasticfilesystem",
    "events",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "sagemaker.runtime",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "ssmmessages",
    "states",
    "sts",
]

# In China some services' endpoints are named after China's own domain, and the others are not.
_CHINAS_OWN = frozenset(
    {
        "autoscaling",
        "batch",
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "elasticfilesystem",
        "lambda",
        "monitoring",
        "sagemaker.runtime",
        "sqs",
        "states",
        "sts",
    }
)


def endpoint_service_name(region: str, service: str) -> str:
    """Return the name that CreateVpcEndpoint knows ``service`` by, e.g. ``com.amazonaws.us-east-1.sqs``."""
    china = region.startswith("cn-") and service in _CHINAS_OWN
    return f"{'cn.' if china else ''}com.amazonaws.{region}.{service}"
