import pytest

from modules.ecs.fargate_sizes import (
    BATCH_FARGATE_MEMORY_MIB,
    EPHEMERAL_STORAGE_GIB,
    FARGATE_MEMORY_MIB,
    fargate_size_problems,
)


def messages(vcpus: float, memory_mib: int, **more: object) -> list[str]:
    return [str(problem) for problem in fargate_size_problems(vcpus, memory_mib, **more)]  # type: ignore[arg-type]


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
    assert messages(32, 61_440) == [
        "vcpus must be one of 0.25, 0.5, 1, 2, 4, 8, 16, got 32; Fargate has nothing larger"
    ]


@pytest.mark.parametrize(
    ("vcpus", "memory_mib", "message"),
    [
        (3, 8_192, "vcpus must be one of 0.25, 0.5, 1, 2, 4, 8, 16, got 3; the next size up is 4"),
        (
            0.25,
            4_096,
            "memory_mib must be one of 512, 1,024, 2,048 MiB with 0.25 vCPU, got 4,096; 0.5 vCPU can have 4,096",
        ),
        (
            0.25,
            513,
            "memory_mib must be one of 512, 1,024, 2,048 MiB with 0.25 vCPU, got 513; the next size up is 1,024",
        ),
        (
            2,
            4_095,
            "memory_mib must be from 4,096 to 16,384 in steps of 1,024 MiB with 2 vCPUs, got 4,095; "
            "the next size up is 4,096",
        ),
        (
            2,
            16_385,
            "memory_mib must be from 4,096 to 16,384 in steps of 1,024 MiB with 2 vCPUs, got 16,385; "
            "4 vCPUs can have 17,408",
        ),
        (
            16,
            122_881,
            "memory_mib must be from 32,768 to 122,880 in steps of 8,192 MiB with 16 vCPUs, got 122,881; "
            "Fargate has nothing larger",
        ),
    ],
)
def test_a_size_that_fargate_does_not_have_names_the_nearest(vcpus: float, memory_mib: int, message: str) -> None:
    assert messages(vcpus, memory_mib) == [message]


def test_ephemeral_storage_starts_above_what_every_task_has() -> None:
    assert (EPHEMERAL_STORAGE_GIB[0], EPHEMERAL_STORAGE_GIB[-1]) == (21, 200)
