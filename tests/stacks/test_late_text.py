"""Where the value of a variable stands: exactly where both Terraforms differ, and nowhere else."""

import json
from typing import Any

import pytest

from stacks.late_text import UnexplainedError, Values, templated, used

N: Values = {"n": (8, 16)}
N_AND_M: Values = {"n": (8, 16), "m": (5, 6)}
S: Values = {"s": ("a1", "a2")}
B: Values = {"b": (True, False)}


def document(**values: Any) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize(
    ("one", "other", "values", "template"),
    [
        (8, 16, N, "${var.n}"),
        ("8", "16", N, "${var.n}"),
        ("a1", "a2", S, "${var.s}"),
        (True, False, B, "${var.b}"),
        ({"x": 8, "y": 8}, {"x": 16, "y": 8}, N, {"x": "${var.n}", "y": 8}),
        ([1, 8], [1, 16], N, [1, "${var.n}"]),
        ("arn:a1:x:a1", "arn:a2:x:a2", S, "arn:${var.s}:x:${var.s}"),
        ("rate(8 minutes)", "rate(16 minutes)", N, "rate(${var.n} minutes)"),
        (document(v=8, w="x"), document(v=16, w="x"), N, '{"v":${var.n},"w":"x"}'),
        (document(v="8"), document(v="16"), N, '{"v":"${var.n}"}'),
        (document(i="r:a1"), document(i="r:a2"), S, '{"i":"r:${var.s}"}'),
        (document(r=True), document(r=False), B, '{"r":${var.b}}'),
        ("${a.b.arn}:a1", "${a.b.arn}:a2", S, "${a.b.arn}:${var.s}"),
        ('{"a":NaN,"b":"a1"}', '{"a":NaN,"b":"a2"}', S, '{"a":NaN,"b":"${var.s}"}'),
        ("a1", "a1", S, "a1"),
        (9, 17, N, "${1 + var.n}"),
        (7, 15, N, "${-1 + var.n}"),
        (document(v=9), document(v=17), N, '{"v":${1 + var.n}}'),
        (15, 24, N_AND_M, "${2 + var.m + var.n}"),
    ],
)
def test_the_value_itself_becomes_the_variable(one: object, other: object, values: Values, template: object) -> None:
    assert templated(one, other, values) == template


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        (9, 18, N),
        ("18", "116", N),
        ("x8", "x16y", N),
        (True, False, N),
        ({"x": 8}, {"x": 16, "y": 1}, N),
        ([8], [16, 16], N),
        ("a1", "a3", S),
        ("a1-a1", "a2-a1-x", S),
        ("${f(a1)}", "${f(a2)}", S),
        ("YTE=", "YTI=", S),
        ("True", "False", B),
        (8, "16", N),
        (20, 28, {**N, "m": (1, 9)}),  # which of them it is
    ],
)
def test_whatever_else_differs_is_not_explained(one: object, other: object, values: Values) -> None:
    with pytest.raises(UnexplainedError):
        templated({"a": one}, {"a": other}, values)


def test_two_variables_in_one_text_are_told_apart() -> None:
    values: Values = {"account": ("111111111111", "111111111112"), "tag": ("1.0", "1.1")}
    one, other = "111111111111.dkr:1.0", "111111111112.dkr:1.1"
    assert templated(one, other, values) == "${var.account}.dkr:${var.tag}"


def test_where_it_is_not_explained_is_told() -> None:
    with pytest.raises(UnexplainedError) as raised:
        templated({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, N)
    assert raised.value.path == ("a", "0", "b")


def test_variables_that_are_used_are_found_at_any_depth() -> None:
    assert used({"a": ["x-${var.b}", {"c": "${var.d}"}], "e": "$${var.f}"}) == {"b", "d"}
    assert used(["x${-3 + var.a + var.b}", "${other.c}", "${1 + 2}"]) == {"a", "b"}
