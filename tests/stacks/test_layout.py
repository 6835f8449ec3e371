"""The same environment in several stacks and in one."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from stacks.environment import Environment
from stacks.layout import LAYOUTS, PARTS, LayeredStacks, LayoutSettings, OneStack
from stacks.loading import load_environments
from tests.problems import message
from tests.shipped import PACKAGES, shipped_stacks
from tests.synthesized import synthesized


def environments() -> Iterator[tuple[str, str]]:
    """Yield package and name of environments that together have resources of all types; those with many come first."""
    types: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for package in PACKAGES:
        for stack, document in shipped_stacks(package).items():
            types[package, stack.rpartition("-")[0]] |= document.get("resource", {}).keys()
    seen: set[str] = set()
    for place, found in sorted(types.items(), key=lambda item: -len(item[1])):
        if found - seen:
            seen |= found
            yield place


ENVIRONMENTS = list(environments())


@cache
def emitted(package: str, name: str, layout: type[LayoutSettings]) -> dict[str, dict[str, Any]]:
    """Return the JSON of an environment's stacks, laid out as told, by what follows the environment in their names."""
    (settings,) = load_environments([name], package)
    is_shipped = settings.layout == layout()
    stacks = shipped_stacks(package) if is_shipped else synthesized(settings.model_copy(update={"layout": layout()}))
    return {part: stacks[f"{name}-{part}"] for part in layout.stacks if f"{name}-{part}" in stacks}


def resources(stacks: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        f"{type_}.{id_}": resource
        for document in stacks.values()
        for type_, items in document.get("resource", {}).items()
        for id_, resource in items.items()
    }


@pytest.mark.parametrize(("package", "name"), ENVIRONMENTS)
def test_only_the_roots_of_addresses_differ(package: str, name: str) -> None:
    layered, one = (emitted(package, name, layout) for layout in (LayeredStacks, OneStack))
    assert list(one) == ["platform"]
    assert "terraform_remote_state" not in one["platform"].get("data", {})
    assert "locals" not in one["platform"]
    ours, theirs = resources(one), resources(layered)
    assert set(ours) == set(theirs)
    paths = {
        address: (ours[address]["//"]["metadata"]["path"], theirs[address]["//"]["metadata"]["path"])
        for address in ours
    }
    for address, (here, there) in paths.items():
        assert here.split("/")[1:] == there.split("/")[1:], address
    assert set(one["platform"]["output"]) == {
        output for stack in layered.values() for output in stack.get("output", {})
    }


@pytest.mark.parametrize(("package", "name"), ENVIRONMENTS)
def test_a_construct_s_path_is_the_path_of_its_setting(package: str, name: str) -> None:
    (settings,) = load_environments([name], package)
    for address, resource in resources(emitted(package, name, OneStack)).items():
        _, kind, entry, *_ = resource["//"]["metadata"]["path"].split("/")
        assert kind in ("network", "operations") or entry in getattr(settings, kind), address


def test_every_part_has_a_stack_in_every_layout() -> None:
    assert {layout().stack_of(part) for layout in (LayeredStacks,) for part in PARTS} == set(LayeredStacks.stacks)
    assert {layout().stack_of(part) for layout in (OneStack,) for part in PARTS} == set(OneStack.stacks)


def test_there_are_two_layouts() -> None:
    assert message(LayoutSettings) == "LayoutSettings: must be one of LayeredStacks, OneStack"
    assert set(LAYOUTS) == {LayeredStacks, OneStack}
    assert Environment.model_fields["layout"].default == LayeredStacks()
