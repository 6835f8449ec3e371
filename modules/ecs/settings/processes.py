"""What the process of a container may do to the kernel, and what happens when it ends.

Source: ContainerRestartPolicy and KernelCapabilities in the ECS API reference, read from botocore's model.
"""

from typing import Annotated, Literal

from pydantic import Field

from modules.settings import Distinct, Settings

Capability = Literal[
    "ALL",
    "AUDIT_CONTROL",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "WAKE_ALARM",
]
# What Fargate lets a container add.
FARGATE_CAPABILITIES = ("SYS_PTRACE",)


class RestartPolicy(Settings):
    """The container is started again in its task when it ends, instead of the whole task being replaced."""

    attempt_period_seconds: int = Field(default=300, ge=60, le=1_800)
    """it must have run so long to be started again [from 60 to 1,800; default 300]"""
    ignored_exit_codes: Distinct[Annotated[int, Field(ge=0, le=255)]] = Field(default=(), max_length=50)
    """that end it for good [at most 50 items; each from 0 to 255; default empty]"""
