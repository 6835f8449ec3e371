from cdktf import Fn, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from modules.canonical_json import canonical_json
from modules.terraform_literal import terraform_literal
from tests.conftest import Synthesized


def test_what_looks_like_an_expression_is_escaped_at_any_depth() -> None:
    assert terraform_literal({"a": ["echo ${HOME}", ("%{if x}", 1)]}) == {"a": ["echo $${HOME}", ["%%{if x}", 1]]}


def test_plain_text_and_other_values_stay_as_they_are() -> None:
    assert terraform_literal("$HOME 100 % {x} $ {y}") == "$HOME 100 % {x} $ {y}"
    assert terraform_literal(None) is None


def test_a_token_beside_text_stays_an_expression(stack: TerraformStack) -> None:
    queue = SqsQueue(stack, "queue", name="queue")
    TerraformOutput(stack, "out", value=terraform_literal(f"{queue.arn} ${{HOME}} {Fn.lower(queue.name)}"))

    assert Synthesized(stack).document["output"]["out"]["value"] == (
        "${aws_sqs_queue.queue.arn} $${HOME} ${lower(aws_sqs_queue.queue.name)}"
    )


def test_documents_are_escaped_on_their_way_into_terraform() -> None:
    assert canonical_json({"command": ["sh", "-c", "echo ${HOME}"]}) == '{"command":["sh","-c","echo $${HOME}"]}'
