"""The archive is read back by the standard library, and the script for the disks runs with stand-ins for its tools."""

import base64
import email
import os
import subprocess
from pathlib import Path

import pytest

from modules.ec2.user_data import (
    INSTANCE_STORE_MOUNT,
    INSTANCE_STORE_SCRIPT,
    ecs_agent_script,
    encoded,
    mime_multipart,
)


def parts(archive: str) -> list[tuple[str, str]]:
    message = email.message_from_bytes(archive.encode())
    assert message.is_multipart()
    assert not message.defects
    found = []
    for part in message.get_payload():
        assert isinstance(part, email.message.Message)
        body = part.get_payload(decode=True)
        assert isinstance(body, bytes)
        found.append((part.get_content_type(), body.decode()))
    return found


def test_scripts_come_back_from_the_archive_in_order() -> None:
    scripts = ["#!/bin/sh\necho ${HOME} é\n", "#!/bin/sh\nexit 0\n"]
    assert parts(mime_multipart(scripts)) == [("text/x-shellscript", script) for script in scripts]


def test_a_script_without_a_last_line_break_gets_one() -> None:
    assert parts(mime_multipart(["#!/bin/sh\nexit 0"])) == [("text/x-shellscript", "#!/bin/sh\nexit 0\n")]


def test_the_same_scripts_give_the_same_bytes() -> None:
    assert mime_multipart(["#!/bin/sh\n"]) == (
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="==TERRABATCH=="\n'
        '\n--==TERRABATCH==\nContent-Type: text/x-shellscript; charset="utf-8"\n\n#!/bin/sh\n'
        "\n--==TERRABATCH==--\n"
    )


def test_the_agent_s_configuration_is_added_in_the_order_of_names() -> None:
    assert ecs_agent_script({"ECS_CLUSTER": "jobs", "ECS_BACKEND_HOST": ""}) == (
        "#!/bin/bash\ncat >> /etc/ecs/ecs.config <<'END'\nECS_BACKEND_HOST=\nECS_CLUSTER=jobs\nEND\n"
    )


def test_encoding_is_base64_of_utf_8() -> None:
    assert base64.b64decode(encoded("é")).decode() == "é"


@pytest.fixture
def run_with_disks(tmp_path: Path) -> object:
    """Run the script where each tool writes down how it was called, with ``disks`` of these models."""

    def run(*models: str) -> tuple[int, list[str]]:
        calls = tmp_path / "calls"
        calls.touch()
        for tool in ("mdadm", "mkfs.xfs", "mkdir", "mount", "chmod"):
            (tmp_path / tool).write_text(f'#!/bin/sh\necho {tool} "$@" >> {calls}\n')
            (tmp_path / tool).chmod(0o755)
        listed = "\n".join(f"/dev/nvme{index}n1 {model}" for index, model in enumerate(models))
        (tmp_path / "lsblk").write_text(f"#!/bin/sh\ncat <<'END'\n{listed}\nEND\n")
        (tmp_path / "lsblk").chmod(0o755)
        path = f"{tmp_path}:{os.environ['PATH']}"
        result = subprocess.run(
            ["bash", "-c", INSTANCE_STORE_SCRIPT], env={"PATH": path}, capture_output=True, check=False
        )
        return result.returncode, calls.read_text().splitlines()

    return run


ROOT, DISK = "Amazon Elastic Block Store", "Amazon EC2 NVMe Instance Storage"


@pytest.mark.parametrize(
    ("models", "device", "raid"),
    [
        ((ROOT, DISK), "/dev/nvme1n1", []),
        (
            (DISK, ROOT, DISK),
            "/dev/md0",
            ["mdadm --create /dev/md0 --run --level=0 --raid-devices=2 /dev/nvme0n1 /dev/nvme2n1"],
        ),
    ],
)
def test_all_disks_of_the_instance_become_one_volume(
    run_with_disks: object, models: tuple[str, ...], device: str, raid: list[str]
) -> None:
    assert callable(run_with_disks)
    assert run_with_disks(*models) == (
        0,
        [
            *raid,
            f"mkfs.xfs -f {device}",
            f"mkdir --parents {INSTANCE_STORE_MOUNT}",
            f"mount -o noatime {device} {INSTANCE_STORE_MOUNT}",
            f"chmod 1777 {INSTANCE_STORE_MOUNT}",
        ],
    )


def test_without_disks_nothing_is_touched(run_with_disks: object) -> None:
    assert callable(run_with_disks)
    assert run_with_disks(ROOT) == (1, [])
