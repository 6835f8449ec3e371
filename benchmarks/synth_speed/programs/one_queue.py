"""The smallest program of use: a cdktf app that takes one module, a queue with its dead-letter queue."""

import sys

from modules.naming import AwsLocation
from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import MessageQueueSettings

# isort: split
from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider

app = App(stack_traces=False, outdir=sys.argv[1])
stack = TerraformStack(app, "small")
LocalBackend(stack, path="small.tfstate")
AwsProvider(stack, "aws", region="us-east-1")
MessageQueue(
    stack,
    "requests",
    name="small-requests",
    settings=MessageQueueSettings(visibility_timeout_seconds=60),
    location=AwsLocation("us-east-1", "111122223333"),
)
app.synth()
