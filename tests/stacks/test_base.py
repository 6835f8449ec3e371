import json
from typing import Any

from cdktf import App

from stacks.base import PlatformStack
from stacks.state import S3State
from tests.conftest import Synthesized
from tests.stacks.environments import empty_environment

ROLE = "arn:aws:iam::111122223333:role/deploy"


def some_stack(**changes: Any) -> PlatformStack:
    values: dict[str, Any] = {
        "region": "eu-central-1",
        "state": S3State(bucket="example-terraform-state", region="eu-west-1"),
    }
    return PlatformStack(App(stack_traces=False), empty_environment(**values | changes), "some")


def document(**changes: Any) -> dict[str, Any]:
    return Synthesized(some_stack(**changes)).document


def test_a_stack_is_named_after_its_environment() -> None:
    assert some_stack().node.id == "test-some"


def test_terraform_and_provider_are_pinned() -> None:
    terraform = document()["terraform"]

    assert terraform["required_version"] == ">= 1.10.0, < 2.0.0"
    assert terraform["required_providers"] == {"aws": {"source": "aws", "version": "6.25.0"}}


def test_the_provider_deploys_to_one_account_and_region_and_tags_everything() -> None:
    assert document()["provider"]["aws"] == [
        {
            "region": "eu-central-1",
            "allowed_account_ids": ["111122223333"],
            "default_tags": [{"tags": {"project": "terrabatch", "environment": "test"}}],
        }
    ]


def test_the_provider_assumes_the_deployment_role() -> None:
    (provider,) = document(deployment_role_arn=ROLE)["provider"]["aws"]
    assert provider["assume_role"] == [{"role_arn": ROLE}]


def test_tags_of_the_environment_are_added_in_an_order_of_their_own() -> None:
    tags = {"zone": "a", "cost-center": "42"}
    (provider,) = document(tags=tags)["provider"]["aws"]

    assert provider["default_tags"] == [{"tags": tags | {"project": "terrabatch", "environment": "test"}}]
    assert list(provider["default_tags"][0]["tags"]) == ["cost-center", "environment", "project", "zone"]


def test_a_stack_by_itself_has_no_output_and_no_resource() -> None:
    assert set(document()) == {"provider", "terraform"}


def test_an_output_with_nothing_in_it_is_left_out() -> None:
    stack = some_stack()
    stack.add_output("nothing", "…", {})
    stack.add_output("something", "what there is", {"a": "b"})

    assert json.loads(json.dumps(Synthesized(stack).document["output"])) == {
        "something": {"description": "what there is", "value": {"a": "b"}}
    }


def test_an_output_is_literal_text() -> None:
    stack = some_stack()
    stack.add_output("script", "to be run", "echo ${HOME}")

    assert Synthesized(stack).document["output"]["script"]["value"] == "echo $${HOME}"
