"""How much of something there is, in words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Block = Mapping[str, Any]


def of_job(block: Block) -> str:
    """Return what the containers of a job get in all."""
    amounts: dict[str, float] = defaultdict(float)
    for needs in _named(block, "resourceRequirements"):
        for need in needs:
            amounts[need["type"]] += _number(need["value"])
    for container in block.get("eks_properties", {}).get("pod_properties", {}).get("containers", ()):
        limits = container.get("resources", {}).get("limits", {})
        amounts["VCPU"] += _number(limits.get("cpu", 0))
        amounts["MEMORY"] += _number(str(limits.get("memory", 0)).removesuffix("Mi"))
        amounts["GPU"] += _number(limits.get("nvidia.com/gpu", 0))
    units = (("VCPU", "vCPU"), ("MEMORY", "MiB"), ("GPU", "GPU"))
    return ", ".join(
        counted(amounts[name], unit, unit if unit == "MiB" else "") for name, unit in units if amounts[name]
    )


def of_task(block: Block) -> str:
    """Return what a task gets."""
    cpu, memory = _number(block.get("cpu", 0)), _number(block.get("memory", 0))
    return f"{counted(cpu / 1024, 'vCPU')}, {counted(memory, 'MiB', 'MiB')}" if cpu and memory else ""


def _named(value: Any, key: str) -> Iterable[Any]:
    """Yield every value below this key, however deep."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name == key:
                yield item
            else:
                yield from _named(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, key)


def _number(value: Any) -> float:
    try:
        return float(value)
    except ValueError:  # Terraform decides
        return 0


def counted(number: Any, one: str, many: str = "") -> str:
    """Return a number with what it counts; ``many``: how that is called if not by an s more."""
    shown = (
        f"{number:,.10g}" if isinstance(number, float) else f"{number:,}" if isinstance(number, int) else str(number)
    )
    return f"{shown} {one if shown == '1' else many or f'{one}s'}"
