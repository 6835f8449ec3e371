"""Find Terraform and an AWS provider that it can run without a registry, or fetch the one that is asked for."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rehearsal.processes import Processes

FETCH_SECONDS = 600


class NotRehearsedError(Exception):
    """Nothing can be rehearsed on this machine; the message says what it lacks."""


@dataclass(frozen=True)
class Provider:
    """An AWS provider: the folder that Terraform takes it from, its address and version."""

    mirror: Path
    source: str
    version: str

    @property
    def order(self) -> tuple[int, ...]:
        """Return the version as numbers, to compare by."""
        return tuple(map(int, re.findall(r"\d+", self.version)))


def find_terraform(environ: Mapping[str, str]) -> str:
    """Return the path of Terraform or OpenTofu.

    Raises NotRehearsedError where there is none.
    """
    name = environ.get("TERRAFORM_BINARY_NAME", "terraform")
    path = shutil.which(name, path=environ.get("PATH", ""))
    if path is None:
        raise NotRehearsedError(
            f"no {name} on PATH; install Terraform 1.10 or newer, or set TERRAFORM_BINARY_NAME=tofu"
        )
    return path


def find_provider(
    version: str, terraform: str, environ: Mapping[str, str], processes: Processes, scratch: Path
) -> Provider:
    """Return the provider of ``version`` from a plugin folder or the registry, or else the newest in a plugin folder.

    Raises NotRehearsedError where there is none at all.
    """
    present = sorted(providers_in(plugin_folders(environ)), key=lambda provider: provider.order)
    for provider in present:
        if provider.version == version:
            return provider
    refusal = _fetch(version, terraform, environ, processes, scratch)
    if not refusal:
        present = list(providers_in([_cache(environ)]))
        for provider in present:
            if provider.version == version:
                return provider
        refusal = "it was not where Terraform was told to put it"
    if present:
        return present[-1]
    raise NotRehearsedError(
        f"no AWS provider in a plugin folder, and {version or 'one'} could not be fetched: {refusal}"
    )


def plugin_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders in which Terraform's plugins may lie: those Terraform knows, those of its CLI configuration."""
    home = Path(environ.get("HOME") or os.path.expanduser("~"))
    named = (environ.get(name) for name in ("TF_PLUGIN_MIRROR", "TF_PLUGIN_CACHE_DIR"))
    yield from (Path(folder) for folder in named if folder)
    configuration = Path(environ.get("TF_CLI_CONFIG_FILE") or home / ".terraformrc")
    if configuration.is_file():
        text = configuration.read_text(encoding="utf-8", errors="replace")
        for folder in re.findall(r'(?m)^\s*(?:path|plugin_cache_dir)\s*=\s*"([^"$]+)"', text):
            yield Path(folder).expanduser()
    yield _cache(environ)
    yield home / ".terraform.d" / "plugins"
    yield Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "terraform" / "plugins"
    yield home / "Library" / "Application Support" / "io.terraform" / "plugins"
    yield from (Path("/usr/local/share/terraform/plugins"), Path("/usr/share/terraform/plugins"))
    yield from sorted(Path("/opt").glob("*"))  # where images of build machines often have them


def providers_in(folders: Iterator[Path] | list[Path]) -> Iterator[Provider]:
    """Yield the AWS providers for this machine in folders that are laid out as Terraform's filesystem mirrors."""
    for folder in folders:
        for binary in folder.glob(f"*/hashicorp/aws/*/{_platform()}/terraform-provider-aws_v*"):
            host, version = binary.parts[-6], binary.parts[-3]
            if os.access(binary, os.X_OK):
                yield Provider(folder, f"{host}/hashicorp/aws", version)


def _platform() -> str:
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{sys.platform.rstrip('0123456789')}_{machine}"


def _cache(environ: Mapping[str, str]) -> Path:
    home = Path(environ.get("HOME") or os.path.expanduser("~"))
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "terrabatch" / "plugins"


def _fetch(version: str, terraform: str, environ: Mapping[str, str], processes: Processes, scratch: Path) -> str:
    """Let Terraform fetch a provider, in the way its user has configured; return why it did not."""
    cache, folder = _cache(environ), scratch / "fetch"
    cache.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    constraint = f', "version": "{version}"' if version else ""
    text = f'{{"terraform": {{"required_providers": {{"aws": {{"source": "hashicorp/aws"{constraint}}}}}}}}}'
    (folder / "main.tf.json").write_text(text, encoding="utf-8")
    done = processes.run(
        [terraform, "init", "-no-color", "-input=false"],
        environ={**environ, "TF_PLUGIN_CACHE_DIR": str(cache), "CHECKPOINT_DISABLE": "1"},
        cwd=folder,
        seconds=FETCH_SECONDS,
    )
    if done.status == 0:
        return ""
    text = " ".join(done.output.split())
    found = re.search(r"Error: (.*?)(?: To see which modules|$)", text)
    return found[1] if found else text
