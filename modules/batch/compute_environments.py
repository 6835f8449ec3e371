"""Define the compute environment that settings ask for, whichever kind it is."""

from collections.abc import Mapping

from constructs import Construct

from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.fargate_environment import FargateEnvironment
from modules.batch.instance_environment import InstanceEnvironment
from modules.batch.settings.compute_environments import (
    ComputeEnvironmentSettings,
    FargateCapacity,
    InstanceCapacity,
    UnmanagedComputeEnvironment,
)
from modules.batch.unmanaged_environment import UnmanagedEnvironment
from modules.naming import AwsLocation
from modules.resources import Resources
from modules.vpc.network import Network


def define_compute_environment(
    scope: Construct,
    id_: str,
    *,
    settings: ComputeEnvironmentSettings,
    network: Network,
    name: str | None = None,
    location: AwsLocation | None = None,
    tags: Mapping[str, str] | None = None,
    resources: Resources | None = None,
) -> ComputeEnvironment:
    """Return the environment, defined below ``scope``; ``tags`` go onto its instances and their volumes.

    ``resources`` has what the access of instances names.
    """
    match settings:
        case FargateCapacity():
            return FargateEnvironment(scope, id_, name=name, settings=settings, network=network, location=location)
        case InstanceCapacity():
            return InstanceEnvironment(
                scope,
                id_,
                name=name,
                settings=settings,
                network=network,
                location=location,
                tags=tags,
                resources=resources,
            )
        case UnmanagedComputeEnvironment():
            return UnmanagedEnvironment(
                scope,
                id_,
                name=name,
                settings=settings,
                network=network,
                location=location,
                tags=tags,
                resources=resources,
            )
    raise TypeError(f"{type(settings).__name__} is no kind of compute environment")
