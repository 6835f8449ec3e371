from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment
from stacks.state import S3State

PROD = Environment(
    name="prod",
    account_id="111122223333",
    region="us-east-1",
    production=False,
    state=S3State(bucket="example-terraform-state", region="us-east-1"),
    queues={"requests": MessageQueueSettings(visibility_timeout_seconds=3_900)},
)
