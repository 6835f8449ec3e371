"""Documents inside strings: readable where that changes not one byte of them, text everywhere else."""

import json

import pytest

from handover.documents import as_local, encoded, with_locals
from handover.platforms import resources
from tests.handover.platforms import shipped_platforms


@pytest.mark.parametrize(
    "text",
    [
        '{"Action":["sqs:SendMessage"],"Resource":"${aws_sqs_queue.a.arn}"}',
        '[{"name":"worker","image":"${aws_ecr_repository.a.repository_url}:1.0"}]'.replace('"name":"worker",', ""),
        '{"Resource":"${local.queues_a_arn}/*"}',
        '{"Resource":"${local.network_subnet_ids_0}"}',
        '{"Command":"$${HOME} 100%%{x}"}',
        '{"a":1,"b":true}',
    ],
)
def test_a_document_in_the_form_of_jsonencode_becomes_a_local_value(text: str) -> None:
    assert as_local(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("plain", "no document"),
        ("{no json}", "no JSON"),
        ('{"b":1,"a":2}', "another order of keys"),
        ('{"a": 1}', "blanks"),
        ('{"a":1.0}', "Terraform writes 1"),
        ('{"a":"<b>"}', "jsonencode escapes it"),
        ('{"a":"x & y"}', "jsonencode escapes it"),
        ('{"a":${local.a}}', "no JSON before it is applied"),
        ('{"a":"${aws_vpc.a.enable_dns}"}', "a lone reference to what may be no text"),
        ('{"a":"${f(\\"x\\")}"}', "a quote inside an expression"),
        ('{"a":"%{ if true }x%{ endif }"}', "a directive"),
    ],
)
def test_what_would_differ_stays_text(text: str, why: str) -> None:
    assert as_local(text) is None, why


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ('{"Image":"r:${var.tag}"}', {"Image": "r:${var.tag}"}),
        ('{"Image":"${var.tag}"}', {"Image": "${var.tag}"}),
        ('{"list":[${var.n},1],"n":${var.n}}', {"n": "${var.n}", "list": ["${var.n}", 1]}),
        ('{"Image":"${var.n}"}', None),
        ('{"b":${var.n},"a":1}', None),
    ],
)
def test_variables_keep_the_type_that_they_have_in_the_text(text: str, document: object) -> None:
    assert as_local(text, {"tag"}) == document


def test_a_block_keeps_everything_but_its_documents() -> None:
    policy = '{"Statement":[]}'
    moved, local = with_locals({"name": "a", "policy": policy, "n": 1}, "queues_a_1234")
    assert moved == {"name": "a", "policy": "${jsonencode(local.queues_a_1234_policy)}", "n": 1}
    assert local == {"queues_a_1234_policy": {"Statement": []}}


def test_nearly_every_document_of_shipped_environments_can_be_read() -> None:
    texts = [
        value
        for platform in shipped_platforms()
        for module in platform.modules
        for _, _, block in resources(module.document)
        for value in block.values()
        # Filter patterns of CloudWatch Logs look like it and are no JSON.
        if isinstance(value, str) and value[:1] in ("{", "[") and not value.startswith("{ (")
    ]
    readable = [text for text in texts if as_local(text) is not None]
    assert all(encoded(as_local(text)) == text for text in readable)
    assert len(readable) > 400
    assert len(readable) > 0.97 * len(texts)
