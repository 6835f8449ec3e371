"""How the bundle of before is applied again, and what that does not bring back: for the README of a bundle."""

from collections.abc import Iterable, Iterator

from handover.platforms import RootModule

ROLL_BACK = """\
## Roll back

Apply the bundle of before, as this one is applied. That brings back every setting, not what was lost: messages of a
queue that was replaced, files of a bucket that was emptied, jobs that were ended. What a plan replaces stands in it as
`must be replaced`. Two things can stand in the way:

- **Versions.** Where its `versions.tf` has another version of a provider, the lock file must say the same: take the one
  that belongs to it, or `terraform init -upgrade`. What a newer provider wrote, an older one may refuse to read
  (`Resource instance managed by newer provider version`): then keep the newer version in its `versions.tf`.
- **Addresses.** What a `moved` block renamed has its new name in the state, and the bundle of before has no block for
  the way back: it would destroy that and make another. What an `import` block took over and it does not have, it would
  destroy. Its plan shows both; what is renamed back or forgotten before, it leaves alone.
"""
DAMAGED = "A state that was damaged is another matter: {}.\n"
STATE_VERSIONS = {
    "s3": "turn on versioning of the bucket beforehand, then `aws s3api list-object-versions` finds the one before",
    "cloud": "the workspace keeps every version of it, which its page of states can restore",
    "local": "Terraform keeps one copy beside it, with `.backup` at the end of its name",
}


def rolling_back(modules: Iterable[RootModule], kind: str, *, children: bool) -> Iterator[str]:
    """Yield the section, of states of this kind."""
    yield ROLL_BACK
    if commands := [command for module in modules for command in _commands(module, children=children)]:
        yield "Of this bundle that concerns, each only if the bundle of before does not know the new address:\n"
        yield f"```sh\n{''.join(commands)}```\n"
    yield DAMAGED.format(STATE_VERSIONS.get(kind, "see its backend's page"))


def _commands(module: RootModule, *, children: bool) -> Iterator[str]:
    """Yield what takes renaming and taking over back in a state."""
    folder, prefix = ("", f"module.{module.part}.") if children else (f" -chdir={module.name}", "")
    for block in module.document.get("moved", ()):
        yield f"terraform{folder} state mv '{prefix}{block['to']}' '{prefix}{block['from']}'\n"
    for block in module.document.get("import", ()):
        yield f"terraform{folder} state rm '{prefix}{block['to']}'\n"
