"""A queue for a function of one's own: it keeps messages for 14 days, answers at once, hides them for 30 seconds."""

from modules.lambda_functions.settings import ExistingFunction, QueueConsumption
from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment
from stacks.state import LocalState

INBOX = Environment(
    name="inbox",
    account_id="111122223333",
    region="us-east-1",
    production=False,
    state=LocalState(),
    queues={
        "requests": MessageQueueSettings(
            message_retention_seconds=1_209_600, receive_wait_seconds=0, visibility_timeout_seconds=30
        )
    },
    functions={
        "process": ExistingFunction(
            function_arn="arn:aws:lambda:us-east-1:111122223333:function:process",
            timeout_seconds=5,
            consumes={"requests": QueueConsumption()},
        )
    },
)
