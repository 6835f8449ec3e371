"""Operations: what is asked for can be said to AWS."""

from collections.abc import Iterator

from modules.cloudtrail.selectors import MAX_VALUES
from modules.cloudtrail.settings import NewTrail
from modules.cloudwatch.alarm_kinds import ALARM_KINDS
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.services import ReplicaService
from modules.events.patterns import match_problems
from modules.problems import Problem, unknown_name
from stacks.alarms import alarm_name, environment_alarms
from stacks.audited import AUDIT, audit_trail, logged_selectors
from stacks.environment_settings import EnvironmentSettings
from stacks.watched import ANOMALIES, BUDGET, logged_events


def check_logged_events(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that the events of all queues and clusters can be told from others in one pattern each."""
    for matches in logged_events(environment).values():
        yield from match_problems("operations.events", matches)


def check_logged_calls(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that a trail has something to log, and no more than CloudTrail can tell from the rest."""
    settings = audit_trail(environment)
    if not isinstance(settings, NewTrail):
        return
    values = sum(selector.values for selector in logged_selectors(environment, settings))
    if not values:
        reason = "without queues and buckets, nothing else would be logged"
        yield Problem(f"{AUDIT}.management_events", "be True", "False", reason)
    if values > MAX_VALUES:
        rule = f"tell what it logs from the rest with at most {MAX_VALUES} values: one for each queue and bucket"
        fix = "name some in left_out_queues or left_out_buckets"
        yield Problem(AUDIT, rule, f"{values:,}", "CloudTrail takes no more of a trail", fix)


def check_costs(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that costs are told by a tag that everything has, where AWS knows of costs in USD."""
    operations = environment.operations
    if operations is None:
        return
    if operations.cost_tag_key is not None and operations.cost_tag_key not in environment.all_tags:
        yield unknown_name(
            "operations.cost_tag_key", operations.cost_tag_key, environment.all_tags, "tags of everything"
        )
    for path, settings in {BUDGET: operations.budget, ANOMALIES: operations.cost_anomalies}.items():
        if settings is not None and environment.location.partition != "aws":
            reason = "other parts of AWS are billed by another account, or in another currency"
            yield Problem(path, "be None outside of aws", f"region {environment.region!r}", reason)


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
