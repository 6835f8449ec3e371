"""Expressions inside Terraform's strings, and what they refer to."""

import pytest

from handover.expressions import expressions, references, texts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", []),
        ("${a.b.c}", ["a.b.c"]),
        ("x ${a.b}-${c.d} y", ["a.b", "c.d"]),
        ("$${a.b}", []),
        ("$${a} ${b.c}", ["b.c"]),
        ('${merge({a = "}"}, local.x)}', ['merge({a = "}"}, local.x)']),
        ('${f("\\"}", local.x)}', ['f("\\"}", local.x)']),
    ],
)
def test_expressions_end_where_terraform_ends_them(text: str, found: list[str]) -> None:
    assert list(expressions(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("${aws_sqs_queue.intake-1_A.arn}:*", [("aws_sqs_queue.intake-1_A", ".arn")]),
        ("${data.terraform_remote_state.a.outputs.b[0].c}", [("data.terraform_remote_state.a", ".outputs.b[0].c")]),
        ("${local.a}/${var.b}", [("local.a", ""), ("var.b", "")]),
        ("${terraform.workspace}", []),
        ('${replace(aws_iam_role.a.name, "aws_iam_role.b", "")}', [("aws_iam_role.a", ".name")]),
        ("$${aws_iam_role.a.name}", []),
    ],
)
def test_what_is_referred_to_is_found_outside_of_quotes(text: str, found: list[tuple[str, str]]) -> None:
    assert list(references(text)) == found


def test_texts_are_found_at_any_depth_and_comments_are_none() -> None:
    assert list(texts({"a": ["b", {"c": "d"}], "//": "no", "n": 1})) == ["a", "b", "c", "d", "n"]
