"""How long Terraform waits for a service: as long as what its settings ask for takes, and the usual time besides.

Pure functions of settings. The provider's own limit is 20 minutes, whatever a deployment is told to wait for.
"""

import math

from modules.ecs.settings.deployments import ShiftedDeployment
from modules.ecs.settings.network_load_balancers import OwnNetworkLoadBalancer
from modules.ecs.settings.services import ReplicaService, ServiceSettings

USUAL_MINUTES = 20
# What of them is left for tasks that finish requests.
DRAINING_MINUTES = 5
# Source: "Network Load Balancer resources for Amazon ECS blue/green, linear and canary deployments" in the ECS guide.
NETWORK_SHIFT_MINUTES = 20


def deployment_minutes(settings: ServiceSettings) -> int:
    """Return how long a deployment may take until the service is steady: shifts of traffic and draining included."""
    shift = settings.deployment.shift_minutes if isinstance(settings, ReplicaService) else 0
    if isinstance(settings, ReplicaService) and isinstance(settings.deployment, ShiftedDeployment):
        shift += NETWORK_SHIFT_MINUTES if isinstance(settings.load_balancing, OwnNetworkLoadBalancer) else 0
    return USUAL_MINUTES + shift + draining_minutes(settings)


def removal_minutes(settings: ServiceSettings) -> int:
    """Return how long it may take until the last task is gone."""
    return USUAL_MINUTES + draining_minutes(settings)


def draining_minutes(settings: ServiceSettings) -> int:
    """Return how long a task that goes may finish its requests, beyond the usual."""
    balancing = settings.load_balancing if isinstance(settings, ReplicaService) else None
    return max(0, math.ceil(balancing.deregistration_seconds / 60) - DRAINING_MINUTES) if balancing else 0
