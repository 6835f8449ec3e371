"""Which construct makes a compute environment, by what kind its settings are of."""

from collections.abc import Mapping

from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.fargate_environment import FargateEnvironment
from modules.batch.instance_environment import InstanceEnvironment
from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.compute_environments import FargateCapacity, InstanceCapacity, UnmanagedComputeEnvironment
from modules.batch.unmanaged_environment import UnmanagedEnvironment

CONSTRUCTS: Mapping[type[ComputeEnvironmentSettings], type[ComputeEnvironment]] = {
    FargateCapacity: FargateEnvironment,
    InstanceCapacity: InstanceEnvironment,
    UnmanagedComputeEnvironment: UnmanagedEnvironment,
}


def compute_environment_class(settings: ComputeEnvironmentSettings) -> type[ComputeEnvironment]:
    """Return the construct for an environment with these settings."""
    for kind, construct in CONSTRUCTS.items():
        if isinstance(settings, kind):
            return construct
    raise TypeError(f"{type(settings).__name__} is no kind of compute environment")
