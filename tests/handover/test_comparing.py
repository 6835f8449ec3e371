"""What applying one environment changes of another."""

from typing import Any

import pytest

from handover.comparing import UNKNOWN, Change, changes
from handover.platforms import Platform
from tests.handover.platforms import root_module, shipped_platforms

QUEUE = {"//": "queues/a", "name": "a", "delay_seconds": 0}
POLICY = {"//": "queues/a/policy", "queue_url": "${aws_sqs_queue.a.url}", "policy": '{"Statement":[]}'}


def platform(part: str = "queues", **resources: Any) -> Platform:
    return Platform("dev", (root_module(f"dev-{part}", resource=resources),))


def queues(**changed: Any) -> Platform:
    return platform(aws_sqs_queue={"a": QUEUE | changed})


def told(before: Platform, after: Platform) -> dict[str, tuple[str, list[str]]]:
    return {change.address: (change.action, change.because) for change in changes(before, after)}


def only(before: Platform, after: Platform) -> Change:
    (change,) = changes(before, after)
    return change


def test_nothing_changes_where_nothing_is_different() -> None:
    for shipped in shipped_platforms():
        assert changes(shipped, shipped) == []


def test_resources_are_added_removed_updated_and_replaced() -> None:
    empty = platform()
    assert told(empty, queues()) == {"aws_sqs_queue.a": ("added", [])}
    assert told(queues(), empty) == {"aws_sqs_queue.a": ("removed", [])}
    assert told(queues(), queues(delay_seconds=1)) == {"aws_sqs_queue.a": ("updated", [])}
    assert told(queues(), queues(delay_seconds=1, name="b")) == {"aws_sqs_queue.a": ("replaced", ["name"])}


def test_the_tags_of_everything_are_tags_of_all_that_can_have_some() -> None:
    before, after = (
        Platform(
            "dev",
            (
                root_module(
                    "dev-queues",
                    provider={"aws": [{"default_tags": [{"tags": {"team": team}}]}]},
                    resource={
                        "aws_sqs_queue": {"a": QUEUE, "b": QUEUE | {"tags": {"team": "own"}}},
                        "aws_sqs_queue_policy": {"a": POLICY},
                    },
                ),
            ),
        )
        for team in ("search", "ads")
    )
    change = only(before, after)
    assert (change.address, change.action) == ("aws_sqs_queue.a", "updated")
    assert [item.path for item in change.differences] == ["tags.team"]


def test_a_statement_less_of_a_policy_that_is_kept_when_it_is_left_out_is_a_change() -> None:
    policy = '{"Statement":[{"Sid":"A"},{"Sid":"B"}]}'
    before = platform(aws_vpc_endpoint={"a": {"//": "a", "vpc_id": "a", "policy": policy}})
    less = platform(aws_vpc_endpoint={"a": {"//": "a", "vpc_id": "a", "policy": '{"Statement":[{"Sid":"A"}]}'}})
    without = platform(aws_vpc_endpoint={"a": {"//": "a", "vpc_id": "a"}})
    assert told(before, less) == {"aws_vpc_endpoint.a": ("updated", [])}
    assert told(before, without) == {}


def test_an_argument_that_is_made_of_what_changes_changes_for_those_who_read_it() -> None:
    def scaled(name: str) -> Platform:
        return platform(
            aws_ecs_cluster={"c": {"//": "c", "name": name}},
            aws_appautoscaling_target={"t": {"//": "t", "resource_id": "service/${aws_ecs_cluster.c.name}/s"}},
            aws_appautoscaling_policy={"p": {"//": "p", "resource_id": "${aws_appautoscaling_target.t.resource_id}"}},
        )

    assert told(scaled("a"), scaled("b")) == {
        "aws_appautoscaling_policy.p": ("replaced", ["resource_id"]),
        "aws_appautoscaling_target.t": ("replaced", ["resource_id"]),
        "aws_ecs_cluster.c": ("replaced", ["name"]),
    }


def templates(environment: dict[str, Any], **changed: Any) -> Platform:
    template = {"//": "a", "name": "a"} | changed
    return platform(aws_launch_template={"a": template}, aws_batch_compute_environment={"a": environment})


def test_an_update_that_is_a_new_version_is_one_of_those_who_read_the_version() -> None:
    version, id_ = ({"template": f"${{aws_launch_template.a.{name}}}"} for name in ("latest_version", "id"))
    both: dict[str, tuple[str, list[str]]] = {
        "aws_launch_template.a": ("updated", []),
        "aws_batch_compute_environment.a": ("updated", []),
    }
    assert told(templates(version), templates(version, user_data="new")) == both
    assert told(templates(id_), templates(id_, user_data="new")).keys() == {"aws_launch_template.a"}
    assert told(templates(version), templates(version, tags={"a": "b"})) == both


@pytest.mark.parametrize(("after", "is_protected"), [(platform(), False), (queues(name="b"), True)])
def test_what_is_lost_is_told_of_what_goes_and_protected_is_what_is_still_configured(
    after: Platform, is_protected: bool
) -> None:
    change = only(queues(lifecycle={"prevent_destroy": True}), after)
    assert (change.lost, change.kind_of_loss, change.is_protected) == ("all messages in it", "data", is_protected)
    assert not only(queues(), after).is_protected


@pytest.mark.parametrize(("lifecycle", "action"), [({"destroy": False}, "released"), ({}, "removed")])
def test_what_terraform_lets_go_of_is_not_lost(lifecycle: dict[str, bool], action: str) -> None:
    removed = [{"from": "aws_sqs_queue.a", "lifecycle": lifecycle}]
    after = Platform("dev", (root_module("dev-queues", removed=removed),))
    change = only(queues(), after)
    assert (change.action, bool(change.lost)) == (action, action == "removed")


def test_what_terraform_keeps_for_itself_is_no_change() -> None:
    assert changes(queues(), queues(lifecycle={"create_before_destroy": True}, depends_on=["x"])) == []
    assert changes(queues(), queues(**{"//": "other"})) == []
    ignoring = queues(lifecycle={"ignore_changes": ["delay_seconds"]}, delay_seconds=1)
    assert changes(queues(), ignoring) == []


def test_an_argument_that_keeps_its_value_when_left_out_is_no_change() -> None:
    with_key = platform(aws_efs_file_system={"a": {"kms_key_id": "k", "encrypted": True}})
    without = platform(aws_efs_file_system={"a": {"encrypted": True}})
    assert changes(with_key, without) == []
    assert told(without, with_key) == {"aws_efs_file_system.a": ("replaced", ["kms_key_id"])}


def test_a_replacement_is_followed_to_all_that_refer_to_it() -> None:
    before, after = (
        platform(
            aws_sqs_queue={"a": QUEUE | {"name": name}},
            aws_sqs_queue_policy={"p": POLICY},
            aws_iam_role_policy={"r": {"policy": '{"Resource":"${aws_sqs_queue.a.arn}"}', "name": "r"}},
            aws_ssm_parameter={"s": {"value": "${aws_sqs_queue.a.delay_seconds}"}},
        )
        for name in ("a", "b")
    )
    assert told(before, after) == {
        "aws_iam_role_policy.r": ("updated", []),
        "aws_sqs_queue.a": ("replaced", ["name"]),
        "aws_sqs_queue_policy.p": ("replaced", ["queue_url"]),
    }
    (policy,) = [change for change in changes(before, after) if change.address == "aws_iam_role_policy.r"]
    assert [(item.path, item.before, item.after) for item in policy.differences] == [
        ("policy.Resource", "arn of queues/a", UNKNOWN)
    ]


def test_a_replacement_is_followed_into_root_modules_that_read_it() -> None:
    outputs = "data.terraform_remote_state.queues.outputs.queues"
    read = f"${{try({outputs}.a.arn, {outputs})}}"
    reader = root_module(
        "dev-batch",
        ("dev-queues",),
        data={"terraform_remote_state": {"queues": {}}},
        locals={"queues_a_arn": read},
        resource={"aws_iam_role_policy": {"r": {"policy": '{"Resource":"${local.queues_a_arn}"}'}}},
    )
    output = {"queues": {"value": {"a": {"arn": "${aws_sqs_queue.a.arn}"}, "b": {"arn": "${aws_sqs_queue.b.arn}"}}}}
    before, after = (
        Platform(
            "dev",
            (
                root_module(output=output, resource={"aws_sqs_queue": {"a": QUEUE | {"name": name}, "b": QUEUE}}),
                reader,
            ),
        )
        for name in ("a", "c")
    )
    assert told(before, after) == {
        "aws_sqs_queue.a": ("replaced", ["name"]),
        "aws_iam_role_policy.r": ("updated", []),
    }


def test_a_task_definition_gets_a_new_revision_which_its_service_takes() -> None:
    before, after = (
        platform(
            aws_ecs_task_definition={"t": {"family": "t", "container_definitions": f'[{{"image":"a:{tag}"}}]'}},
            aws_ecs_service={"s": {"name": "s", "task_definition": "${aws_ecs_task_definition.t.arn}"}},
        )
        for tag in (1, 2)
    )
    assert told(before, after) == {
        "aws_ecs_service.s": ("updated", []),
        "aws_ecs_task_definition.t": ("revised", ["container_definitions.image"]),
    }


def test_variables_count_with_their_defaults() -> None:
    late = Platform(
        "dev",
        (
            root_module(
                variable={"delay": {"default": 0}},
                resource={"aws_sqs_queue": {"a": QUEUE | {"delay_seconds": "${var.delay}"}}},
            ),
        ),
    )
    assert changes(queues(), late) == []


def test_a_type_that_the_table_lacks_is_told_as_a_guess() -> None:
    before, after = (platform(aws_no_such_thing={"a": {"name": name}}) for name in "ab")
    assert only(before, after).is_guessed
    assert not only(queues(), queues(delay_seconds=1)).is_guessed
