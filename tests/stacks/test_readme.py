"""The README beside the stacks: their order, their states, and what the team that applies them has to know."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from handover.readme import WAIVED
from modules.cloudwatch.alarm_settings import Alarms
from modules.operations.settings import Operations
from modules.s3.settings import BucketSettings
from stacks.environment import Environment
from stacks.layout import OneStack
from stacks.loading import load_environments
from stacks.manifest import SynthesizedStack, in_order
from stacks.readme import readme
from stacks.state import HcpTerraformState
from tests.shipped import EXAMPLES, PACKAGES, SEEDS, shipped_stacks
from tests.stacks.environments import environment
from tests.synthesized import synthesized

LATE = {
    "//": {
        "production_waivers": {"queues.a": "of no use"},
        "service_quotas": {"a": {"title": "vCPUs", "code": "L-1", "used": 9, "default": 5}},
    },
    "provider": {"aws": [{"allowed_account_ids": ["${var.account}"], "region": "us-east-1"}]},
    "terraform": {"backend": {"local": {"path": "a"}}},
    "variable": {"account": {"default": "111122223333"}, "state": {}},
}


def section(settings: Environment) -> str:
    """Return what the README says of one environment."""
    stacks = [SynthesizedStack(name, Path(), document) for name, document in synthesized(settings).items()]
    return readme(in_order(stacks)).partition("## ")[2]


@cache
def usual() -> str:
    return section(environment())


def test_stacks_are_listed_in_the_order_of_apply_each_with_its_state() -> None:
    assert usual().splitlines()[:9] == [
        "test",
        "",
        "Account 111122223333, region us-east-1.",
        "",
        "| | stack | after | resources | state |",
        "|---:|---|---|---:|---|",
        "| 1 | [test-network](stacks/test-network) |  | 34 | state/terrabatch/test/network.tfstate |",
        "| 2 | [test-queues](stacks/test-queues) |  | 6 | state/terrabatch/test/queues.tfstate |",
        "| 3 | [test-storage](stacks/test-storage) |  | 7 | state/terrabatch/test/storage.tfstate |",
    ]


def shipped_in_order(package: str) -> list[SynthesizedStack]:
    return in_order(SynthesizedStack(name, Path(), item) for name, item in shipped_stacks(package).items())


@pytest.mark.parametrize("package", PACKAGES)
def test_no_stack_comes_before_one_that_it_reads(package: str) -> None:
    stacks = shipped_in_order(package)
    names = [stack.name for stack in stacks]
    assert sum(len(stack.read_stacks) for stack in stacks) > len(load_environments(package=package))
    for stack in stacks:
        assert all(names.index(other) < names.index(stack.name) for other in stack.read_stacks)


# What is started by its name or ARN, which are known without reading anything of the stack that makes it.
STARTED = {
    "aws_batch_job_queue": r'(?:job-queue/|JobQueue[\\":]+)',
    "aws_sfn_state_machine": "stateMachine:",
}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_stack_comes_before_one_with_what_it_starts(package: str) -> None:
    stacks = shipped_in_order(package)
    started = set()
    for place, stack in enumerate(stacks):
        for type_, before in STARTED.items():
            for made in stack.document["resource"].get(type_, {}).values():
                name = re.compile(rf"{before}{re.escape(made['name'])}(?![\w-])")
                # Rules only listen to what their patterns name.
                earlier = [
                    other.name
                    for other in stacks[:place]
                    if name.search(json.dumps(other.document["resource"] | {"aws_cloudwatch_event_rule": {}}))
                ]
                assert earlier == [], made["name"]
                started |= {other.name for other in stacks[place + 1 :] if name.search(json.dumps(other.document))}
    assert started or package == SEEDS


def test_workspaces_that_must_share_their_state_are_named() -> None:
    hcp = HcpTerraformState(organization="acme")
    assert (
        "- The workspaces of test-network, test-queues, test-storage must share their state with that of test-batch.\n"
    ) in section(environment(state=hcp))
    assert "workspaces of" not in section(environment(state=hcp, layout=OneStack()))
    assert "must share" not in usual()


def test_what_is_applied_twice_says_so() -> None:
    (managed,) = load_environments(["model-serving"], EXAMPLES)
    assert "model-serving-services is applied twice when it gets a capacity provider of managed inst" in section(
        managed
    )
    assert "applied twice" not in usual()


def test_what_terraform_refuses_to_destroy_is_named() -> None:
    made = Environment(
        name="test",
        account_id="111122223333",
        region="us-east-1",
        production=True,
        state=HcpTerraformState(organization="acme"),
        buckets={"data": BucketSettings()},
        operations=Operations(alarms=Alarms()),
    )
    (line,) = [line for line in section(made).splitlines() if "refuses to destroy" in line]
    assert line.startswith(
        "- As long as it is configured, Terraform refuses to destroy what holds data in test-storage: `aws_s3_bucket."
    )


def test_every_waiver_stands_there_with_its_reason_and_once() -> None:
    (waiving,) = load_environments(["company-account"], EXAMPLES)
    ((path, reason),) = waiving.production_waivers.items()
    assert [line for line in section(waiving).splitlines() if reason in line] == [f"- `{path}`: {reason}"]
    assert "waived" not in usual()


def test_what_is_counted_with_the_defaults_of_variables_says_so() -> None:
    late = SynthesizedStack("test-all", Path(), LATE)
    text = readme([late])
    assert "\nAccount `var.account` (default 111122223333), region us-east-1.\n" in text
    assert text.count(", with the defaults of variables") == 2


def test_what_was_renamed_and_what_is_taken_over_stands_there() -> None:
    (told,) = load_environments(["company-account"], EXAMPLES)
    shown = section(told)
    lines = shown.splitlines()
    assert "- `moved`: job_queues.small, which is job_queues.light now" in lines
    assert sum(line.startswith("- `imported`: ") for line in lines) == len(told.imported)
    assert "`moved`" in shown.partition(WAIVED)[0]  # bundles have what is before it
    assert "`moved`" not in usual()


def test_what_the_account_has_to_be_given_more_of_is_listed() -> None:
    told = usual().partition("### Quotas")[2].splitlines()
    rows = [line for line in told if line.startswith("| ") and "L-" in line]
    assert rows == [
        "| Fargate On-Demand vCPU resource count | fargate L-3032A538 | 16 | 6 |",
        "| Running On-Demand Standard instances | ec2 L-1216C47A | 16 | 5 |",
    ]
