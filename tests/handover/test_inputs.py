"""What is different of variables, and what of it refuses values that were taken."""

from typing import Any

import pytest

from handover.inputs import input_changes
from handover.platforms import Platform
from tests.handover.platforms import root_module

N: dict[str, Any] = {"type": "number", "default": 8}
RANGE = "${{var.n >= {} && var.n <= {} && floor(var.n) == var.n}}"


def between(least: int, most: int) -> dict[str, Any]:
    rule = {"condition": RANGE.format(least, most), "error_message": f"n must be from {least} to {most}."}
    return N | {"validation": [rule]}


def one_of(*choices: str) -> dict[str, Any]:
    listed = ", ".join(f'"{choice}"' for choice in choices)
    return N | {"validation": {"condition": f"${{contains([{listed}], var.n)}}", "error_message": f"one of {choices}"}}


def platform(*blocks: dict[str, Any] | None) -> Platform:
    parts = [f"dev-{name}" for name in ("batch", "queues")]
    modules = (
        root_module(part, variable={"n": block} if block else {}) for part, block in zip(parts, blocks, strict=False)
    )
    return Platform("dev", tuple(modules))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (N, N | {"description": "Other"}, []),
        (None, N, [("is new, default 8", False)]),
        (None, {"type": "any"}, [("is new and must be given", True)]),
        (N, None, [("is gone", True)]),
        (N, N | {"default": 9}, [("has another default: 8 → 9", False)]),
        (N, N | {"default": None}, [("has another default: 8 → null", False)]),
        (N, {"type": "number"}, [("has another default: 8 → none, so it must be given", True)]),
        ({"type": "number"}, N, [("has another default: none → 8", False)]),
        (N, N | {"type": "string"}, [("has another type: number → string", True)]),
        (N, N | {"type": "any"}, [("has another type: number → any", False)]),
        (N, N | {"sensitive": True}, [("is sensitive from now on", False)]),
        (N | {"sensitive": True}, N, [("is no longer sensitive", False)]),
        (
            N | {"sensitive": True},
            N | {"sensitive": True, "default": 9},
            [("has another default: (sensitive) → (sensitive)", False)],
        ),
        (N, N | {"nullable": False}, [("no longer takes null", True)]),
        (N | {"nullable": False}, N, [("takes null", False)]),
        (N, between(1, 9), [("is also checked: n must be from 1 to 9.", True)]),
        (between(1, 9), N, [("is no longer checked: n must be from 1 to 9.", False)]),
        (
            between(1, 9),
            between(1, 8),
            [("is checked more strictly: n must be from 1 to 9. → n must be from 1 to 8.", True)],
        ),
        (
            between(-1, 9),
            between(0, 10),
            [("is checked more strictly: n must be from -1 to 9. → n must be from 0 to 10.", True)],
        ),
        (
            between(1, 9),
            between(0, 10),
            [("is checked less strictly: n must be from 1 to 9. → n must be from 0 to 10.", False)],
        ),
        (one_of("a"), one_of("a", "b"), [("is checked less strictly: one of ('a',) → one of ('a', 'b')", False)]),
        (one_of("a", "b"), one_of("a"), [("is checked more strictly: one of ('a', 'b') → one of ('a',)", True)]),
    ],
)
def test_a_difference_says_whether_less_is_taken(
    before: dict[str, Any] | None, after: dict[str, Any] | None, told: list[tuple[str, bool]]
) -> None:
    found = input_changes(platform(before), platform(after))
    assert [(item.change, item.is_narrower) for item in found] == told


def test_a_variable_of_several_parts_is_told_once() -> None:
    assert list(map(str, input_changes(platform(N, N), platform(None, None)))) == ["batch, queues: n is gone"]
