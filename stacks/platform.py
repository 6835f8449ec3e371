"""Wire the parts of one environment. A stack with nothing in it is not emitted."""

from cdktf import App

from stacks.base import PlatformStack
from stacks.batch import Batch
from stacks.environment import Environment
from stacks.functions import add_policies, consumers, define_consumers
from stacks.manifest import QUOTAS
from stacks.moves import add_moves
from stacks.network import EnvironmentNetwork
from stacks.operations import define_operations
from stacks.pipelines import Pipelines, submits_jobs
from stacks.placement import Placement
from stacks.queues import EnvironmentQueues
from stacks.quotas import needs
from stacks.services import Services
from stacks.shared_resources import SharedResources
from stacks.storage import EnvironmentStorage
from stacks.targets import EnvironmentTargets
from stacks.topics import add_topic_policies
from stacks.triggers import Triggers, has_triggers


def build_platform(app: App, environment: Environment) -> None:
    """Define every stack of ``environment`` in ``app``; a stack reads the outputs of those before it."""
    placement = Placement(app, environment)
    network = EnvironmentNetwork(placement)
    queues = EnvironmentQueues(placement)
    storage = EnvironmentStorage(placement, network, queues)
    batch: Batch | None = None
    services: Services | None = None
    pipelines: Pipelines | None = None
    if environment.compute_environments or environment.job_definitions:
        stack = placement.stack("batch")
        batch = Batch(stack, SharedResources(stack, network, queues, storage))
    if environment.clusters:
        stack = placement.stack("services")
        services = Services(stack, SharedResources(stack, network, queues, storage))
    if environment.pipelines:
        stack = placement.stack("pipeline")
        if batch and batch.stack is not stack and submits_jobs(environment):
            stack.apply_after(batch.stack)
        pipelines = Pipelines(stack, SharedResources(stack, network, queues, storage), services)
    if any(consumers(environment)):
        stack = placement.stack("triggers")
        define_consumers(stack, queues.seen_from(stack))
        # Before what needs them, where there is a stack before it.
        first = queues.stack or stack
        add_policies(first, queues.seen_from(first))
    if has_triggers(environment):
        stack = placement.stack("triggers")
        shared = SharedResources(stack, network, queues, storage)
        Triggers(stack, shared, EnvironmentTargets(stack, shared, batch, services, pipelines))
    define_operations(placement, network, queues, storage)
    for stack in placement.stacks[:1]:  # before all that makes something that is published there
        add_topic_policies(stack)
        note_quotas(stack)
    for stack in placement.stacks:
        stack.add_role_policies()
    add_moves(placement.stacks)


def note_quotas(stack: PlatformStack) -> None:
    """Say in the Terraform how much the environment can use of what an account's quotas limit: for its README."""
    found = {
        need.quota: {
            "code": f"{need.facts.service} {need.facts.code}",
            "default": need.facts.default,
            "used": need.used,
        }
        | {"title": need.facts.title}
        for need in needs(stack.environment)
    }
    if found:
        stack.add_override(f"//.{QUOTAS}", found)
