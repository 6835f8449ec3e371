"""A bundle: everything of one environment that a platform team needs, as files by name."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from handover.archive import archive, require_ours, with_checksums, write
from handover.child_modules import calling, child
from handover.deployment_policy import deployment_policies, plan_policies
from handover.local_states import inside_bundle
from handover.lock_files import lock_files
from handover.module_files import Files, as_json, module_files
from handover.native_files import native_files
from handover.options import AS_IT_IS, Options, RefusedError
from handover.partial_backends import EXAMPLE, example, is_partial, with_needed_keys, with_partial_backend
from handover.pictures.drawing import drawn
from handover.platforms import Platform, RootModule, read_platforms
from handover.policy_reports import policy_reports
from handover.readme import readme
from handover.references import dangling
from handover.runbook import NAME as RUNBOOK
from handover.runbook import runbook
from handover.versions import versions
from handover.workspaces import workspaces
from handover.workspaces_page import workspaces_page


class BrokenBundleError(Exception):
    """What was synthesized refers to what is not there: a fault of the Terraform, not of its reader."""


def bundle(platform: Platform, options: Options = AS_IT_IS) -> Files:
    """Return the files of an environment's bundle. Raises BrokenBundleError, RefusedError."""
    modules = tuple(replace(module, document=inside_bundle(module.document)) for module in platform.modules)
    whole = modules
    if options.partial_backend:
        modules = tuple(map(with_partial_backend, modules))
    modules = tuple(map(with_needed_keys, modules))
    written = tuple(map(child, modules)) if options.as_modules else modules
    caller = RootModule(platform.name, calling(platform), ())
    if found := [line for group in (modules, written, (caller,)) for line in dangling(group)]:
        raise BrokenBundleError("\n".join(dict.fromkeys(found)))
    files = {f"{module.name}/{name}": content for module in written for name, content in module_files(module).items()}
    if options.as_modules:
        files |= module_files(caller)
    elif any(map(is_partial, modules)):
        files[EXAMPLE] = example(whole).encode()
    if not options.as_modules and (companion := workspaces(platform)):
        files |= {f"{companion.name}/{name}": content for name, content in module_files(companion).items()}
        files[f"{companion.name}/README.md"] = workspaces_page(platform).encode()
    if options.hcl:
        files = native_files(files)
    if options.lock_with is not None:
        files |= lock_files(files, options.lock_with)
    return with_checksums({**files, **_told(platform, replace(platform, modules=modules), files, options)})


def _told(platform: Platform, inside: Platform, files: Files, options: Options) -> Files:
    """Return the files that tell of an environment: as it was synthesized, and as it is inside of the bundle."""
    told = {f"pictures/{name}": text.encode() for name, text in drawn(platform).items()}
    for name, policies in (("deployment", deployment_policies(platform)), ("plan", plan_policies(platform))):
        told |= {f"{name}-policy-{number}.json": as_json(document) for number, document in enumerate(policies, 1)}
    told["versions.json"] = as_json(versions(inside.modules))
    if page := runbook(platform, options.chapters):
        told[RUNBOOK] = page.encode()
    told |= policy_reports(options.findings)
    told["README.md"] = readme(inside, children=options.as_modules, beside={**files, **told}).encode()
    return told


def write_bundles(
    source: Path, output: Path, options: Options = AS_IT_IS, names: Collection[str] = ()
) -> Mapping[str, Files]:
    """Write a folder and an archive below ``output`` for each environment in ``source``, or these; return their files.

    Nothing is written unless all can be. Raises BrokenBundleError, RefusedError, OccupiedError.
    """
    bundles = {platform.name: bundle(platform, options) for platform in _synthesized(source, names)}
    for name in bundles:
        require_ours(output / name)
    for name, files in bundles.items():
        write(files, output / name)
        (output / f"{name}.tar.gz").write_bytes(archive(files, name))
    return bundles


def _synthesized(source: Path, names: Collection[str]) -> list[Platform]:
    if not (source / "manifest.json").is_file():
        raise RefusedError(f"{source} has no manifest.json, so no stacks that were synthesized")
    platforms = {platform.name: platform for platform in read_platforms(source)}
    for name in names:
        if name not in platforms:
            raise RefusedError(f"{source} has no environment {name!r}; known: {', '.join(platforms)}")
    return [platform for name, platform in platforms.items() if not names or name in names]
