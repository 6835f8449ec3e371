"""A pipe with its log group and the role that it reads its queue and starts its target with."""

from cdktf_cdktf_provider_aws.pipes_pipe import (
    PipesPipe,
    PipesPipeLogConfiguration,
    PipesPipeLogConfigurationCloudwatchLogsLogDestination,
    PipesPipeSourceParameters,
    PipesPipeSourceParametersFilterCriteria,
    PipesPipeSourceParametersFilterCriteriaFilter,
    PipesPipeSourceParametersSqsQueueParameters,
)
from constructs import Construct

from modules.cloudwatch.log_group import define_log_group
from modules.events.patterns import pattern_text
from modules.iam.existing_role import define_chosen_role
from modules.iam.services import PIPES
from modules.iam.workload_role import start_after_permissions
from modules.kms.encryption_key import define_key
from modules.kms.permissions import DECRYPT
from modules.names import require_name
from modules.naming import AwsLocation
from modules.pipes.settings import PipeSettings, log_group_name
from modules.pipes.target import target_arguments
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
            self, "log-group", name=log_group_name(name), retention_days=settings.log_retention_days, key=key
        )
        description = f"Starts what the messages of pipe {name} are for"
        role = define_chosen_role(self, settings, name=name, service=PIPES, location=location, description=description)
        queue.grant_consume(role)
        target.grant_start(role)
        if key:
            role.add_policy("read-own-settings", [key.usage("DecryptPipe", DECRYPT)])
        filters = [
            PipesPipeSourceParametersFilterCriteriaFilter(pattern=pattern_text(item.matches))
            for item in settings.filters
        ]
        pipe = PipesPipe(
            self,
            "Resource",
            name=name,
            desired_state=settings.state,
            role_arn=role.role_arn,
            source=queue.queue_arn,
            source_parameters=PipesPipeSourceParameters(
                filter_criteria=PipesPipeSourceParametersFilterCriteria(filter=filters) if filters else None,
                # Written down: what is left out stays as it was.
                sqs_queue_parameters=PipesPipeSourceParametersSqsQueueParameters(
                    batch_size=settings.batch_size,
                    maximum_batching_window_in_seconds=settings.batch_window_seconds,
                ),
            ),
            log_configuration=PipesPipeLogConfiguration(
                level=settings.log_level,
                cloudwatch_logs_log_destination=PipesPipeLogConfigurationCloudwatchLogsLogDestination(
                    log_group_arn=log_group.arn
                ),
            ),
            kms_key_identifier=key.key_arn if key else None,
            tags=settings.tags or None,
            depends_on=list(target.depends_on) or None,
            **target_arguments(target),
        )
        start_after_permissions(pipe, role, *target.roles)
        self.pipe_arn: str = pipe.arn
        self.log_group_name: str = log_group.name
