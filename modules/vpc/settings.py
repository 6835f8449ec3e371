"""Settings of the network: made for the platform, or existing.

Source: CreateVpc, CreateVpcEndpoint in the EC2 API reference; AWS PrivateLink's list of services.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from modules.settings import Sequence, Settings

AvailabilityZone = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]

# Services that a workload without a way to the internet reaches through an interface endpoint.
EndpointService = Literal[
    "autoscaling",
    "batch",
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
    "logs",
    "monitoring",
    "secretsmanager",
    "sqs",
    "ssm",
    "ssmmessages",
    "states",
    "sts",
]


class NetworkSettings(Settings):
    """Base of the kinds of network."""


class MadeNetwork(NetworkSettings):
    """Base of the networks that Terrabatch makes: a VPC with a subnet in each zone."""

    cidr_block: str = Field("10.0.0.0/16", description="private IPv4 range of 16 to 65,536 addresses for each zone")
    availability_zones: Sequence[AvailabilityZone] = Field(
        min_length=1, max_length=6, description="named, so that a zone that AWS adds moves no subnet"
    )
    flow_log_retention_days: int | None = Field(
        30, description="who talked to whom, kept in CloudWatch Logs; None: not recorded"
    )


class PrivateNetwork(MadeNetwork):
    """Private subnets: nothing from the internet reaches them; AWS is reached through endpoints or NAT."""

    nat_gateways: int = Field(
        0,
        ge=0,
        le=6,
        description="0: none; 1: shared; one for each zone: no zone depends on another; 33 USD a month each",
    )
    interface_endpoints: Sequence[EndpointService] = Field(
        ("batch", "ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "logs", "sqs"),
        description="what a job without NAT needs, about 7 USD a month each and zone; S3 has its own, without charge",
    )


class PublicNetwork(MadeNetwork):
    """Public subnets and addresses, nothing let in: costs nothing while idle. Production refuses it."""


class ExistingNetwork(NetworkSettings):
    """Subnets that somebody else owns, and what lets workloads in them reach AWS."""

    vpc_id: str = Field(pattern=r"^vpc-[0-9a-f]{8,17}$", description="the VPC of the subnets")
    subnet_ids: Sequence[Annotated[str, StringConstraints(pattern=r"^subnet-[0-9a-f]{8,17}$")]] = Field(
        min_length=1, max_length=16, description="Batch on Fargate takes at most 16"
    )
    security_group_ids: Sequence[Annotated[str, StringConstraints(pattern=r"^sg-[0-9a-f]{8,17}$")]] = Field(
        (), description="none: one is made that lets nothing in"
    )
    assign_public_ip: bool = Field(
        False, description="True in public subnets without NAT, where a task reaches nothing without an address"
    )
