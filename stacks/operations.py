"""What watches an environment: the log of what happens in it."""

from modules.cloudwatch.event_log import LoggedEvents
from stacks.base import PlatformStack
from stacks.placement import Placement
from stacks.watched import environment_namespace, logged_events, operations_name, team_tag_keys


def define_operations(placement: Placement) -> None:
    """Define what watches the environment, after everything that there is to watch."""
    environment = placement.environment
    if environment.operations is None:
        return
    others = placement.stacks
    if watched := logged_events(environment):
        stack = placement.stack("operations")
        log = LoggedEvents(
            stack.map_scope("operations"),
            "events",
            name=operations_name(environment),
            settings=environment.operations.events,
            watched=watched,
            namespace=environment_namespace(environment),
            team_tag_keys=team_tag_keys(environment),
            location=environment.location,
        )
        stack.add_output("operations", "Where is kept what happens", {"event_log_group": log.log_group_name})
        _apply_last(stack, others)


def _apply_last(stack: PlatformStack, others: list[PlatformStack]) -> None:
    for other in others:
        if other is not stack:
            stack.apply_after(other)
