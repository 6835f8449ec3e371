"""The Terraform of the environments that are shipped, and of the examples; each synthesized once for the whole run."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cdktf import App

from stacks.loading import PACKAGE as SHIPPED
from stacks.loading import load_environments
from stacks.platform import build_platform

EXAMPLES = "examples.environments"
PACKAGES = (SHIPPED, EXAMPLES)


@cache
def shipped_stacks(package: str = SHIPPED) -> Mapping[str, dict[str, Any]]:
    """Return the JSON of every stack of every environment, by the stack's name."""
    with TemporaryDirectory() as folder:
        app = App(stack_traces=False, outdir=folder)
        for environment in load_environments(package=package):
            build_platform(app, environment)
        app.synth()
        files = sorted(Path(folder, "stacks").glob("*/cdk.tf.json"))
        return {file.parent.name: json.loads(file.read_text()) for file in files}


def shipped_resources(*types: str, package: str = SHIPPED) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ``stack/address`` and block of every resource of these types; of all, if none is named."""
    for stack, document in shipped_stacks(package).items():
        for type_, resources in document.get("resource", {}).items():
            if not types or type_ in types:
                for name, resource in resources.items():
                    yield f"{stack}/{type_}.{name}", resource
