"""What compute environments need of their network, and a job queue of its compute environments.

Pure functions of settings: an environment checks with them what it holds, a construct what it is given. Paths are
relative to the settings.
"""

from collections.abc import Iterator, Mapping

from modules.batch.settings.any_compute_environments import AnyComputeEnvironmentSettings
from modules.batch.settings.compute_environments import (
    GOVCLOUD,
    Ec2ComputeEnvironment,
    InstanceCapacity,
    UnmanagedComputeEnvironment,
    UpdatePolicy,
)
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ec2.instance_types import architectures
from modules.ec2.settings import CapacityReservationGroup
from modules.naming import AwsLocation
from modules.problems import Problem


def subnet_problems(settings: AnyComputeEnvironmentSettings, count: int) -> Iterator[Problem]:
    """Yield a ``subnet_index`` that does not name one of ``count`` subnets, or is not given where only one will do."""
    if not isinstance(settings, InstanceCapacity | UnmanagedComputeEnvironment):
        return
    index = settings.subnet_index
    if index is not None and index >= count:
        yield settings.problem("subnet_index", f"be less than the number of subnets ({count})", "0 is the first")
    reason = _one_subnet(settings)
    if reason and index is None and count > 1:
        yield settings.problem("subnet_index", f"be given in a network of {count} subnets", reason)


def update_policy_problems(settings: AnyComputeEnvironmentSettings, location: AwsLocation) -> Iterator[Problem]:
    """Yield a policy that Batch would not be told of."""
    if not isinstance(settings, InstanceCapacity) or location.partition != GOVCLOUD:
        return
    if settings.update_policy != UpdatePolicy():
        reason = "Batch takes none in AWS GovCloud: running jobs have 30 minutes"
        yield settings.problem("update_policy", f"be left out in {location.region}", reason)


def public_address_problems(settings: AnyComputeEnvironmentSettings, *, public: bool) -> Iterator[Problem]:
    """Yield multi-node capacity in public subnets: its nodes never get a public address."""
    if public and isinstance(settings, Ec2ComputeEnvironment) and settings.multi_node:
        reason = "Batch gives nodes no public address, so they could not reach anything"
        yield settings.problem("multi_node", "be None in a public network", reason)


def _one_subnet(settings: InstanceCapacity | UnmanagedComputeEnvironment) -> str | None:
    """Return why instances must all start in one availability zone, None if they need not."""
    if isinstance(settings, Ec2ComputeEnvironment) and settings.multi_node:
        return "a cluster placement group lies in one availability zone"
    if isinstance(settings, Ec2ComputeEnvironment | UnmanagedComputeEnvironment):
        capacity = settings.reserved_capacity
        if capacity and not isinstance(capacity, CapacityReservationGroup):
            return f"a {type(capacity).__name__} lies in one availability zone"
    return None


def queue_problems(queue: JobQueueSettings, known: Mapping[str, AnyComputeEnvironmentSettings]) -> Iterator[Problem]:
    """Yield what keeps the environments of a queue from standing in for each other, or all of them from working."""
    used = {name: known[name] for name in queue.compute_environments if name in known}
    path = "compute_environments"
    if len({settings.capacity_kind for settings in used.values()}) > 1:
        yield Problem(
            path,
            "be of one kind: Fargate, EC2, EKS or unmanaged",
            ", ".join(f"{name} ({settings.capacity_kind})" for name, settings in used.items()),
            "a job definition for one kind does not run on another",
        )
    if len(architectures(kind for settings in used.values() for kind in settings.possible_types())) > 1:
        yield Problem(
            path,
            "have one CPU architecture",
            ", ".join(f"{name} ({_architecture(settings)})" for name, settings in used.items()),
            "an image built for one does not start on the other",
        )
    if used and queue.enabled and not any(settings.is_enabled for settings in used.values()):
        yield Problem(path, "have one that is enabled", ", ".join(used), "otherwise jobs wait indefinitely")


def _architecture(settings: AnyComputeEnvironmentSettings) -> str:
    return " and ".join(architectures(settings.possible_types()))
