"""Which Terraform and which provider a rehearsal takes, without a registry wherever that is possible."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal import provider
from rehearsal.processes import Processes
from rehearsal.provider import NotRehearsedError, Provider, find_provider, find_terraform, plugin_folders, providers_in

SOURCE = "registry.terraform.io/hashicorp/aws"
REFUSING = "#!/bin/sh\necho 'Error: Failed to query available provider packages'\necho 'no such host'\nexit 1\n"


@pytest.fixture(autouse=True)
def nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Look into the folders of a test only."""
    folders = provider.plugin_folders
    monkeypatch.setattr(
        provider,
        "plugin_folders",
        lambda environ: [folder for folder in folders(environ) if folder.is_relative_to(tmp_path)],
    )


@pytest.fixture
def processes() -> Iterator[Processes]:
    processes = Processes()
    yield processes
    processes.end()


def program(file: Path, text: str = "#!/bin/sh\n") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    return file


def plugin(folder: Path, version: str, platform: str = "") -> None:
    place = folder / SOURCE / version / (platform or provider._platform())
    program(place / f"terraform-provider-aws_v{version}_x5")


def environ(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(tmp_path), "PATH": f"{tmp_path / 'programs'}:/usr/bin:/bin", **more}


def test_terraform_is_looked_for_on_path(tmp_path: Path) -> None:
    terraform = program(tmp_path / "programs" / "terraform")
    assert find_terraform(environ(tmp_path)) == str(terraform)
    tofu = program(tmp_path / "programs" / "tofu")
    assert find_terraform(environ(tmp_path, TERRAFORM_BINARY_NAME="tofu")) == str(tofu)


def test_without_terraform_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NotRehearsedError, match=r"^no terraform on PATH; install Terraform 1\.10 or newer"):
        find_terraform({"PATH": str(tmp_path)})


def test_only_what_runs_here_is_a_provider(tmp_path: Path) -> None:
    plugin(tmp_path, "5.100.0")
    plugin(tmp_path, "6.0.0", "plan9_mips")
    plugin(tmp_path, "6.1.0")
    (tmp_path / SOURCE / "6.1.0" / provider._platform() / "terraform-provider-aws_v6.1.0_x5").chmod(0o644)
    assert list(providers_in([tmp_path])) == [Provider(tmp_path, SOURCE, "5.100.0")]


def test_folders_of_the_cli_configuration_are_searched(tmp_path: Path) -> None:
    configuration = tmp_path / "terraformrc"
    configuration.write_text(
        'plugin_cache_dir = "/cache"\nprovider_installation {\n  filesystem_mirror {\n    path = "/mirror"\n  }\n}\n'
    )
    folders = list(plugin_folders(environ(tmp_path, TF_CLI_CONFIG_FILE=str(configuration), TF_PLUGIN_MIRROR="/mine")))
    assert [Path("/mine"), Path("/cache"), Path("/mirror")] == folders[:3]
    assert tmp_path / ".terraform.d" / "plugins" in folders


def test_the_version_that_is_asked_for_is_taken_without_asking_a_registry(tmp_path: Path, processes: Processes) -> None:
    for version in ("6.25.0", "6.26.0"):
        plugin(tmp_path / ".terraform.d" / "plugins", version)
    found = find_provider("6.25.0", "/no/terraform", environ(tmp_path), processes, tmp_path)
    assert found.version == "6.25.0"


def test_what_is_nowhere_is_fetched_and_kept(tmp_path: Path, processes: Processes) -> None:
    plugin(tmp_path / ".terraform.d" / "plugins", "5.100.0")
    place = f"$TF_PLUGIN_CACHE_DIR/{SOURCE}/6.25.0/{provider._platform()}"
    copying = (
        f'#!/bin/sh\ncp main.tf.json "$HOME"; mkdir -p "{place}"; cp "$0" "{place}/terraform-provider-aws_v6.25.0"\n'
    )
    terraform = program(tmp_path / "programs" / "terraform", copying)
    found = find_provider("6.25.0", str(terraform), environ(tmp_path), processes, tmp_path / "scratch")
    assert found == Provider(tmp_path / ".cache" / "terrabatch" / "plugins", SOURCE, "6.25.0")
    asked = json.loads((tmp_path / "main.tf.json").read_text())["terraform"]["required_providers"]
    assert asked == {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}}
    assert find_provider("6.25.0", "/no/terraform", environ(tmp_path), processes, tmp_path) == found


def test_without_a_registry_the_newest_there_is_must_do(tmp_path: Path, processes: Processes) -> None:
    for version in ("5.9.0", "5.100.0"):
        plugin(tmp_path / ".terraform.d" / "plugins", version)
    terraform = program(tmp_path / "programs" / "terraform", REFUSING)
    found = find_provider("6.25.0", str(terraform), environ(tmp_path), processes, tmp_path / "scratch")
    assert found.version == "5.100.0"


def test_without_any_provider_it_says_why(tmp_path: Path, processes: Processes) -> None:
    terraform = program(tmp_path / "programs" / "terraform", REFUSING)
    with pytest.raises(NotRehearsedError) as raised:
        find_provider("6.25.0", str(terraform), environ(tmp_path), processes, tmp_path / "scratch")
    assert str(raised.value) == (
        "no AWS provider in a plugin folder, and 6.25.0 could not be fetched: "
        "Failed to query available provider packages no such host"
    )
