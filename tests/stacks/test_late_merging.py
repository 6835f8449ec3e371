"""Templates of several rounds as one: all variables are in it, or it is said which cannot be."""

from typing import Any

import pytest

from stacks.late_merging import merged
from stacks.late_text import UnexplainedError

DEFAULTS: dict[str, Any] = {"a": "0.9.2", "b": "0.9.2", "c": "10.9", "n": 8, "m": 64, "on": True}


@pytest.mark.parametrize(
    ("one", "templates", "whole"),
    [
        ("x", [(["a"], "x")], "x"),
        ("x:0.9.2", [(["a"], "x:${var.a}"), (["b"], "x:0.9.2")], "x:${var.a}"),
        ("x:0.9.2 y:0.9.2", [(["a"], "x:${var.a} y:0.9.2"), (["b"], "x:0.9.2 y:${var.b}")], "x:${var.a} y:${var.b}"),
        ('{"v":8,"w":true}', [(["n"], '{"v":${var.n},"w":true}'), (["on"], '{"v":8,"w":${var.on}}')],
         '{"v":${var.n},"w":${var.on}}'),
        (8, [(["n"], "${var.n}"), (["n"], "${var.n}")], "${var.n}"),
        (100, [(["n"], "${92 + var.n}"), (["m"], "${36 + var.m}")], "${28 + var.m + var.n}"),
        (72, [(["n"], "${64 + var.n}"), (["m"], "${8 + var.m}")], "${var.m + var.n}"),
        ("[72]x8", [(["n"], "[${64 + var.n}]x${var.n}"), (["m"], "[${8 + var.m}]x8")], "[${var.m + var.n}]x${var.n}"),
        ({"x": [8, "y"]}, [(["n"], {"x": ["${var.n}", "y"]})], {"x": ["${var.n}", "y"]}),
    ],
)  # fmt: skip
def test_each_variable_is_where_its_template_has_it(one: Any, templates: Any, whole: Any) -> None:
    assert merged(one, templates, DEFAULTS) == whole


@pytest.mark.parametrize(
    ("one", "templates", "names"),
    [
        (8, [(["n"], "${var.n}"), (["n"], 8)], ["n"]),
        ("0.9.2", [(["a"], "${var.a}"), (["b"], "0.9.2"), (["a"], "0.9.2")], ["a"]),
        ("10.9.2", [(["a"], "1${var.a}"), (["c"], "${var.c}.2")], ["a"]),
    ],
)
def test_what_only_some_templates_of_a_variable_have_or_two_variables_share_is_not_explained(
    one: Any, templates: Any, names: list[str]
) -> None:
    with pytest.raises(UnexplainedError) as raised:
        merged({"x": {"y": one}}, [(tried, {"x": {"y": found}}) for tried, found in templates], DEFAULTS)
    assert (raised.value.path, raised.value.names) == (("x", "y"), names)
