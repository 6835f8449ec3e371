"""What texts in Terraform point to."""

import pytest

from handover.pictures.pointing import Directory, Resource
from handover.platforms import Platform
from tests.handover.platforms import root_module

QUEUE = Resource("aws_sqs_queue", "queues_in_1", "queues")
JOB = Resource("aws_batch_job_definition", "embed", "batch")
VERSION = "${aws_sfn_state_machine.nightly.state_machine_version_arn}"
STATE = "data.terraform_remote_state.queues.outputs"
DIRECTORY = Directory(
    Platform(
        "dev",
        (
            root_module(
                "dev-queues",
                resource={"aws_sqs_queue": {"queues_in_1": {"name": "t-dev-in", "//": "queues/in"}}},
                output={"queues": {"value": {"in": {"arn": "${aws_sqs_queue.queues_in_1.arn}", "all": ["x"]}}}},
            ),
            root_module(
                "dev-batch",
                resource={
                    "aws_batch_job_definition": {"embed": {"name": "t-dev-embed"}},
                    "aws_sfn_state_machine": {"nightly": {"name": "t-dev-nightly"}},
                    "aws_sfn_alias": {"live": {"routing_configuration": [{"state_machine_version_arn": VERSION}]}},
                },
                locals={"in": f"${{try({STATE}.queues.in.arn, {STATE}.queues)}}"},
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("${local.in}", "", QUEUE),
        (f"${{{STATE}.queues.in.arn}}", "", QUEUE),
        ("${data.tfe_outputs.queues.nonsensitive_values.queues.in.arn}", "", QUEUE),
        (f"${{{STATE}.queues.out.arn}}", "", None),
        (f"${{{STATE}.queues.in.all.0}}", "", None),
        ("${local.nothing}", "", None),
        ("arn:aws:sqs:eu-west-1:111122223333:t-dev-in", "", QUEUE),
        ("https://sqs.eu-west-1.amazonaws.com/111122223333/t-dev-in", "", QUEUE),
        ("https://sqs.eu-west-1.amazonaws.com/${var.account}/t-dev-in", "", QUEUE),
        ("arn:aws:sqs:eu-west-1:111122223333:theirs", "", Resource("aws_sqs_queue", "theirs")),
        ("arn:aws:batch:eu-west-1:111122223333:job-definition/t-dev-embed:3", "", JOB),
        ("t-dev-embed", "JobDefinition", JOB),
        ("t-dev-embed:3", "job_definition", JOB),
        ("t-dev-embed", "JobName", None),
        ("theirs", "JobQueue", Resource("aws_batch_job_queue", "theirs")),
        ("${aws_sfn_alias.live.arn}", "", Resource("aws_sfn_state_machine", "nightly", "batch")),
        (
            "arn:aws:states:eu-west-1:111122223333:stateMachine:t-dev-nightly:live",
            "",
            Resource("aws_sfn_state_machine", "nightly", "batch"),
        ),
        ("arn:aws:lambda:eu-west-1:111122223333:function:tell:live", "", Resource("aws_lambda_function", "tell")),
        ("$${local.in}", "", None),
    ],
)
def test_references_and_names_lead_to_resources(text: str, key: str, expected: Resource | None) -> None:
    assert DIRECTORY.find("batch", text, key) == expected


def test_things_are_called_as_in_the_environment_file_or_as_in_terraform() -> None:
    assert DIRECTORY.called(QUEUE) == "in"
    assert DIRECTORY.called(JOB) == "embed"
    assert DIRECTORY.called(Resource("aws_sqs_queue", "theirs")) == "theirs"
