"""What starts things by itself in an environment: schedules, pipes and rules, and what they have worked off."""

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.scheduler_schedule_group import SchedulerScheduleGroup

from modules import arns
from modules.backlogs.backlog import Backlog
from modules.events.bus_settings import NewEventBus
from modules.events.buses import EventBus
from modules.events.replay import replay_command
from modules.events.rule import Rule
from modules.pipes.pipe import Pipe
from modules.scheduler.schedule import Schedule
from modules.sqs.queue import Queue
from modules.targets.starters import PIPE, PIPELINE, RULE, SCHEDULE
from stacks.base import PlatformStack
from stacks.environment_settings import EnvironmentSettings
from stacks.shared_resources import SharedResources
from stacks.targets import EnvironmentTargets


class Triggers:
    """Define every schedule, pipe and rule of the environment, by short name."""

    def __init__(self, stack: PlatformStack, shared: SharedResources, targets: EnvironmentTargets) -> None:
        self._stack, self._environment = stack, stack.environment
        self._shared, self._targets = shared, targets
        self._define_backlogs()
        self._define_schedules(self._schedule_groups())
        self._define_pipes()
        self._define_rules()

    def _define_backlogs(self) -> None:
        scope = self._stack.map_scope("backlogs")
        made = {
            name: Backlog(
                scope,
                name,
                name=self._environment.physical_name(name, "backlogs"),
                settings=settings,
                queue=self._shared.queues[settings.queue],
                job=self._targets.job(name, settings.job, PIPELINE),
                location=self._stack.location,
                dead_letter_queue=self._queue(settings.dead_letter_queue),
            )
            for name, settings in sorted(self._environment.backlogs.items())
        }
        self._targets.backlogs |= {name: backlog.state_machine_arn for name, backlog in made.items()}
        outputs = {name: {"arn": backlog.state_machine_arn} for name, backlog in made.items()}
        self._stack.add_output("backlogs", "State machines that have backlogs worked off, by short name", outputs)

    def _schedule_groups(self) -> Mapping[str, str]:
        """Return the names of the groups, as tokens, by short name."""
        scope = self._stack.map_scope("schedule_groups")
        groups = {
            name: SchedulerScheduleGroup(
                scope, name, name=self._environment.physical_name(name, "schedule_groups"), tags=settings.tags or None
            )
            for name, settings in sorted(self._environment.schedule_groups.items())
        }
        return {name: group.name for name, group in groups.items()}

    def _define_schedules(self, group_names: Mapping[str, str]) -> None:
        scope = self._stack.map_scope("schedules")
        made = {
            name: Schedule(
                scope,
                name,
                name=self._environment.physical_name(name, "schedules"),
                settings=settings,
                target=self._targets.target(name, settings.target, SCHEDULE),
                location=self._stack.location,
                dead_letter_queue=self._queue(settings.dead_letter_queue),
                group_name=group_names[settings.group] if settings.group else None,
            )
            for name, settings in sorted(self._environment.schedules.items())
        }
        arns = {name: schedule.schedule_arn for name, schedule in made.items()}
        self._stack.add_output("schedules", "ARNs of schedules, by short name", arns)

    def _define_pipes(self) -> None:
        scope = self._stack.map_scope("pipes")
        made = {
            name: Pipe(
                scope,
                name,
                name=self._environment.physical_name(name, "pipes"),
                settings=settings,
                queue=self._shared.queues[settings.queue],
                target=self._targets.target(name, settings.target, PIPE),
                location=self._stack.location,
            )
            for name, settings in sorted(self._environment.pipes.items())
        }
        outputs = {name: {"arn": pipe.pipe_arn, "log_group": pipe.log_group_name} for name, pipe in made.items()}
        self._stack.add_output("pipes", "Pipes and their log groups, by short name", outputs)

    def _define_event_buses(self) -> Mapping[str, tuple[str, str]]:
        """Return names and ARNs of the event buses by short name; tokens of those that are made here."""
        environment, scope = self._environment, self._stack.map_scope("event_buses")
        made = {
            name: EventBus(
                scope,
                name,
                name=environment.event_bus_name(name),
                settings=settings,
                location=self._stack.location,
                dead_letter_queue=self._queue(settings.dead_letter_queue),
            )
            for name, settings in sorted(environment.event_buses.items())
            if isinstance(settings, NewEventBus)
        }
        outputs = {name: {"arn": bus.event_bus_arn, "name": bus.event_bus_name} for name, bus in made.items()}
        self._stack.add_output("event_buses", "Event buses, by short name", outputs)
        found = {}
        for name in environment.event_buses:
            called = environment.event_bus_name(name)
            found[name] = (called, arns.event_bus(self._stack.location, called))
        return found | {name: (bus.event_bus_name, bus.event_bus_arn) for name, bus in made.items()}

    def _define_rules(self) -> None:
        environment, scope = self._environment, self._stack.map_scope("rules")
        buses = self._define_event_buses()
        outputs = {}
        for name, settings in sorted(environment.rules.items()):
            bus_name, bus_arn = buses[settings.event_bus] if settings.event_bus else (None, None)
            rule = Rule(
                scope,
                name,
                name=environment.physical_name(name, "rules"),
                settings=settings,
                target=self._targets.target(name, settings.target, RULE),
                context=environment.event_context,
                dead_letter_queue=self._queue(settings.dead_letter_queue),
                event_bus_name=bus_name,
                event_bus_arn=bus_arn,
            )
            outputs[name] = {"arn": rule.rule_arn}
            if rule.archive_arn:
                replay = replay_command(self._stack.location, name, rule.archive_arn, rule.rule_arn, bus_arn)
                outputs[name] |= {"archive_arn": rule.archive_arn, "replay_command": replay}
        self._stack.add_output("rules", "Rules, and the command that replays what is archived, by short name", outputs)

    def _queue(self, name: str | None) -> Queue | None:
        return self._shared.queues[name] if name else None


def has_triggers(environment: EnvironmentSettings) -> bool:
    """Return whether there is something here to define."""
    kinds = ("backlogs", "schedules", "schedule_groups", "pipes", "rules")
    made = any(isinstance(bus, NewEventBus) for bus in environment.event_buses.values())
    return made or any(getattr(environment, kind) for kind in kinds)
