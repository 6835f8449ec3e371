"""The sizes that Fargate has. ECS and Batch share them; 32 vCPUs are for Batch only.

Source: "Fargate task sizes" in the ECS developer guide, ResourceRequirement in the Batch API reference.
"""

from collections.abc import Iterator, Mapping, Sequence

from modules.problems import Problem, format_number

# Memory in MiB that each number of vCPUs takes.
FARGATE_MEMORY_MIB: Mapping[float, Sequence[int]] = {
    0.25: (512, 1_024, 2_048),
    0.5: range(1_024, 4_096 + 1, 1_024),
    1: range(2_048, 8_192 + 1, 1_024),
    2: range(4_096, 16_384 + 1, 1_024),
    4: range(8_192, 30_720 + 1, 1_024),
    8: range(16_384, 61_440 + 1, 4_096),
    16: range(32_768, 122_880 + 1, 8_192),
}
BATCH_FARGATE_MEMORY_MIB: Mapping[float, Sequence[int]] = {**FARGATE_MEMORY_MIB, 32: (61_440, 122_880, 249_856)}

# Ephemeral storage beyond the 20 GiB that every Fargate task has without asking.
EPHEMERAL_STORAGE_GIB = range(21, 200 + 1)


def fargate_size_problems(
    vcpus: float, memory_mib: int, *, sizes: Mapping[float, Sequence[int]] = FARGATE_MEMORY_MIB
) -> Iterator[Problem]:
    """Yield a problem for a pair that Fargate does not have; paths are ``vcpus`` and ``memory_mib``."""
    if vcpus not in sizes:
        listed = ", ".join(format_number(size) for size in sizes)
        larger = [size for size in sizes if size > vcpus]
        fix = f"the next size up is {format_number(larger[0])}" if larger else "Fargate has nothing larger"
        yield Problem("vcpus", f"be one of {listed}", format_number(vcpus), fix=fix)
    elif memory_mib not in sizes[vcpus]:
        rule = f"be {_memories(sizes[vcpus])} with {_vcpus(vcpus)}"
        yield Problem("memory_mib", rule, f"{memory_mib:,}", _nearest(vcpus, memory_mib, sizes))


def _nearest(vcpus: float, memory_mib: int, sizes: Mapping[float, Sequence[int]]) -> str:
    """Return what comes closest: the next memory up with the same vCPUs, else the fewest vCPUs that take as much."""
    same = [size for size in sizes[vcpus] if size >= memory_mib]
    if same:
        return f"the next size up is {same[0]:,}"
    for more, memories in sizes.items():
        enough = [size for size in memories if size >= memory_mib]
        if more > vcpus and enough:
            return f"{_vcpus(more)} can have {enough[0]:,}"
    return "Fargate has nothing larger"


def _memories(memories: Sequence[int]) -> str:
    if isinstance(memories, range):
        return f"from {memories[0]:,} to {memories[-1]:,} in steps of {memories.step:,} MiB"
    return f"one of {', '.join(f'{memory:,}' for memory in memories)} MiB"


def _vcpus(vcpus: float) -> str:
    return f"{format_number(vcpus)} vCPU{'s' if vcpus > 1 else ''}"
