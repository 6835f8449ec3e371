"""The table that synth ends with."""

import io
import re
import sys
from pathlib import Path

import pytest

from stacks.manifest import SynthesizedStack
from stacks.summary import print_summary

STACKS = [
    SynthesizedStack(
        "dev-batch",
        Path("cdktf.out/stacks/dev-batch"),
        {
            "resource": {"aws_batch_job_queue": {str(number): {} for number in range(1_035)}},
            "data": {"terraform_remote_state": {"network": {}, "queues": {}, "storage": {}}},
        },
    ),
    SynthesizedStack(
        "dev-queues",
        Path("cdktf.out/stacks/dev-queues"),
        {"resource": {"aws_sqs_queue": {letter: {} for letter in "abcdef"}}},
    ),
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_elsewhere_than_on_a_terminal_it_is_lines_with_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(STACKS, 1.234)
    assert capsys.readouterr().out.splitlines() == [
        "dev-batch\t1035\t3\tcdktf.out/stacks/dev-batch",
        "dev-queues\t6\t0\tcdktf.out/stacks/dev-queues",
        "2 stacks, 1041 resources, 1.23 s",
    ]


def test_one_is_said_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(
        [
            SynthesizedStack(
                "dev-queues", Path("cdktf.out/stacks/dev-queues"), {"resource": {"aws_sqs_queue": {"a": {}}}}
            )
        ],
        1.234,
    )
    assert capsys.readouterr().out.splitlines()[-1] == "1 stack, 1 resource, 1.23 s"


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_on_a_terminal_it_is_a_table_that_fits_and_leaves_nothing_out(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", str(columns))
    print_summary(STACKS, 1.234)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue()).splitlines()
    assert max(map(len, lines)) <= columns
    folders = "".join(line.split("│")[4].strip() for line in lines if line.startswith("│"))
    assert folders == "cdktf.out/stacks/dev-batchcdktf.out/stacks/dev-queues"
    assert lines[-1].strip() == "2 stacks, 1041 resources, 1.23 s"
