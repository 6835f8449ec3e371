"""The table that synth ends with."""

import io
import sys
from pathlib import Path

import pytest

from stacks.summary import print_summary
from stacks.synthesis import SynthesizedStack

STACKS = [
    SynthesizedStack("dev-batch", Path("cdktf.out/stacks/dev-batch"), 1_035, 3),
    SynthesizedStack("dev-queues", Path("cdktf.out/stacks/dev-queues"), 6, 0),
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


def test_on_a_terminal_it_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "80")
    print_summary(STACKS, 1.234)
    printed = terminal.getvalue()
    assert "│ dev-batch" in printed
    assert "cdktf.out/stacks/dev-queues" in printed
    assert "2 stacks, 1041 resources, 1.23 s" in printed
