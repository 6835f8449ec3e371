"""checkov is stood in for by a program that answers with a report: it takes minutes to install."""

import json
from pathlib import Path
from typing import Any

import pytest

from reference.scan import ADDRESSES, main, readable
from tests.processes import PROJECT
from tests.shipped import shipped_stacks


def check(stack: str, id_: str = "CKV_AWS_1") -> dict[str, Any]:
    return {
        "file_path": f"/{stack}/cdk.tf.json",
        "check_id": id_,
        "check_name": "Ensure",
        "resource": "resource.queue",
    }


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    for name in ("prod-network", "prod-queues", "pre-prod-queues", "dev-queues"):
        (tmp_path / "stacks" / name).mkdir(parents=True)
        document = {"terraform": {"backend": {"s3": {}}, "required_version": ">= 1.10.0"}}
        (tmp_path / "stacks" / name / "cdk.tf.json").write_text(json.dumps(document))
    return tmp_path / "stacks"


def scan(stacks: Path, answer: str, *arguments: str) -> int:
    program = stacks.parent / "checkov"
    (stacks.parent / "answer").write_text(answer)
    program.write_text(
        "#!/bin/sh\n"
        'grep -rh . "$2" | tr -d "\\n " >"$(dirname "$0")/seen"\n'
        'ls "$2" >"$(dirname "$0")/folders"\n'
        'echo "$8" >>"$(dirname "$0")/frameworks"\n'
        'cat "$(dirname "$0")/answer"\n'
    )
    program.chmod(0o755)
    return main(arguments, stacks=stacks, checkov=program)


def report(passed: list[str], failed: list[dict[str, Any]] | None = None) -> str:
    results = {"passed_checks": [check(stack) for stack in passed], "failed_checks": failed or []}
    return json.dumps({"results": results, "summary": {"passed": len(passed)}})


def test_stacks_of_the_named_environment_are_read_without_the_text_that_checkov_stumbles_over(
    stacks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scan(stacks, report(["prod-network", "prod-queues"]), "prod") == 0
    assert (stacks.parent / "folders").read_text().split() == ["prod-network", "prod-queues"]
    assert (stacks.parent / "seen").read_text() == '{"terraform":{"backend":{"s3":{}}}}' * 2
    assert capsys.readouterr().out == (
        "checkov-terraform_json: 2 stacks, 2 checks passed\nparliament: 2 stacks, 0 checks passed\n"
    )


def test_what_checkov_says_is_kept_where_that_is_asked_for(stacks: Path) -> None:
    said, folder = report(["prod-network", "prod-queues"]), stacks.parent / "found"
    assert scan(stacks, said, "prod", "--report", str(folder)) == 0
    assert {file.name for file in folder.iterdir()} == {"checkov-terraform_json.json", "parliament.json"}
    assert json.loads((folder / "checkov-terraform_json.json").read_text()) == json.loads(said)


def test_what_parliament_finds_fails_too(stacks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = {"Statement": [{"Effect": "Allow", "Action": "sqs:Sing", "Resource": "*"}], "Version": "2012-10-17"}
    document = {"terraform": {}, "resource": {"aws_iam_policy": {"a": {"policy": json.dumps(policy)}}}}
    (stacks / "prod-queues" / "cdk.tf.json").write_text(json.dumps(document))
    assert scan(stacks, report(["prod-network", "prod-queues"]), "prod") == 1
    assert "prod-queues: UNKNOWN_ACTION aws_iam_policy.a: " in capsys.readouterr().out


def test_plans_are_read_too_where_there_are_some(stacks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plans = stacks.parent / "plans"
    plans.mkdir()
    assert scan(stacks, report(["prod-network", "prod-queues"]), "prod", "--plans", str(plans)) == 2
    for name in ("prod-network", "prod-queues", "dev-queues"):
        (plans / f"{name}.json").write_text('{"planned_values": {}}')
    (stacks.parent / "frameworks").unlink()
    assert scan(stacks, report(["prod-network", "prod-queues"]), "prod", "--plans", str(plans)) == 0
    assert (stacks.parent / "frameworks").read_text().split() == ["terraform_json", "terraform_plan"]
    assert (stacks.parent / "seen").read_text() == '{"planned_values":{}}' * 2
    assert scan(stacks, report(["prod-network"]), "prod", "--plans", str(plans)) == 1
    assert "prod-queues: not read" in capsys.readouterr().out


def test_what_is_found_fails(stacks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = report(["prod-network"], [check("prod-queues", "CKV_AWS_27")])
    assert scan(stacks, found, "prod") == 1
    assert "prod-queues: CKV_AWS_27 resource.queue: Ensure\n" in capsys.readouterr().out


def test_a_stack_that_was_not_read_fails(stacks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan(stacks, report(["prod-network"]), "prod") == 1
    assert "prod-queues: not read\n" in capsys.readouterr().out


def test_nothing_read_at_all_fails(stacks: Path) -> None:
    assert scan(stacks, json.dumps({"passed": 0, "failed": 0, "parsing_errors": 2}), "prod") == 1


def test_a_checkov_that_breaks_fails(stacks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan(stacks, "Traceback", "prod") == 2
    assert "Traceback" in capsys.readouterr().err


def test_an_environment_without_stacks_fails(stacks: Path) -> None:
    assert scan(stacks, report([]), "staging") == 2


def test_only_texts_inside_terraform_are_left_out_and_what_it_says_of_addresses() -> None:
    for document in shipped_stacks().values():
        left = readable(document)
        assert {name for name in document["terraform"] if name not in left["terraform"]} == {"required_version"}
        assert {name for name in document if name not in left} <= set(ADDRESSES)
        assert all(left[name] == document[name] for name in left if name != "terraform")


def test_each_exception_has_a_reason_above_it() -> None:
    _, _, text = (PROJECT / ".checkov.yaml").read_text().partition("skip-check:\n")
    lines = [line.strip() for line in text.splitlines()]
    skipped = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
    assert lines[0].startswith("# ")
    assert all(line.startswith(("# ", "- CKV")) for line in lines)
    assert skipped
    assert len(set(skipped)) == len(skipped)
