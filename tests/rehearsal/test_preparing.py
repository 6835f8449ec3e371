"""A prepared stack reaches nothing but the local AWS and the states beside it."""

from typing import Any

import pytest

from rehearsal.preparing import prepare
from tests.rehearsal.schemas import block, schema

HERE = {"source": "registry.terraform.io/hashicorp/aws", "version": "5.100.0"}
LB = schema(aws_lb=block("name", "enable_deletion_protection"), aws_sqs_queue=block("name"))


def document(**more: Any) -> dict[str, Any]:
    return {
        "terraform": {
            "required_version": ">= 1.10.0",
            "required_providers": {"aws": {"source": "aws", "version": "6.25.0"}},
            "backend": {"s3": {"bucket": "states", "key": "dev-batch"}},
        },
        "provider": {"aws": [{"region": "us-east-1", "allowed_account_ids": ["111122223333"]}]},
        **more,
    }


def prepared(given: dict[str, Any], *, protected: bool = True, **states: str) -> dict[str, Any]:
    return prepare(given, states, LB, requirement=HERE, protected=protected).document


def test_its_state_lies_in_its_own_folder_and_the_provider_is_the_one_at_hand() -> None:
    assert prepared(document())["terraform"] == {"required_version": ">= 1.10.0", "required_providers": {"aws": HERE}}


def test_hcp_terraform_runs_nothing_of_it() -> None:
    given = document()
    given["terraform"]["cloud"] = {"organization": "us"}
    assert "cloud" not in prepared(given)["terraform"]


def test_what_is_given_is_not_changed() -> None:
    given = document(resource={"aws_lb": {"a": {"unknown": 1}}})
    prepared(given)
    assert given == document(resource={"aws_lb": {"a": {"unknown": 1}}})


@pytest.mark.parametrize("name", ["assume_role", "assume_role_with_web_identity", "profile", "shared_config_files"])
def test_nobodys_credentials_are_used(name: str) -> None:
    given = document()
    given["provider"]["aws"][0][name] = "somebody's"
    assert prepared(given)["provider"]["aws"] == [
        {"region": "us-east-1", "allowed_account_ids": ["111122223333"], "s3_use_path_style": True, "max_retries": 2}
    ]


def test_the_states_of_other_stacks_are_read_where_they_were_written() -> None:
    state = {"backend": "s3", "config": {"bucket": "states"}, "workspace": "${terraform.workspace}"}
    given = document(data={"terraform_remote_state": {"network": state, "theirs": dict(state)}})
    assert prepared(given, network="../dev-network/terraform.tfstate")["data"]["terraform_remote_state"] == {
        "network": {"backend": "local", "config": {"path": "../dev-network/terraform.tfstate"}},
        "theirs": state,
    }


def test_what_leads_to_the_states_of_other_stacks_need_not_be_given() -> None:
    state = {"backend": "s3", "config": '${merge(var.state, {"key" = "network"})}'}
    variables = {"state": {"type": "map(string)"}, "other": {"type": "string"}}
    given = document(data={"terraform_remote_state": {"network": state}}, variable=variables)
    assert prepared(given, network="../dev-network/terraform.tfstate")["variable"] == {
        "state": {"type": "map(string)", "default": {}},
        "other": {"type": "string"},
    }


def test_no_program_of_a_stack_runs_on_this_machine() -> None:
    body = {"input": 1, "provisioner": [{"local-exec": {"command": "sleep 60"}}]}
    result = prepare(document(resource={"terraform_data": {"a": body}}), {}, LB, requirement=HERE)
    assert result.document["resource"] == {"terraform_data": {"a": {"input": 1}}}
    assert result.left_out == {"provisioners of terraform_data (nothing of a stack runs on this machine)": 1}


def test_what_is_to_be_destroyed_is_not_protected_any_more() -> None:
    body = {
        "name": "a",
        "enable_deletion_protection": True,
        "lifecycle": {"prevent_destroy": True, "ignore_changes": ["x"]},
    }
    given = document(resource={"aws_lb": {"a": body}})
    assert prepared(given)["resource"]["aws_lb"]["a"] == body
    result = prepare(given, {}, LB, requirement=HERE, protected=False)
    assert result.must_be_told
    assert result.document["resource"]["aws_lb"]["a"] == {
        "name": "a",
        "enable_deletion_protection": False,
        "lifecycle": {"ignore_changes": ["x"]},
    }


@pytest.mark.parametrize(
    ("body", "must_be_told"),
    [
        ({"enable_deletion_protection": True}, True),
        ({"enable_deletion_protection": False}, False),
        ({"lifecycle": {"prevent_destroy": True}}, False),
        ({}, False),
    ],
)
def test_a_protection_that_only_terraform_knows_needs_no_apply(body: dict[str, Any], must_be_told: bool) -> None:
    given = document(resource={"aws_lb": {"a": body}})
    assert prepare(given, {}, LB, requirement=HERE, protected=False).must_be_told is must_be_told
    assert prepare(given, {}, LB, requirement=HERE).must_be_told is False


def test_what_the_provider_lacks_is_counted() -> None:
    result = prepare(document(resource={"aws_lb": {"a": {"new": 1}}}), {}, LB, requirement=HERE)
    assert result.left_out == {"aws_lb.new (unknown to this provider)": 1}
