"""A rule with its target: what EventBridge is told, the role or permission that it starts it with, and an archive."""

from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_event_archive import CloudwatchEventArchive
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetBatchTarget,
    CloudwatchEventTargetDeadLetterConfig,
    CloudwatchEventTargetEcsTarget,
    CloudwatchEventTargetInputTransformer,
    CloudwatchEventTargetRetryPolicy,
    CloudwatchEventTargetSqsTarget,
)
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from modules import arns
from modules.arn_parts import arn_parts
from modules.blocks import typed_block
from modules.events.patterns import pattern_text
from modules.events.settings import RuleSettings
from modules.events.sources import EventContext
from modules.events.target_input import TargetInput, document_input, text_input
from modules.iam.existing_role import define_chosen_role
from modules.iam.services import EVENTS
from modules.iam.workload_role import start_after_permissions
from modules.kms.encryption_key import EncryptionKey, define_key
from modules.names import require_name
from modules.sqs.queue import Queue
from modules.targets.targets import (
    DrainTarget,
    FunctionTarget,
    JobTarget,
    PipelineTarget,
    QueueTarget,
    Target,
    TaskTarget,
    TopicTarget,
)
from modules.terraform_literal import terraform_literal


class Rule(Construct):
    """Define a rule of an event bus, the default one where there is no ``event_bus_name``. ``rule_arn`` is a token.

    Queues that it sends to let it already: their policies name it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: RuleSettings,
        target: Target,
        context: EventContext,
        dead_letter_queue: Queue | None = None,
        event_bus_name: str | None = None,
        event_bus_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        require_name("rule", name)
        location = context.location
        pattern = pattern_text(settings.event.matches(context))
        rule = CloudwatchEventRule(
            self,
            "Resource",
            name=name,
            event_bus_name=event_bus_name,
            event_pattern=pattern,
            state=settings.state,
            tags=settings.tags or None,
        )
        self.rule_arn: str = rule.arn
        role = None
        if settings.has_role:
            description = f"Starts what rule {name} is for"
            role = define_chosen_role(
                self, settings, name=name, service=EVENTS, location=location, description=description
            )
            target.grant_start(role)
        started = CloudwatchEventTarget(
            self,
            "target",
            rule=rule.name,
            event_bus_name=event_bus_name,
            target_id=id_[:64],
            role_arn=role.role_arn if role else None,
            retry_policy=CloudwatchEventTargetRetryPolicy(
                maximum_retry_attempts=settings.retry_attempts,
                maximum_event_age_in_seconds=settings.max_event_age_seconds,
            ),
            dead_letter_config=CloudwatchEventTargetDeadLetterConfig(arn=dead_letter_queue.queue_arn)
            if dead_letter_queue
            else None,
            depends_on=list(target.depends_on) or None,
            **_target_arguments(target),
        )
        if role:
            start_after_permissions(started, role, *target.roles)
        if isinstance(target, FunctionTarget):
            self._let_call(target.function.function_arn)
        self.archive_arn: str | None = None
        if settings.archive_days is not None:
            key = define_key(self, settings.archive_kms_key, name=f"archives/{name}", location=location)
            source_arn = event_bus_arn or arns.event_bus(location, "default")
            self.archive_arn = self._archive(name, settings.archive_days, source_arn, pattern, key)

    def _archive(self, name: str, days: int, source_arn: str, pattern: str, key: EncryptionKey | None) -> str:
        require_name("archive", name)
        if key:
            key.allow_event_bus(source_arn)
        archive = CloudwatchEventArchive(
            self,
            "archive",
            name=name,
            event_source_arn=source_arn,
            event_pattern=pattern,
            retention_days=days,
            kms_key_identifier=key.key_arn if key else None,
        )
        return str(archive.arn)

    def _let_call(self, function_arn: str) -> None:
        _, _, qualifier = arn_parts(function_arn).resource.removeprefix("function:").partition(":")
        LambdaPermission(
            self,
            "permission",
            statement_id=f"call-by-{self.node.id}",
            action="lambda:InvokeFunction",
            function_name=function_arn.removesuffix(f":{qualifier}"),
            qualifier=qualifier or None,
            principal=EVENTS,
            source_arn=self.rule_arn,
        )


def _target_arguments(target: Target) -> dict[str, Any]:
    match target:
        case JobTarget():
            parameters = {"Parameters": dict(target.settings.parameters)} if target.settings.parameters else {}
            job = CloudwatchEventTargetBatchTarget(
                # Without a revision: the newest is used.
                job_definition=target.job_definition_arn,
                job_name=target.name,
                array_size=target.settings.array_size,
                job_attempts=target.settings.attempts,
            )
            told = _input_arguments(document_input(parameters)) if parameters else {}
            return {"arn": target.job_queue_arn, "batch_target": job, **told}
        case TaskTarget():
            task = typed_block(CloudwatchEventTargetEcsTarget, target.run_document)
            told = _input_arguments(document_input(target.overrides)) if target.overrides else {}
            return {"arn": target.task.cluster_arn, "ecs_target": task, **told}
        case QueueTarget():
            group = target.settings.message_group_id
            return {
                "arn": target.queue.queue_arn,
                "sqs_target": CloudwatchEventTargetSqsTarget(message_group_id=group) if group else None,
                **_input_arguments(text_input(target.settings.body)),
            }
        case TopicTarget():
            return {"arn": target.topic.topic_arn, **_input_arguments(text_input(target.settings.body))}
        case DrainTarget():
            return {"arn": target.state_machine_arn, "input": "{}"}
        case PipelineTarget():
            return {"arn": target.alias_arn, **_input_arguments(document_input(target.input))}
        case FunctionTarget():
            return {"arn": target.function.function_arn, **_input_arguments(text_input(target.settings.payload))}
    raise TypeError(f"{type(target).__name__} is nothing that a rule starts")


def _input_arguments(told: TargetInput) -> dict[str, Any]:
    if told.template is not None:
        transformer = CloudwatchEventTargetInputTransformer(
            input_template=terraform_literal(told.template), input_paths=dict(told.paths)
        )
        return {"input_transformer": transformer}
    return {"input_path": told.path, "input": terraform_literal(told.text) if told.text is not None else None}
