"""``handover/blocks.json``: by type of resource, which of its arguments are blocks. Read from the provider's bindings.

In JSON a block and a value look alike; who writes Terraform's own language must know. The provider's generated code
says ``NAME block.`` of each, at whatever depth. Where a type has a value of the same name elsewhere, that is no map.
"""

import json
import re
from importlib.metadata import distribution
from pathlib import Path

BINDINGS = Path(str(distribution("cdktf-cdktf-provider-aws").locate_file("cdktf_cdktf_provider_aws")))
TYPES = Path(__file__).parents[1] / "handover" / "replacement_table.json"
BLOCK = re.compile(r":param \w+: (\w+) block\.")


def blocks() -> str:
    """Return the file: a row for each type that the project emits."""
    types = sorted(name for name in json.loads(TYPES.read_text(encoding="utf-8")) if name.startswith("aws_"))
    rows = (f"  {json.dumps(name)}: {json.dumps(_of(name))}" for name in types)
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _of(type_: str) -> list[str]:
    text = (BINDINGS / type_.removeprefix("aws_") / "__init__.py").read_text(encoding="utf-8")
    return sorted(set(BLOCK.findall(text)))
