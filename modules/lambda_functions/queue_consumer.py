"""Messages of a queue that Lambda hands to somebody else's function, and what the function's role needs for it."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.lambda_event_source_mapping import (
    LambdaEventSourceMapping,
    LambdaEventSourceMappingScalingConfig,
)
from constructs import Construct

from modules.iam.policy import Statement
from modules.kms.permissions import DECRYPT
from modules.lambda_functions.settings import QueueConsumption
from modules.sqs.policy import CONSUME
from modules.sqs.queue import Queue


class QueueConsumer(Construct):
    """Define the event source mapping of a queue and a function. Lambda refuses it until the function's role may."""

    def __init__(
        self, scope: Construct, id_: str, *, function_arn: str, queue: Queue, settings: QueueConsumption
    ) -> None:
        super().__init__(scope, id_)
        most = settings.maximum_concurrency
        LambdaEventSourceMapping(
            self,
            "Resource",
            function_name=function_arn,
            event_source_arn=queue.queue_arn,
            enabled=settings.enabled,
            batch_size=settings.batch_size,
            # Lambda takes none for FIFO queues, not even that of 0.
            maximum_batching_window_in_seconds=None
            if queue.queue_name.endswith(".fifo")
            else settings.batching_window_seconds,
            scaling_config=LambdaEventSourceMappingScalingConfig(maximum_concurrency=most) if most else None,
            function_response_types=["ReportBatchItemFailures"] if settings.report_batch_item_failures else None,
            tags=settings.tags or None,
        )


def role_statements(queue: Queue) -> Sequence[Statement]:
    """Return what the role of a function needs that is given messages of ``queue``."""
    return queue.permissions("Consume", CONSUME, DECRYPT)
