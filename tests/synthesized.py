"""The Terraform of environments, as it is written for them together."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stacks.environment import Environment
from stacks.synthesis import build


def synthesized(*environments: Environment) -> Mapping[str, dict[str, Any]]:
    """Return the JSON of every stack of the environments, by the stack's name."""
    with TemporaryDirectory() as folder:
        build(environments, Path(folder))
        files = sorted(Path(folder, "stacks").glob("*/cdk.tf.json"))
        return {file.parent.name: json.loads(file.read_text()) for file in files}
