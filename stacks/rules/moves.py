"""What was renamed keeps its resources, and what exists is taken over, only where Terraform can be told so."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from modules.adoption import is_id
from modules.efs.settings import FileSystemSettings
from modules.named_settings import NamedSettings
from modules.problems import Problem, nearest
from modules.settings import Settings
from stacks.environment_settings import EnvironmentSettings
from stacks.physical_names import GivenName, given_names

KEEPS_PLACE = "Terraform creates the resources of the old path again unless moved leads to the new one"


def check_moves(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that each entry that moves is gone, that its new path leads to one, and that it keeps its name."""
    counts = Counter(environment.moved.values())
    for old, new in environment.moved.items():
        path = f"moved.{old}"
        if _entry(environment, old) is not None:
            reason = "Terraform does not move what is still in the configuration"
            yield Problem(path, "be the path of an entry that no longer exists", repr(old), reason, "leave it out")
        elif _shape(old) != _shape(new):
            reason = "a move keeps the kind and the stack"
            fix = "move to another stack by hand: see docs/moves.md"
            yield Problem(path, f"lead to an entry of {_shape(old)[0]}", repr(new), reason, fix)
        elif counts[new] > 1:
            yield Problem(path, "lead where no other entry leads", repr(new), "two resources cannot become one")
        elif new in environment.moved:
            fix = f"write where it is now: {environment.moved[new]}"
            yield Problem(path, "lead to an existing entry", repr(new), KEEPS_PLACE, fix)
        else:
            yield from _made_problems(environment, path, new) or _name_problems(environment, old, new)


def check_imports(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that what is taken over belongs to an entry that is made here, and that it is not there already."""
    for taken, given in environment.imported.items():
        path, entry = f"imported.{taken}", ".".join(taken.split(".")[:2])
        yield from _made_problems(environment, path, entry) or _creation_token_problems(environment, taken)
        names = sorted({item.name.text for item in _made(environment, entry)})
        if names and given not in names and not is_id(given):
            reason, fix = "Terraform would replace a resource with another name", "set physical_name in its entry"
            yield Problem(path, f"be its physical name, one of {', '.join(names)}", repr(given), reason, fix)
        for old, new in environment.moved.items():
            if taken == new or taken.startswith(f"{new}."):
                reason = "what moves is already in the state"
                yield Problem(
                    path, f"not lead into what moved.{old} moves", repr(taken), reason, "leave one of them out"
                )


def _shape(path: str) -> tuple[str, int, str]:
    """Return map, depth and innermost map of what a path leads to."""
    steps = path.split(".")
    return steps[0], len(steps), steps[-2]


def _entry(environment: EnvironmentSettings, path: str) -> Settings | None:
    """Return the entry of a map that a path leads to."""
    *steps, name = path.split(".")
    value: Any = environment
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, "__dict__", {}).get(step)
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Settings) else None


def _made(environment: EnvironmentSettings, path: str) -> list[GivenName]:
    """Return the names that an entry and what is below it give to what is made."""
    given = [item for entry in given_names(environment) for item in entry if item.name.is_made]
    return [item for item in given if item.path == path or item.path.startswith(f"{path}.")]


def _made_problems(environment: EnvironmentSettings, path: str, entry: str) -> list[Problem]:
    kind = entry.partition(".")[0]
    if _entry(environment, entry) is None:
        known = [f"{kind}.{name}" for name in environment.__dict__.get(kind) or ()]
        near = nearest(entry, known)
        fix = f"did you mean {near}?" if near else f"known: {', '.join(sorted(known)) or 'none'}"
        return [Problem(path, "lead to an existing entry", repr(entry), fix=fix)]
    if not _made(environment, entry):
        return [Problem(path, "lead to an entry that is created here", repr(entry), "it is in no state")]
    return []


def _name_problems(environment: EnvironmentSettings, old: str, new: str) -> list[Problem]:
    (kind, _, was), entry = old.partition("."), _entry(environment, new)
    named = [item for item in _made(environment, new) if item.name.kind != "access point"]  # theirs is but a tag
    if isinstance(entry, NamedSettings) and entry.physical_name is None:
        name = environment.bucket_name(was) if kind == "buckets" else environment.physical_name(was, kind)
        reason = "it is called after its short name: Terraform would destroy what it moves, and make another"
        fix = f'physical_name="{name}" is what it was called, unless it had a name of its own'
        return [Problem(f"{new}.physical_name", "be given where moved has the entry", "None", reason, fix)]
    if named and not isinstance(entry, NamedSettings):
        reason = f"its {named[0].name.kind} is called after its short name, and would be replaced all the same"
        return [Problem(f"moved.{old}", "lead to what can keep its name", repr(new), reason, "leave it out")]
    return []


def _creation_token_problems(environment: EnvironmentSettings, taken: str) -> list[Problem]:
    entry = _entry(environment, taken)
    if isinstance(entry, FileSystemSettings) and entry.physical_name is None:
        reason = "Terraform replaces a file system that has another creation token"
        fix = "write its creation token, which aws efs describe-file-systems tells"
        return [Problem(f"{taken}.physical_name", "be given where imported has the entry", "None", reason, fix)]
    return []
