"""What is read of the outputs of others, as types."""

import pytest

from handover.contracts import as_text, as_type, contracts, with_variables

OUTPUTS = "data.terraform_remote_state.network.outputs"


def text(output: str, inside: str) -> str:
    return f"${{try({OUTPUTS}.{output}{inside}, {OUTPUTS}.{output})}}"


@pytest.mark.parametrize(
    ("read", "type_"),
    [
        ([text("vpc", ".id")], "object({vpc = object({id = string})})"),
        (
            [text("vpc", ".subnet_ids[0]"), text("vpc", ".subnet_ids[1]")],
            "object({vpc = object({subnet_ids = list(string)})})",
        ),
        ([text("a", "[0].arn"), text("a", "[1].id")], "object({a = list(object({arn = string, id = string}))})"),
        ([f"${{{OUTPUTS}.vpc}}"], "object({vpc = any})"),
        ([f"${{keys({OUTPUTS}.vpc)}}", text("vpc", ".id")], "object({vpc = any})"),
        ([text("a", ".nightly-docs.arn")], "object({a = object({nightly-docs = object({arn = string})})})"),
        ([text("a", ".0.arn")], "object({a = any})"),
        ([f"${{{OUTPUTS}}}"], "any"),
        ([], "object({})"),
    ],
)
def test_the_type_has_just_what_is_read(read: list[str], type_: str) -> None:
    assert as_type(contracts({"locals": read}).get("network", ())) == type_


def test_what_is_read_comes_from_variables_then_and_has_no_other_value() -> None:
    document = {"locals": {"a": text("vpc", ".ids[0]"), "b": f"${{try({OUTPUTS}.vpc, 1)}}"}}
    read = with_variables(document, lambda part: f"{part}_outputs")["locals"]
    assert read == {"a": "${var.network_outputs.vpc.ids[0]}", "b": "${try(var.network_outputs.vpc, 1)}"}
    assert OUTPUTS in document["locals"]["a"]


def test_paths_are_told_as_expressions_have_them() -> None:
    (path,) = contracts({"locals": text("vpc", ".ids[0]")})["network"]
    assert as_text(("network", *path)) == "network.vpc.ids[0]"
