import pytest

from modules.containers.fargate_sizes import (
    BATCH_FARGATE_MEMORY_MIB,
    EPHEMERAL_STORAGE_GIB,
    FARGATE_MEMORY_MIB,
    fargate_size_problems,
)
from tests.problems import in_short


def messages(vcpus: float, memory_mib: int, **more: object) -> list[str]:
    return in_short(fargate_size_problems(vcpus, memory_mib, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("vcpus", "smallest", "largest", "count"),
    [
        (0.25, 512, 2_048, 3),
        (0.5, 1_024, 4_096, 4),
        (1, 2_048, 8_192, 7),
        (2, 4_096, 16_384, 13),
        (4, 8_192, 30_720, 23),
        (8, 16_384, 61_440, 12),
        (16, 32_768, 122_880, 12),
    ],
)
def test_the_table_is_that_of_the_developer_guide(vcpus: float, smallest: int, largest: int, count: int) -> None:
    memories = FARGATE_MEMORY_MIB[vcpus]
    assert (memories[0], memories[-1], len(memories)) == (smallest, largest, count)
    assert messages(vcpus, smallest) == []
    assert messages(vcpus, largest) == []


def test_batch_has_32_vcpus_besides() -> None:
    assert set(BATCH_FARGATE_MEMORY_MIB) - set(FARGATE_MEMORY_MIB) == {32}
    assert messages(32, 249_856, sizes=BATCH_FARGATE_MEMORY_MIB) == []
    assert messages(32, 61_440) == ["vcpus: 0.25, 0.5, 1, 2, 4, 8, 16, got 32"]


@pytest.mark.parametrize(
    ("vcpus", "memory_mib", "message"),
    [
        (3, 8_192, "vcpus: 0.25, 0.5, 1, 2, 4, 8, 16, got 3"),
        (
            0.25,
            4_096,
            "memory_mib: 512, 1,024, 2,048, 0.25, got 4,096",
        ),
        (
            0.25,
            513,
            "memory_mib: 512, 1,024, 2,048, 0.25, got 513",
        ),
        (
            2,
            4_095,
            "memory_mib: 4,096, 16,384, 1,024, 2, got 4,095",
        ),
        (
            2,
            16_385,
            "memory_mib: 4,096, 16,384, 1,024, 2, got 16,385",
        ),
        (
            16,
            122_881,
            "memory_mib: 32,768, 122,880, 8,192, 16, got 122,881",
        ),
    ],
)
def test_a_size_that_fargate_does_not_have_names_the_nearest(vcpus: float, memory_mib: int, message: str) -> None:
    assert messages(vcpus, memory_mib) == [message]


def test_ephemeral_storage_starts_above_what_every_task_has() -> None:
    assert (EPHEMERAL_STORAGE_GIB[0], EPHEMERAL_STORAGE_GIB[-1]) == (21, 200)
