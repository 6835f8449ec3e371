"""The examples, with the environments that are shipped, show every kind of thing and what can be said about it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from examples import __main__ as command
from examples import environments, seeds
from modules.settings import Settings
from reference.classes import concrete_settings
from stacks.environment_list import EnvironmentNames
from stacks.loading import load_environments
from tests.generated import objects_in
from tests.shipped import EXAMPLES, PACKAGES, SEEDS, shipped_stacks

# The list of environments is not in an environment.
KINDS = [kind for kind in concrete_settings() if kind is not EnvironmentNames]

# A setting where it is first declared, for the service whose classes have it: Batch and ECS each emit it on their own.
Setting = tuple[str, str, str]

NOT_SHOWN: dict[Setting, str] = {
    ("batch", "ComputeEnvironmentSettings", "enabled"): "Batch makes no environment that is disabled",
    ("batch", "HostContainer", "swappiness"): "Amazon Linux 2023 ignores it",
    ("ecs", "HostContainer", "swappiness"): "Amazon Linux 2023 ignores it",
    ("state", "HcpTerraformState", "outputs_only"): "takes a provider other than AWS's, which plans of examples lack",
    ("ecs", "WarmPool", "state"): "Running costs as if the instances worked, and saves half a minute",
}


def setting(kind: type[Settings], name: str) -> Setting:
    owner = [base for base in kind.__mro__ if name in getattr(base, "model_fields", {})][-1]
    return kind.__module__.split(".")[1], owner.__name__, name


def all_objects() -> list[Settings]:
    made = [environment for package in PACKAGES for environment in load_environments(package=package)]
    found = [item for environment in made for _, item in objects_in(environment)]
    return found + [variable for item in found for variable in item.__dict__.get("variables", {}).values()]


def written(item: Settings) -> Iterator[str]:
    """Yield the fields of ``item`` that have something else than their default."""
    for name, field in type(item).model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        if field.is_required() or getattr(item, name) != default:
            yield name


@pytest.mark.parametrize("package", [environments, seeds])
def test_every_file_is_an_example_that_is_listed(package: Any) -> None:
    folder = Path(package.__path__[0])
    files = {file.stem.replace("_", "-") for file in folder.glob("*.py")} - {"--init--"}

    assert files == set(package.ENVIRONMENTS)
    assert [item.name for item in load_environments(package=package.__name__)] == list(package.ENVIRONMENTS)


def test_every_kind_of_thing_is_shown() -> None:
    format_value = {type(item) for item in all_objects()}
    assert {kind.__name__ for kind in KINDS if kind not in format_value} == set()


def test_every_setting_is_shown_with_a_value_of_its_own() -> None:
    format_value = {setting(type(item), name) for item in all_objects() for name in written(item)}
    known = {setting(kind, name) for kind in KINDS for name in kind.model_fields}

    assert known - format_value - set(NOT_SHOWN) == set()
    assert set(NOT_SHOWN) <= known - format_value, "an exception that is none any more"


def test_the_command_writes_the_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def one_of_each_is_enough(package: str) -> list[Any]:
        return load_environments(["kubernetes" if package == EXAMPLES else "inbox"], package)

    monkeypatch.setattr(command, "load_environments", one_of_each_is_enough)
    monkeypatch.setattr(sys, "argv", ["examples", str(tmp_path)])

    command.main()

    files = {file.parent.name: json.loads(file.read_text()) for file in tmp_path.glob("stacks/*/cdk.tf.json")}
    assert sorted(files) == ["inbox-queues", "inbox-triggers", "kubernetes-batch", "kubernetes-storage"]
    assert files.items() <= {**shipped_stacks(EXAMPLES), **shipped_stacks(SEEDS)}.items()
    assert capsys.readouterr().out.splitlines()[-1].startswith("4 stacks, ")
