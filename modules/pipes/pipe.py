"""A pipe with its log group and the role that it reads its queue and starts its target with."""

from cdktf_cdktf_provider_aws.pipes_pipe import (
    PipesPipe,
    PipesPipeLogConfiguration,
    PipesPipeSourceParameters,
    PipesPipeTargetParameters,
)
from constructs import Construct

from modules.blocks import typed_block
from modules.canonical_json import plain_json
from modules.cloudwatch.log_group import define_log_group
from modules.events.patterns import pattern_document
from modules.iam.existing_role import define_chosen_role
from modules.iam.services import PIPES
from modules.iam.workload_role import start_after_permissions
from modules.kms.encryption_key import define_key
from modules.kms.permissions import DECRYPT
from modules.names import require_name
from modules.naming import AwsLocation
from modules.pipes.settings import PipeSettings
from modules.pipes.target import target_document
from modules.sqs.queue import Queue
from modules.targets.targets import Target


class Pipe(Construct):
    """Define a pipe from ``queue`` to ``target``. ``pipe_arn`` and ``log_group_name`` are tokens."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: PipeSettings,
        queue: Queue,
        target: Target,
        location: AwsLocation,
    ) -> None:
        super().__init__(scope, id_)
        require_name("pipe", name)
        key = define_key(self, settings.kms_key, name=f"pipes/{name}", location=location)
        log_group = define_log_group(
            self, "log-group", name=settings.log_group_name(name), retention_days=settings.log_retention_days, key=key
        )
        description = f"Starts what the messages of pipe {name} are for"
        role = define_chosen_role(self, settings, name=name, service=PIPES, location=location, description=description)
        queue.grant_consume(role)
        target.grant_start(role)
        if key:
            role.add_policy("read-own-settings", [key.usage("DecryptPipe", DECRYPT)])
        filters = [{"pattern": plain_json(pattern_document(item.matches))} for item in settings.filters]
        source = {
            "filterCriteria": {"filter": filters},
            # Written down: what is left out stays as it was.
            "sqsQueueParameters": {
                "batchSize": settings.batch_size,
                "maximumBatchingWindowInSeconds": settings.batch_window_seconds,
            },
        }
        logs = {"level": settings.log_level, "cloudwatchLogsLogDestination": {"logGroupArn": log_group.arn}}
        target_arn, parameters = target_document(target)
        pipe = PipesPipe(
            self,
            "Resource",
            name=name,
            desired_state=settings.state,
            role_arn=role.role_arn,
            source=queue.queue_arn,
            source_parameters=typed_block(PipesPipeSourceParameters, source),
            target=target_arn,
            target_parameters=typed_block(PipesPipeTargetParameters, parameters),
            log_configuration=typed_block(PipesPipeLogConfiguration, logs),
            kms_key_identifier=key.key_arn if key else None,
            tags=settings.tags or None,
            depends_on=list(target.depends_on) or None,
        )
        start_after_permissions(pipe, role, *target.roles)
        self.pipe_arn: str = pipe.arn
        self.log_group_name: str = log_group.name
