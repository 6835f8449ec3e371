"""Run Terraform on prepared stacks, and read what it says."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal.plan_reading import Change, read_plan
from rehearsal.processes import Finished, Processes
from rehearsal.provider import Provider

# Longer than the longest wait that the provider has for what is well; what takes longer waits for what moto never says.
LONGEST_SECONDS = 900
PARALLELISM = 30  # resources at a time: nearly all they do is wait


class TerraformError(Exception):
    """Terraform refused; ``problems`` has one line for each of its errors."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Terraform:
    """Terraform with one provider, towards one local AWS."""

    def __init__(
        self, binary: str, provider: Provider, processes: Processes, scratch: Path, environ: Mapping[str, str]
    ) -> None:
        self._binary, self._processes = binary, processes
        self.requirement = {"source": provider.source, "version": provider.version}
        configuration = scratch / "terraformrc"
        configuration.write_text(
            "disable_checkpoint = true\n"
            "provider_installation {\n"
            f'  filesystem_mirror {{\n    path    = "{provider.mirror}"\n    include = ["{provider.source}"]\n  }}\n'
            f'  direct {{\n    exclude = ["{provider.source}"]\n  }}\n}}\n',
            encoding="utf-8",
        )
        self._environ = {
            # AWS_… would lead elsewhere, TF_… would change what commands do.
            **{name: value for name, value in environ.items() if not name.startswith(("AWS_", "TF_"))},
            "TF_CLI_CONFIG_FILE": str(configuration),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": "rehearsal",
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
        }

    def version(self, folder: Path) -> str:
        """Return Terraform's own version."""
        return str(json.loads(self._run(folder, "version", "-json").output)["terraform_version"])

    def schema(self, folder: Path) -> dict[str, Any]:
        """Return what the provider knows; ``folder`` is one that it may be set up in."""
        folder.mkdir(parents=True, exist_ok=True)
        document = {"terraform": {"required_providers": {"aws": self.requirement}}}
        (folder / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")
        self._run(folder, "init")
        schemas = json.loads(self._run(folder, "providers", "schema", "-json", quiet=True).output)["provider_schemas"]
        (schema,) = schemas.values()
        return dict(schema)

    def apply(self, folder: Path, url: str, *options: str) -> None:
        """Set up the folder and apply what is in it. Raises TerraformError."""
        self._run(folder, "init", url=url)
        self._run(folder, "apply", "-auto-approve", *options, f"-parallelism={PARALLELISM}", url=url)

    def plan(self, folder: Path, url: str, *options: str) -> list[Change]:
        """Return what a plan would change, which is kept. Raises TerraformError."""
        self._run(folder, "init", url=url)
        self._run(folder, "plan", "-out=plan", *options, f"-parallelism={PARALLELISM}", url=url)
        return read_plan(json.loads(self._run(folder, "show", "-json", "plan", quiet=True).output))

    def apply_plan(self, folder: Path, url: str) -> None:
        """Apply the last plan. Raises TerraformError."""
        self._run(folder, "apply", f"-parallelism={PARALLELISM}", "plan", url=url)

    def destroy(self, folder: Path, url: str, *options: str) -> None:
        """Destroy what was applied. Raises TerraformError."""
        self._run(folder, "destroy", "-auto-approve", *options, f"-parallelism={PARALLELISM}", url=url)

    def _run(self, folder: Path, *arguments: str, url: str = "", quiet: bool = False) -> Finished:
        plain = [] if quiet or arguments[0] == "version" else ["-no-color", "-input=false"]
        environ = {**self._environ, "AWS_ENDPOINT_URL": url} if url else self._environ
        command = [self._binary, arguments[0], *plain, *arguments[1:]]
        done = self._processes.run(command, environ=environ, cwd=folder, seconds=LONGEST_SECONDS)
        if not quiet:
            with (folder / f"{arguments[0]}.log").open("a", encoding="utf-8") as log:
                log.write(done.output)
        if done.status:
            raise TerraformError(_problems(arguments[0], done))
        return done


def _problems(command: str, done: Finished) -> list[str]:
    if done.status < 0:
        why = "most often the local AWS lacks what the provider asks it again and again: the end of its log shows it"
        return [f"terraform {command} did not end within {LONGEST_SECONDS} s; {why}"]
    return errors_in(done.output) or [f"terraform {command} failed: {' '.join(done.output.split())[-400:]}"]


def errors_in(output: str) -> list[str]:
    """Return Terraform's errors, each on one line."""
    text = re.sub(r"(?m)^[│╷╵] ?", "", output)
    blocks = re.findall(r"(?ms)^Error: (.*?)(?=^(?:Error|Warning): |\Z)", text)
    return [" ".join(block.split())[:600] for block in blocks]
