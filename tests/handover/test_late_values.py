"""What is decided late: read where it stands, and replaced by its default."""

from typing import Any

import pytest

from handover.late_values import parsed, with_defaults

DEFAULTS = {"n": 8, "m": 5, "on": True, "tag": "1.0"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": "${var.n}", "b": ["x-${var.n}"]}, {"a": 8, "b": ["x-8"]}),
        ("${var.on}", True),
        ('{"on":${var.on},"tag":"${var.tag}"}', '{"on":true,"tag":"1.0"}'),
        ("${512 + var.n}", 520),
        ("${-3 + var.m + var.n}", 10),
        ('[${512 + var.n},"${var.m + var.n} vCPUs"]', '[520,"13 vCPUs"]'),
        ("$${var.n}", "$${var.n}"),
        ("${var.required} of ${1 + var.required}", "${var.required} of ${1 + var.required}"),
        ("${aws_batch_job_queue.a.arn}", "${aws_batch_job_queue.a.arn}"),
    ],
)
def test_defaults_stand_where_variables_did(value: Any, expected: Any) -> None:
    assert with_defaults(value, DEFAULTS) == expected


def test_documents_are_read_with_texts_for_what_is_decided_late() -> None:
    document = '{"a":${var.n},"b":[${1 + var.n},2],"c":"x-${var.tag}"}'
    assert parsed(document) == {"a": "${var.n}", "b": ["${1 + var.n}", 2], "c": "x-${var.tag}"}
