"""A comparison as a whole: its parts, its texts, and what a pipeline refuses."""

import io
import json
from typing import Any

from rich.console import Console

from handover.comparison import REFUSALS, Comparison, compare
from handover.comparison_text import markdown, print_comparisons, summary
from handover.platforms import Platform
from tests.handover.platforms import root_module

ENVIRONMENT = {"//": "compute_environments/gpu", "compute_resources": {"max_vcpus": 8, "type": "SPOT"}}


def platform(name: str = "a", vcpus: int = 8, action: str = "s3:GetObject", **output: Any) -> Platform:
    policy = json.dumps({"Statement": [{"Action": action, "Effect": "Allow", "Resource": "*", "Sid": "ReadObjects"}]})
    resource = {
        "aws_sqs_queue": {"q": {"//": "queues/q", "name": name}},
        "aws_batch_compute_environment": {"e": ENVIRONMENT | {"compute_resources": {"max_vcpus": vcpus}}},
        "aws_iam_policy": {"p": {"//": "teams/p", "policy": policy}},
    }
    return Platform("dev", (root_module(resource=resource, output=output),))


def compared(**changes: Any) -> Comparison:
    return compare(platform(out={"value": {"a": 1}}), platform(**{"out": {"value": {"a": 1}}} | changes))


EVERYTHING = compared(name="b", vcpus=16, action="s3:*", out={"value": {"b": 1}})


def refused(comparison: Comparison) -> dict[str, int]:
    return {kind: len(find(comparison)) for kind, find in REFUSALS.items() if find(comparison)}


def test_where_nothing_is_different_it_is_empty() -> None:
    assert not compared()
    assert refused(compared()) == {}
    assert summary(compared()) == "dev: no resource changes"


def test_each_kind_of_change_can_be_refused() -> None:
    assert refused(compared(name="b")) == {"replace": 1, "data-loss": 1}
    assert refused(compared(vcpus=16)) == {"cost": 1}
    assert refused(compared(vcpus=4)) == {}
    assert refused(compared(action="s3:*")) == {"permissions": 1}
    assert refused(compared(action="s3:GetO*t")) == {"permissions": 1}
    assert refused(compare(platform(action="s3:*"), platform())) == {}
    assert refused(compared(out={"value": {}})) == {"outputs": 1}
    assert refused(compare(late("n"), late())) == {"inputs": 1}
    assert refused(compare(late(), late("n"))) == {}
    assert refused(compare(platform(), Platform("dev", ()))) == {"remove": 3, "data-loss": 1, "interruption": 1}
    assert refused(EVERYTHING).keys() == REFUSALS.keys() - {"remove", "interruption", "inputs"}


def late(*names: str) -> Platform:
    return Platform("dev", (root_module(variable={name: {"type": "number", "default": 1} for name in names}),))


def test_an_input_that_comes_is_a_difference_that_all_see() -> None:
    found = compare(late(), late("n"))
    assert found
    assert found.as_document()["inputs"] == [
        {"parts": ("queues",), "name": "n", "change": "is new, default 1", "is_narrower": False}
    ]
    assert "### Inputs\n\n- `queues: n is new, default 1`\n" in markdown([found])


def test_the_provider_is_the_same_where_a_variable_has_what_stood_there() -> None:
    before, after = (
        Platform("dev", (root_module(provider={"aws": [{"allowed_account_ids": [account]}]}, variable=variables),))
        for account, variables in (("1", {}), ("${var.account}", {"account": {"default": "1"}}))
    )
    assert compare(before, after).of_everything == []


def test_costs_and_outputs_are_told_with_before_and_after() -> None:
    assert EVERYTHING.costs == {"vCPUs of compute_environments/gpu, at most": (8, 16)}
    assert EVERYTHING.outputs == ["queues: out.a is gone", "queues: out.b is new"]


def test_the_markdown_names_cause_and_loss() -> None:
    text = markdown([EVERYTHING])
    assert text.startswith("## dev: 1 replaced, 2 updated in place\n\n### Replaced (1)\n")
    assert (
        "- `queues/q` of queues (`aws_sqs_queue`), losing all messages in it\n  - `name: a → b` (replaces it)\n" in text
    )
    assert "### Permissions gained\n\n- teams/p: read objects (s3:*) on `*`\n" in text
    assert "- `vCPUs of compute_environments/gpu, at most: 8 → 16`\n" in text


def test_the_terminal_shows_the_same_worst_first() -> None:
    console = Console(file=(out := io.StringIO()), width=200)
    print_comparisons([EVERYTHING], console)
    lines = out.getvalue().splitlines()
    assert lines[:3] == [
        "dev: 1 replaced, 2 updated in place",
        "  ! queues/q of queues (aws_sqs_queue): replaced, losing all messages in it",
        "      name: a → b (replaces it)",
    ]
    assert "Permissions gained" in lines


def test_long_values_are_shown_from_where_they_differ() -> None:
    long = "x" * 200
    text = markdown([compared(name=f"{long}b")])
    assert "name: a → " in text
    one, two = (compare(platform(name=long + "a"), platform(name=long + end)) for end in ("b", "c"))
    assert f"`name: …{'x' * 20}a → …{'x' * 20}b` (replaces it)" in markdown([one])
    assert markdown([one]) != markdown([two])


def test_a_program_gets_all_of_it() -> None:
    document = json.loads(json.dumps(EVERYTHING.as_document()))
    assert document["environment"] == "dev"
    (queue,) = [change for change in document["changes"] if change["action"] == "replaced"]
    assert (queue["address"], queue["because"], queue["kind_of_loss"]) == ("aws_sqs_queue.q", ["name"], "data")


def test_another_region_replaces_everything() -> None:
    def placed(region: str) -> Platform:
        provider = {"aws": [{"region": region, "default_tags": [{"tags": {"region": region}}]}]}
        return Platform("dev", tuple(root_module(f"dev-{part}", provider=provider) for part in ("queues", "batch")))

    found = compare(placed("us-east-1"), placed("us-east-2"))
    assert "`provider.aws.region: us-east-1 → us-east-2` (replaces everything)" in markdown([found])
    assert refused(found) == {"replace": len(found.of_everything)} == {"replace": 1}
    assert not compare(placed("us-east-1"), placed("us-east-1"))
