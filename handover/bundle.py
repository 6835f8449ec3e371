"""A bundle: everything of one environment that a platform team needs, as files by name."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from handover.archive import archive, require_ours, with_checksums, write
from handover.child_modules import calling, child
from handover.deployment_policy import deployment_policies, plan_policies
from handover.local_states import inside_bundle
from handover.module_files import Files, as_json, module_files
from handover.pictures.drawing import drawn
from handover.platforms import Platform, RootModule, read_platforms
from handover.readme import readme
from handover.references import dangling
from handover.runbook import NAME as RUNBOOK
from handover.runbook import runbook
from handover.versions import versions
from handover.workspaces import workspaces
from handover.workspaces_page import workspaces_page


class BrokenBundleError(Exception):
    """What was synthesized refers to what is not there: a fault of whoever wrote the Terraform, not of its reader."""


def bundle(platform: Platform, *, children: bool = False, chapters: str = "") -> Files:
    """Return the files of an environment's bundle: of root modules, or of child modules. Raises BrokenBundleError.

    ``chapters``: a runbook of every kind of alarm.
    """
    modules = tuple(replace(module, document=inside_bundle(module.document)) for module in platform.modules)
    caller = RootModule(platform.name, calling(platform), ())
    written = tuple(map(child, modules)) if children else modules
    if found := [line for group in (modules, written, (caller,)) for line in dangling(group)]:
        raise BrokenBundleError("\n".join(dict.fromkeys(found)))
    files = {f"{module.name}/{name}": content for module in written for name, content in module_files(module).items()}
    if children:
        files |= module_files(caller)
    files |= {f"pictures/{name}": text.encode() for name, text in drawn(platform).items()}
    if page := runbook(platform, chapters):
        files[RUNBOOK] = page.encode()
    if not children and (companion := workspaces(platform)):
        files |= {f"{companion.name}/{name}": content for name, content in module_files(companion).items()}
        files[f"{companion.name}/README.md"] = workspaces_page(platform).encode()
    files["README.md"] = readme(replace(platform, modules=modules), children=children, beside=files).encode()
    files["versions.json"] = as_json(versions(modules))
    for name, policies in (("deployment", deployment_policies(platform)), ("plan", plan_policies(platform))):
        files |= {f"{name}-policy-{number}.json": as_json(document) for number, document in enumerate(policies, 1)}
    return with_checksums(files)


def write_bundles(source: Path, output: Path, *, children: bool = False, chapters: str = "") -> Mapping[str, Files]:
    """Write a folder and an archive below ``output`` for each environment in ``source``; return their files.

    Nothing is written unless all can be. Raises BrokenBundleError, OccupiedError.
    """
    bundles = {
        platform.name: bundle(platform, children=children, chapters=chapters) for platform in read_platforms(source)
    }
    for name in bundles:
        require_ours(output / name)
    for name, files in bundles.items():
        write(files, output / name)
        (output / f"{name}.tar.gz").write_bytes(archive(files, name))
    return bundles
