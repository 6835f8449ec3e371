"""What starts targets, and what each can say of a job, task or message when it does. No constructs.

Source: Target in the API reference of EventBridge, PipeTargetParameters in that of EventBridge Pipes; "Using universal
targets" in the EventBridge Scheduler user guide, by which it takes whole requests, as Step Functions does.
"""

from dataclasses import dataclass

from modules.ecs.settings.capacity import MAX_SHARES
from modules.iam.services import EVENTS, PIPES, SCHEDULER, STATES

# What EventBridge takes of a capacity provider strategy.
FEW_SHARES = 6


@dataclass(frozen=True)
class Starter:
    """A way to start something: what messages call it, the service that does it, and what it cannot pass on.

    ``left_out``: settings of a job request that it has no place for. ``overrides_containers_only``: not pods, nodes nor
    several containers. ``has_input``: it is itself started by something, such as an event.
    """

    called: str
    service: str
    left_out: frozenset[str] = frozenset()
    overrides_containers_only: bool = False
    most_shares: int = FEW_SHARES
    gives_deduplication_ids: bool = False
    has_input: bool = True


_NOT_BY_PIPES = {"share_identifier", "scheduling_priority", "timeout_seconds", "node_count", "tags"}

SCHEDULE = Starter("a schedule", SCHEDULER, has_input=False)
PIPE = Starter("a pipe", PIPES, frozenset(_NOT_BY_PIPES), overrides_containers_only=True, gives_deduplication_ids=True)
_NOT_BY_RULES = {*_NOT_BY_PIPES, "environment", "sequential", "command", "vcpus", "memory_mib", "gpus"}
RULE = Starter("a rule", EVENTS, frozenset(_NOT_BY_RULES))
PIPELINE = Starter("a pipeline", STATES, most_shares=MAX_SHARES, gives_deduplication_ids=True)
