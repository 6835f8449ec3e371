"""What is left out of a stack takes with it what cannot be without it, and nothing else."""

from typing import Any

import pytest

from rehearsal.leaving_out import leave_out

PROVIDER = "${aws_ecs_capacity_provider.managed.name}"


def stack(**resources: dict[str, Any]) -> dict[str, Any]:
    return {"resource": {"aws_ecs_capacity_provider": {"managed": {"name": "a"}}, **resources}}


def without(document: dict[str, Any]) -> dict[str, int]:
    return dict(leave_out(document, ["aws_ecs_capacity_provider.managed"], "unknown"))


def test_nothing_is_left_out_of_a_stack_without_it() -> None:
    document = stack()
    assert leave_out(document, [], "unknown") == {}
    assert document == stack()


def test_a_type_that_is_left_without_resources_goes() -> None:
    document = stack()
    assert without(document) == {"aws_ecs_capacity_provider (unknown)": 1}
    assert document == {"resource": {}}


def test_entries_of_lists_go_and_the_others_stay() -> None:
    strategy = [{"capacity_provider": "FARGATE"}, {"capacity_provider": PROVIDER}]
    document = stack(
        aws_ecs_cluster_capacity_providers={"a": {"capacity_providers": ["FARGATE", PROVIDER], "strategy": strategy}}
    )
    without(document)
    assert document["resource"] == {
        "aws_ecs_cluster_capacity_providers": {
            "a": {"capacity_providers": ["FARGATE"], "strategy": [{"capacity_provider": "FARGATE"}]}
        }
    }


@pytest.mark.parametrize(
    "argument", [PROVIDER, [PROVIDER], [{"provider": PROVIDER}], {"block": {"provider": PROVIDER}}]
)
def test_what_has_nothing_else_goes_and_what_needs_that_in_turn(argument: Any) -> None:
    document = stack(
        aws_ecs_service={"a": {"argument": argument}, "b": {"argument": "FARGATE"}},
        aws_appautoscaling_target={"a": {"resource_id": "service/${aws_ecs_service.a.name}"}},
    )
    assert without(document) == {
        "aws_ecs_capacity_provider (unknown)": 1,
        "aws_ecs_service (needs what is unknown)": 1,
        "aws_appautoscaling_target (needs what is unknown)": 1,
    }
    assert document["resource"] == {"aws_ecs_service": {"b": {"argument": "FARGATE"}}}


def test_what_only_waits_for_it_waits_no_more() -> None:
    document = stack(
        aws_ecs_service={
            "a": {"depends_on": ["aws_ecs_capacity_provider.managed"]},
            "b": {"depends_on": ["aws_ecs_capacity_provider.managed", "aws_iam_role.a"]},
        }
    )
    without(document)
    assert document["resource"]["aws_ecs_service"] == {"a": {}, "b": {"depends_on": ["aws_iam_role.a"]}}


def test_another_of_a_longer_name_stays() -> None:
    document = stack(aws_ecs_service={"a": {"argument": "${aws_ecs_capacity_provider.managed-too.name}"}})
    without(document)
    assert "aws_ecs_service" in document["resource"]


def test_data_sources_and_outputs_are_left_out_like_resources() -> None:
    document = {
        "data": {"aws_new": {"a": {}}, "aws_old": {"b": {"id": "${data.aws_new.a.id}"}}},
        "resource": {"aws_new": {"a": {}}},
        "output": {"a": {"value": "${data.aws_old.b.id}"}, "b": {"value": "${aws_new.a.id}"}},
    }
    assert leave_out(document, ["data.aws_new.a"], "unknown") == {
        "aws_new (unknown)": 1,
        "aws_old (needs what is unknown)": 1,
    }
    assert document == {"data": {}, "resource": {"aws_new": {"a": {}}}, "output": {"b": {"value": "${aws_new.a.id}"}}}


def test_no_block_stays_for_outputs_when_all_of_them_go() -> None:
    document = {"resource": {"aws_old": {"a": {}}}, "output": {"a": {"value": "${aws_old.a.id}"}}}
    leave_out(document, ["aws_old.a"], "unknown")
    assert document == {"resource": {}}
