"""What stands in the way of the bundle of before, and how it is put aside."""

from handover.rolling_back import rolling_back
from tests.handover.platforms import root_module

RENAMED = root_module(
    moved=[{"from": "aws_sqs_queue.old", "to": "aws_sqs_queue.new"}],
    **{"import": [{"id": "a", "to": "aws_s3_bucket.a"}]},  # type: ignore[arg-type]
)


def test_what_was_renamed_or_taken_over_is_taken_back_in_its_state_first() -> None:
    text = "\n".join(rolling_back([RENAMED], "s3", children=False))
    assert "\nterraform -chdir=dev-queues state mv 'aws_sqs_queue.new' 'aws_sqs_queue.old'\n" in text
    assert "\nterraform -chdir=dev-queues state rm 'aws_s3_bucket.a'\n" in text
    text = "\n".join(rolling_back([RENAMED], "s3", children=True))
    assert "\nterraform state mv 'module.queues.aws_sqs_queue.new' 'module.queues.aws_sqs_queue.old'\n" in text


def test_where_nothing_was_there_is_no_command_and_the_state_has_its_own_word() -> None:
    text = "\n".join(rolling_back([root_module()], "local", children=False))
    assert "```" not in text
    assert text.endswith("with `.backup` at the end of its name.\n")
