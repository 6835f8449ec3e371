"""The log of what happens: rules that write events there, the policy that lets them, metrics and queries of it."""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.cloudwatch_log_metric_filter import (
    CloudwatchLogMetricFilter,
    CloudwatchLogMetricFilterMetricTransformation,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_resource_policy import CloudwatchLogResourcePolicy
from cdktf_cdktf_provider_aws.cloudwatch_query_definition import CloudwatchQueryDefinition
from constructs import Construct

from modules.cloudwatch.event_log_settings import EventLog
from modules.cloudwatch.event_metrics import EVENT_METRICS
from modules.cloudwatch.event_queries import event_queries
from modules.cloudwatch.log_group import define_log_group
from modules.cloudwatch.watched_events import Matches, log_group_name, log_policy
from modules.events.patterns import pattern_text
from modules.iam.policy import policy_document
from modules.naming import AwsLocation


class LoggedEvents(Construct):
    """Define the log of ``watched`` events, by the name of their rule, and what is made of them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: EventLog,
        watched: Mapping[str, Matches],
        namespace: str,
        team_tag_keys: Sequence[str],
        location: AwsLocation,
    ) -> None:
        super().__init__(scope, id_)
        self.log_group_name = log_group_name(name)
        self._name = name
        self._group = define_log_group(
            self, "Resource", name=self.log_group_name, retention_days=settings.retention_days
        )
        rules = {rule: f"{name}-{rule}" for rule in watched}
        # One for all that writes here: an account has ten such policies in each region.
        policy = CloudwatchLogResourcePolicy(
            self,
            "policy",
            policy_name=name,
            policy_document=policy_document(log_policy(location, self.log_group_name, list(rules.values()))),
        )
        scope_ = Construct(self, "rules")
        for rule, matches in watched.items():
            self._log(Construct(scope_, rule), rules[rule], matches, policy)
        self._define_metrics(namespace, set(watched))
        self._define_queries(team_tag_keys)

    def _log(self, scope: Construct, name: str, matches: Matches, policy: CloudwatchLogResourcePolicy) -> None:
        rule = CloudwatchEventRule(scope, "Resource", name=name, event_pattern=pattern_text(matches))
        CloudwatchEventTarget(
            scope, "target", rule=rule.name, target_id="log", arn=self._group.arn, depends_on=[policy]
        )

    def _define_metrics(self, namespace: str, rules: set[str]) -> None:
        scope = Construct(self, "metrics")
        for name, metric in EVENT_METRICS.items():
            for number, pattern in enumerate(metric.patterns if metric.rule in rules else (), start=1):
                id_ = name if len(metric.patterns) == 1 else f"{name}-{number}"
                CloudwatchLogMetricFilter(
                    scope,
                    id_,
                    name=id_,
                    log_group_name=self._group.name,
                    pattern=pattern,
                    metric_transformation=CloudwatchLogMetricFilterMetricTransformation(
                        name=name,
                        namespace=namespace,
                        value=metric.value,
                        unit=metric.unit,
                        dimensions=dict(metric.dimensions),
                    ),
                )

    def _define_queries(self, team_tag_keys: Sequence[str]) -> None:
        scope = Construct(self, "queries")
        for name, query in event_queries(team_tag_keys).items():
            CloudwatchQueryDefinition(
                scope,
                name,
                name=f"{self._name}/{name}",
                query_string=query.text,
                log_group_names=[self._group.name],
            )
