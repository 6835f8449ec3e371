"""Print the milliseconds that one more construct takes: made, resolved and written; without the start."""

import sys
import time

import modules  # noqa: F401  makes the bindings fast, unless they are there already

# isort: split
from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

COUNT = 500

app = App(stack_traces=False, outdir=sys.argv[1])
stack = TerraformStack(app, "many")
LocalBackend(stack, path="many.tfstate")
AwsProvider(stack, "aws", region="us-east-1")
SqsQueue(stack, "first", name="first")
start = time.perf_counter()
for number in range(COUNT):
    SqsQueue(stack, f"queue-{number}", name=f"queue-{number}", visibility_timeout_seconds=60, tags={"team": "research"})
app.synth()
print(1_000 * (time.perf_counter() - start) / COUNT)
