"""What moves and what is taken over is compared as Terraform does it, once it has read the blocks that say so."""

from typing import Any

from handover.addresses import paths
from handover.comparison import Comparison, compare
from handover.platforms import Platform
from tests.handover.platforms import root_module

STATE: dict[str, Any] = {"terraform_remote_state": {"queues": {}}}
MOVED = [
    {"from": "aws_sqs_queue.a", "to": "aws_sqs_queue.b"},
    {"from": "aws_sqs_queue_policy.a", "to": "aws_sqs_queue_policy.b"},
]
SETTLED = ["queues.b in moved"]


def platform(name: str, **more: Any) -> Platform:
    """Return a queue of that short name, its policy, and a role in another root module that may read it."""
    queue = {"//": f"queues/{name}", "name": "intake"}
    policy = {"//": f"queues/{name}/policy", "queue_url": f"${{aws_sqs_queue.{name}.url}}", "policy": "{}"}
    read = f"${{data.terraform_remote_state.queues.outputs.queues.{name}.arn}}"
    grant = {"//": "services/w/role/read", "policy": f'{{"Statement":[{{"Resource":"${{local.{name}_arn}}"}}]}}'}
    return Platform(
        "dev",
        (
            root_module(
                resource={"aws_sqs_queue": {name: queue}, "aws_sqs_queue_policy": {name: policy}},
                output={"queues": {"value": {name: {"arn": f"${{aws_sqs_queue.{name}.arn}}"}}}},
                **more,
            ),
            root_module(
                "dev-services",
                data=STATE,
                locals={f"{name}_arn": read},
                resource={"aws_iam_role_policy": {"read": grant}},
            ),
        ),
    )


def resources(comparison: Comparison) -> list[str]:
    return [f"{change.path} {change.action}" for change in comparison.changes]


def test_without_a_word_what_is_renamed_is_destroyed_and_made_anew() -> None:
    found = compare(platform("a"), platform("b"))
    assert sorted(resources(found)) == [
        "queues/a removed",
        "queues/a/policy removed",
        "queues/b added",
        "queues/b/policy added",
        "services/w/role/read updated",
    ]
    assert (found.moved, found.settled) == ([], [])


def test_what_moves_is_the_same_with_all_that_refers_to_it_in_other_states_too() -> None:
    found = compare(platform("a"), platform("b", moved=MOVED))
    assert resources(found) == []
    assert (found.moved, found.settled) == (["queues.a → queues.b"], [])
    assert (found.permissions_gained, found.permissions_lost) == ([], [])
    assert found


def test_what_is_applied_can_be_left_out() -> None:
    after = platform("b", moved=MOVED)
    for before in (after, platform("b")):
        found = compare(before, after)
        assert (resources(found), found.moved, found.settled) == ([], [], SETTLED)
        assert not found


def test_what_terraform_takes_over_is_not_made() -> None:
    taking = platform("a", **{"import": [{"to": "aws_sqs_queue.a", "id": "x"}]})
    empty = Platform("dev", (root_module(), platform("a").modules[1]))
    assert resources(compare(empty, taking)) == ["queues/a adopted", "queues/a/policy added"]
    assert compare(platform("a"), taking).settled == ["queues.a in imported"]


def test_paths_are_those_of_settings() -> None:
    assert paths("queues/a/dead-letter-queue/policy", "queues/b/dead-letter-queue/policy") == ("queues.a", "queues.b")
    assert paths("file_systems/a/access_points/b", "file_systems/a/access_points/c") == (
        "file_systems.a.access_points.b",
        "file_systems.a.access_points.c",
    )
