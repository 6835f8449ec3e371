"""An environment with a cluster and a queue, and what runs in it, for the rules about services."""

from typing import Any

from modules.ecr.image import RepositoryImage
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import ReplicaService
from modules.iam.secret_settings import SecretsManagerSecret, SsmParameterSecret
from modules.sqs.settings import MessageQueueSettings
from modules.vpc.settings import PrivateNetwork, PublicNetwork
from stacks.environment import Environment
from tests.modules.ecs.samples import (
    cluster_settings,
    ec2_task,
    fargate_task,
    web_task,
)
from tests.stacks.environments import empty_environment

ZONES = ("us-east-1a", "us-east-1b")
PRIVATE = PrivateNetwork(availability_zones=ZONES, nat_gateways=1)
ISOLATED = PrivateNetwork(availability_zones=ZONES, nat_gateways=0, interface_endpoints=())
PUBLIC = PublicNetwork(availability_zones=ZONES)
OWN_IMAGE = RepositoryImage(repository="embed", tag="1")
GPU = [CapacityShare(provider="gpu")]
SECRET = SecretsManagerSecret(secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:hub-AbCdEf")
PARAMETER = SsmParameterSecret(parameter_arn="arn:aws:ssm:us-east-1:111122223333:parameter/key")
LOAD_BALANCER = OwnLoadBalancer(port="http", allowed_cidr_blocks=["10.0.0.0/16"])


def with_cluster(**changes: Any) -> Environment:
    values: dict[str, Any] = {
        "project": "tb",
        "network": PRIVATE,
        "queues": {"documents": MessageQueueSettings(visibility_timeout_seconds=19)},
        "clusters": {"main": cluster_settings()},
    }
    return empty_environment(**values | changes)


def replicas(**changes: Any) -> ReplicaService:
    values: dict[str, Any] = {"cluster": "main", "task": web_task(), "tasks": FixedTasks(count=1)}
    return ReplicaService(**(values | changes))


def on_gpu(**changes: Any) -> ReplicaService:
    return replicas(task=ec2_task(**changes), capacity=GPU)


def run_task(**changes: Any) -> RunTaskDefinition:
    values: dict[str, Any] = {"cluster": "main", "task": fargate_task()}
    return RunTaskDefinition(**(values | changes))
