"""Operations: what is asked for can be said to AWS."""

from collections.abc import Iterator

from modules.cloudwatch.alarm_kinds import ALARM_KINDS
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.services import ReplicaService
from modules.events.patterns import match_problems
from modules.problems import Problem, unknown_name
from stacks.alarms import alarm_name, environment_alarms
from stacks.environment_settings import EnvironmentSettings
from stacks.watched import logged_events


def check_logged_events(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that the events of all queues and clusters can be told from others in one pattern each."""
    for matches in logged_events(environment).values():
        yield from match_problems("operations.events", matches)


def check_rollback_alarms(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that alarms which are named like those of the environment are some of them."""
    known = [alarm_name(environment, alarm) for alarm in environment_alarms(environment)]
    own = tuple(environment.physical_name(f"{kind}-") for kind in ALARM_KINDS)
    for name, service in environment.services.items():
        deployed = service.deployment if isinstance(service, QueueWorkerService | ReplicaService) else None
        for index, alarm in enumerate(deployed.rollback_alarms if deployed else ()):
            if alarm.startswith(own) and alarm not in known:
                path = f"services.{name}.deployment.rollback_alarms[{index}]"
                yield unknown_name(path, alarm, known, "alarms of this environment")
