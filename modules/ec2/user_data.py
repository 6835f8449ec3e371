"""User data: what an instance runs when it first starts, as the MIME multipart archive that Batch asks for. Pure text.

Batch, or what else starts the instance, adds parts of its own; cloud-init runs all of them, in order, as root.
"""

import base64
from collections.abc import Mapping, Sequence

# Always the same, so that the same scripts give the same bytes and no plan shows a difference.
BOUNDARY = "==TERRABATCH=="
INSTANCE_STORE_MOUNT = "/scratch"

# One file system over all disks of the instance store. Amazon Linux 2023 comes without mdadm; its packages lie in S3,
# which is reached through the gateway endpoint even where there is no NAT.
INSTANCE_STORE_SCRIPT = f"""\
#!/bin/bash
set -euo pipefail
mapfile -t disks < <(lsblk --nodeps --noheadings --paths --output NAME,MODEL | awk '/Instance Storage/ {{print $1}}')
if (( ${{#disks[@]}} == 0 )); then
  echo "no NVMe instance store" >&2
  exit 1
fi
device=${{disks[0]}}
if (( ${{#disks[@]}} > 1 )); then
  device=/dev/md0
  command -v mdadm >/dev/null || dnf install --assumeyes mdadm
  mdadm --create "$device" --run --level=0 --raid-devices="${{#disks[@]}}" "${{disks[@]}}"
fi
mkfs.xfs -f "$device"
mkdir --parents {INSTANCE_STORE_MOUNT}
mount -o noatime "$device" {INSTANCE_STORE_MOUNT}
chmod 1777 {INSTANCE_STORE_MOUNT}
"""


def mime_multipart(scripts: Sequence[str]) -> str:
    """Return shell scripts as one MIME multipart archive, in order."""
    heading = f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{BOUNDARY}"\n'
    parts = [
        f'\n--{BOUNDARY}\nContent-Type: text/x-shellscript; charset="utf-8"\n\n{_lines(script)}' for script in scripts
    ]
    return f"{heading}{''.join(parts)}\n--{BOUNDARY}--\n"


def ecs_agent_script(config: Mapping[str, str]) -> str:
    """Return the script that configures the ECS agent, which waits with its start until all user data has run."""
    settings = "\n".join(f"{name}={value}" for name, value in sorted(config.items()))
    return f"#!/bin/bash\ncat >> /etc/ecs/ecs.config <<'END'\n{settings}\nEND\n"


def encoded(text: str) -> str:
    """Return ``text`` in base64, as a launch template takes it."""
    return base64.b64encode(text.encode()).decode()


def _lines(script: str) -> str:
    return script if script.endswith("\n") else f"{script}\n"
