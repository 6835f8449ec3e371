"""What EC2 instance types have, looked up in a table kept beside this file: no AWS call, no network.

The table is EC2's DescribeInstanceTypes, reduced; its first line says of when. ``make instance-types``
rewrites it. It is read when first asked, which takes a millisecond.
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

TABLE = Path(__file__).with_name("instance_types.csv")

# Words that Batch takes instead of types: it chooses from these families, not always all of them, and AWS moves the
# words on to newer families from time to time. As of the Batch API reference of 2026-11; until 2025 "optimal" meant
# C4, M4 and R4, and where "automatic family updates" are off it still does.
_X86_64_FAMILIES = ("m6i", "c6i", "r6i", "c7i")
DEFAULT_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "default_arm64": ("m6g", "c6g", "r6g", "c7g"),
    "default_x86_64": _X86_64_FAMILIES,
    "optimal": _X86_64_FAMILIES,
}


class InstanceType(NamedTuple):
    """One row of the table.

    ``gpus`` counts NVIDIA's only, which containers can be given, and as a container sees them: a fraction is one.
    """

    name: str
    vcpus: int
    memory_mib: int
    gpus: int
    gpu_name: str
    gpu_memory_mib: int  # of one GPU
    neuron_devices: int  # AWS Inferentia and Trainium
    architecture: str  # x86_64, arm64, or one of the two with _mac
    cpu_manufacturer: str  # Intel, AMD, AWS or Apple
    nvme_gb: int  # instance store, all disks together
    efa_interfaces: int
    network_cards: int
    spot: bool
    capacity_block: bool
    current_generation: bool
    bare_metal: bool
    burstable: bool
    hypervisor: str  # nitro, xen, or nothing where there is none
    max_interfaces: int  # one of them is the instance's own
    max_pods: int  # of an EKS node: as many as its first network card has addresses to give them

    @property
    def family(self) -> str:
        """Return what stands before the dot: c6i of c6i.large."""
        return self.name.partition(".")[0]

    @property
    def size(self) -> tuple[int, int, int, int, str]:
        """Order types from small to large: few GPUs and little memory first."""
        return (self.gpus, self.vcpus, self.memory_mib, self.nvme_gb, self.name)


COLUMNS = InstanceType._fields


def find_type(name: str) -> InstanceType | None:
    """Return the type called ``name``, None if the table does not know it."""
    return _parsed(name) if name in _lines() else None


def types_of_family(family: str) -> tuple[InstanceType, ...]:
    """Return the types of ``family`` from small to large; none if the table does not know it."""
    return tuple(sorted(map(_parsed, _families().get(family, ())), key=lambda kind: kind.size))


def types_matching(pattern: str) -> Iterator[InstanceType]:
    """Yield the types that ``pattern`` means, where a star stands for any characters; none if the table has none."""
    yield from map(_parsed, _matching(pattern))


def is_known(name: str) -> bool:
    """Return whether ``name`` is a type, a family or a word that stands for families."""
    return name in _lines() or name in _families() or name in DEFAULT_FAMILIES


def possible_types(names: Iterable[str]) -> tuple[InstanceType, ...]:
    """Return the types that Batch may start where ``names`` are given: types, families, or its words for families.

    From small to large, each once. What the table does not know is left out.
    """
    found = {kind.name: kind for name in names for kind in _meant_by(name)}
    return tuple(sorted(found.values(), key=lambda kind: kind.size))


def architectures(types: Iterable[InstanceType]) -> tuple[str, ...]:
    """Return the CPU architectures that occur, sorted."""
    return tuple(sorted({kind.architecture for kind in types}))


def smallest_type(types: Iterable[InstanceType]) -> InstanceType | None:
    """Return the smallest of ``types``, None if there are none."""
    return min(types, key=lambda kind: kind.size, default=None)


def known_names() -> tuple[str, ...]:
    """Return everything that ``is_known``, sorted: for errors that name what is near."""
    return tuple(sorted({*_lines(), *_families(), *DEFAULT_FAMILIES}))


def nearest_names(name: str, known: Iterable[str]) -> list[str]:
    """Return the one of ``known`` that is most likely meant by ``name``, if any: of the same class, as p in p3."""
    letters = re.match("[a-z]+(?=[0-9])", name)
    return get_close_matches(name, [item for item in known if not letters or re.match(f"{letters[0]}[0-9]", item)], n=1)


def known_types() -> tuple[str, ...]:
    """Return the names of all types."""
    return tuple(_lines())


def _meant_by(name: str) -> Iterator[InstanceType]:
    kind = find_type(name)
    if kind:
        yield kind
    for family in DEFAULT_FAMILIES.get(name, (name,)):
        yield from types_of_family(family)


@cache
def _lines() -> Mapping[str, str]:
    """Return the table's lines by type, unparsed: a run needs a few dozen of them."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {line.partition(",")[0]: line for line in lines[2:]}


@cache
def _matching(pattern: str) -> tuple[str, ...]:
    return tuple(fnmatch.filter(_lines(), pattern))


@cache
def _families() -> Mapping[str, tuple[str, ...]]:
    families: dict[str, list[str]] = {}
    for name in _lines():
        families.setdefault(name.partition(".")[0], []).append(name)
    return {family: tuple(names) for family, names in families.items()}


@cache
def _parsed(name: str) -> InstanceType:
    # No field holds a comma, so no CSV reader is needed.
    values = dict(zip(COLUMNS, _lines()[name].split(","), strict=True))
    kinds = InstanceType.__annotations__
    return InstanceType(**{column: _read(value, kinds[column]) for column, value in values.items()})


def _read(value: str, kind: type) -> Any:
    return value if kind is str else kind(int(value))
