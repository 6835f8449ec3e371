"""Tell Terraform what has another address now, and what exists already: ``moved`` and ``import`` blocks.

Both do nothing once they are applied, and stay valid until they are left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cdktf import TerraformElement, TerraformResource
from constructs import Construct, IConstruct

from modules.adoption import ADOPTABLE, REFUSED, WORTHLESS
from modules.kms.encryption_key import FormerKey
from modules.problems import Problem, SettingsError
from stacks.base import PlatformStack
from stacks.manifest import IMPORTED, MOVED


class FormerAddress(TerraformElement):
    """Say what the resource is called now that had this path."""

    def __init__(self, scope: Construct, id_: str, resource: TerraformResource) -> None:
        super().__init__(scope, id_)
        self._resource = resource

    def to_terraform(self) -> Any:
        """Return the block."""
        type_ = self._resource.terraform_resource_type
        before, after = (f"{type_}.{item.friendly_unique_id}" for item in (self, self._resource))
        return {"moved": [{"from": before, "to": after}]}


def add_moves(stacks: Sequence[PlatformStack]) -> None:
    """Define what the environment of ``stacks`` says was renamed, or is there already. Raises SettingsError."""
    problems: list[Problem] = []
    for stack in stacks:
        _add_moved(stack, stack.environment.moved)
        imported = {path: item for path in sorted(stack.environment.imported) if (item := _resource(stack, path))}
        found = [item for path, resource in imported.items() for item in _import_problems(stack, path, resource)]
        problems += found
        if not found:
            _add_imported(stack, imported)
    for path in stacks[0].environment.imported if stacks else ():
        if not any(_resource(stack, path) for stack in stacks):
            known = ", ".join(_adoptable(stacks, path)) or "none"
            rule, fix = "lead to a resource that Terraform can import", f"known there: {known}"
            problems.append(Problem(f"imported.{path}", rule, repr(path), fix=fix))
    if problems:
        raise SettingsError(stacks[0].environment.name, problems)


def _add_moved(stack: PlatformStack, moved: Mapping[str, str]) -> None:
    found, met = {}, set[str]()
    for old, new in sorted(moved.items(), key=lambda move: -len(move[1])):  # what is inside another one first
        for element in _below(_find(stack, new)):
            if isinstance(element, TerraformResource | FormerKey) and element.node.path not in met:
                met.add(element.node.path)
                found[old] = new
                _add_former(stack, [*old.split("."), *element.node.path.split("/")[len(new.split(".")) + 1 :]], element)
    if found:
        stack.add_override(f"//.{MOVED}", dict(sorted(found.items())))


def _add_former(stack: PlatformStack, steps: Sequence[str], element: TerraformElement) -> None:
    scope: Construct = stack
    for step in steps[:-1]:
        child = scope.node.try_find_child(step)
        scope = child if isinstance(child, Construct) else Construct(scope, step)
    if isinstance(element, TerraformResource):
        FormerAddress(scope, steps[-1], element)
    else:
        FormerKey(scope, steps[-1])


def _add_imported(stack: PlatformStack, imported: Mapping[str, TerraformResource]) -> None:
    given = stack.environment.imported
    blocks = [
        {
            "to": f"{resource.terraform_resource_type}.{resource.friendly_unique_id}",
            "id": ADOPTABLE[resource.terraform_resource_type].import_id(stack.location, given[path]),
        }
        for path, resource in imported.items()
    ]
    if blocks:
        stack.add_override("import", blocks)
        stack.add_override(f"//.{IMPORTED}", {path: given[path] for path in imported})


def _import_problems(stack: PlatformStack, path: str, resource: TerraformResource) -> Iterator[Problem]:
    type_, where, given = resource.terraform_resource_type, f"imported.{path}", stack.environment.imported[path]
    adoptable = ADOPTABLE.get(type_)
    if adoptable is None:
        yield Problem(where, "lead to a resource that Terraform can import", repr(path), REFUSED.get(type_, WORTHLESS))
    elif not adoptable.argument:
        if not re.fullmatch(adoptable.form, given):
            yield Problem(where, f"be its AWS id, {adoptable.example}", repr(given))
    elif given != (name := resource.to_terraform()["resource"][type_][resource.friendly_unique_id][adoptable.argument]):
        reason, fix = "Terraform would replace a resource with another name", "set physical_name in its entry"
        yield Problem(where, f"be its physical name, {name}", repr(given), reason, fix)


def _find(stack: PlatformStack, path: str) -> IConstruct | None:
    found: IConstruct | None = stack
    for step in path.split("."):
        found = found.node.try_find_child(step) if found else None
    return found


def _resource(stack: PlatformStack, path: str) -> TerraformResource | None:
    """Return the resource at a path, or the main one of the construct there."""
    found = _find(stack, path)
    candidates = (found, found.node.try_find_child("Resource")) if found else ()
    return next((item for item in candidates if isinstance(item, TerraformResource)), None)


def _below(construct: IConstruct | None) -> Sequence[IConstruct]:
    return construct.node.find_all() if construct else ()


def _adoptable(stacks: Sequence[PlatformStack], path: str) -> Iterator[str]:
    """Yield the paths of what can be taken over of the entry that a path leads into."""
    entry = ".".join(path.split(".")[:2])
    for element in (element for stack in stacks for element in _below(_find(stack, entry))):
        if isinstance(element, TerraformResource) and element.terraform_resource_type in ADOPTABLE:
            yield ".".join(element.node.path.split("/")[1:]).removesuffix(".Resource")
