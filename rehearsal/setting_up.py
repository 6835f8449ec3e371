"""Set up all that a rehearsal needs: Terraform, a provider, a local AWS for each account; and end it."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rehearsal.account import start_account
from rehearsal.existing import existing_things
from rehearsal.processes import Processes
from rehearsal.provider import find_provider, find_terraform
from rehearsal.rehearsing import Rehearsal
from rehearsal.stacks import Stack
from rehearsal.terraform import Terraform

AT_A_TIME = 8  # Terraform and its provider take half a GiB each, and wait most of the time


@dataclass(frozen=True)
class Versions:
    """The versions that take part: Terraform's, the provider's, and which provider the stacks ask for."""

    terraform: str
    provider: str
    wanted: str

    @property
    def cannot_know(self) -> str:
        """Return what a rehearsal with this provider cannot show; empty if it is the one that is asked for."""
        if self.provider == self.wanted or not self.wanted:
            return ""
        return (
            f"not {self.wanted}, which the stacks ask for and which could not be fetched. What {self.wanted} does "
            f"differently is not seen: arguments that {self.provider} lacks, its own checks, what it replaces"
        )

    def __str__(self) -> str:
        note = f", {self.cannot_know}" if self.cannot_know else ""
        return f"Terraform {self.terraform}, AWS provider {self.provider}{note}"


@contextmanager
def set_up(
    stacks: Mapping[str, Stack], workspace: Path, environ: Mapping[str, str]
) -> Iterator[tuple[Rehearsal, ThreadPoolExecutor, Versions]]:
    """Set up a rehearsal of ``stacks``, and threads for it; end all of its processes, however it ends.

    Raises NotRehearsedError where it cannot be set up here, TerraformError where Terraform refuses.
    """
    processes = Processes()
    with ThreadPoolExecutor(AT_A_TIME) as executor:
        try:
            yield (*_start(stacks, workspace, environ, processes, executor),)
        finally:
            processes.end()  # first: the threads would wait for what they do
            executor.shutdown(wait=True, cancel_futures=True)


def _start(
    stacks: Mapping[str, Stack],
    workspace: Path,
    environ: Mapping[str, str],
    processes: Processes,
    executor: ThreadPoolExecutor,
) -> tuple[Rehearsal, ThreadPoolExecutor, Versions]:
    binary = find_terraform(environ)
    wanted = max((stack.provider_version for stack in stacks.values()), default="")
    provider = find_provider(wanted, binary, environ, processes, workspace)
    terraform = Terraform(binary, provider, processes, workspace, environ)
    urls = {}
    for id_ in sorted({stack.account_id for stack in stacks.values()}):
        things = existing_things(stack for stack in stacks.values() if stack.account_id == id_)
        urls[id_] = start_account(id_, things, workspace / f"aws-{id_}.log", processes, environ)
    schema = terraform.schema(workspace / "schema")
    versions = Versions(terraform.version(workspace), provider.version, wanted)
    return Rehearsal(terraform, schema, workspace, urls), executor, versions
