"""``versions.tf`` in Terraform's own language."""

from typing import Any

import pytest

from handover.versions_file import as_native

TERRAFORM: dict[str, Any] = {
    "required_version": ">= 1.10.0, < 2.0.0",
    "required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}},
}


def test_versions_are_written_as_terraform_fmt_leaves_them() -> None:
    assert as_native(TERRAFORM) == (
        "terraform {\n"
        '  required_version = ">= 1.10.0, < 2.0.0"\n'
        "  required_providers {\n"
        "    aws = {\n"
        '      source  = "hashicorp/aws"\n'
        '      version = "6.25.0"\n'
        "    }\n"
        "  }\n"
        "}\n"
    )
    assert as_native({}) == "terraform {\n}\n"


def test_a_provider_has_its_namespace_where_terraform_takes_it_for_granted() -> None:
    short = {**TERRAFORM, "required_providers": {"aws": {"source": "aws", "version": "6.25.0"}}}
    assert as_native(short) == as_native(TERRAFORM)


@pytest.mark.parametrize(
    "more",
    [
        {"experiments": ["a"]},
        {"required_version": ">= ${var.version}"},
        {"required_providers": {"aws": "6.25.0"}},
        {"required_providers": {"aws": {"configuration_aliases": ["aws.west"]}}},
        {"required_providers": {"aws": {"version": 'a"b'}}},
        {"required_providers": {"a b": {"version": "1"}}},
    ],
)
def test_what_is_more_than_versions_stays_json(more: dict[str, Any]) -> None:
    assert as_native(TERRAFORM | more) is None
