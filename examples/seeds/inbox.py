"""A queue that keeps messages for 14 days, answers at once, and hides what was received for 30 seconds."""

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
)
