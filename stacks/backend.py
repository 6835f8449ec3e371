"""Attach the backend of an environment's state settings to a stack."""

from typing import Any

import jsii
from cdktf import (
    DataTerraformRemoteState,
    LocalBackend,
    NamedRemoteWorkspace,
    S3Backend,
    S3BackendAssumeRoleConfig,
    TerraformBackend,
    TerraformRemoteState,
    TerraformStack,
)
from constructs import Construct

from stacks.state import PROJECT_FOLDER, HcpTerraformState, LocalState, S3State, StateSettings

# Project, environment and stack, which lead to its state.
Names = tuple[str, str, str]


def attach_backend(stack: TerraformStack, settings: StateSettings, names: Names) -> TerraformBackend:
    """Give ``stack`` its backend; it knows how other stacks read the state."""
    match settings:
        case LocalState():
            return LocalBackend(stack, path=f"{PROJECT_FOLDER}/{settings.url(*names)}")
        case S3State():
            return _attach_s3(stack, settings, settings.key(*names))
        case HcpTerraformState():
            return HcpTerraformBackend(stack, settings, settings.workspace(*names))
    raise TypeError(f"{type(settings).__name__} is no kind of state")


def _attach_s3(stack: TerraformStack, settings: S3State, key: str) -> S3Backend:
    backend = S3Backend(
        stack,
        bucket=settings.bucket,
        key=key,
        region=settings.region,
        encrypt=True,
        kms_key_id=settings.kms_key_arn,
        assume_role=S3BackendAssumeRoleConfig(role_arn=settings.role_arn) if settings.role_arn else None,
    )
    # cdktf 0.21 has no name for S3's own lock. It belongs to the backend alone: who reads a state takes no lock.
    stack.add_override("terraform.backend.s3.use_lockfile", True)
    return backend


class HcpTerraformBackend(TerraformBackend):
    """Define the ``cloud`` block of a stack. cdktf's own class for it starts Terraform when it synthesizes."""

    def __init__(self, stack: TerraformStack, settings: HcpTerraformState, workspace: str) -> None:
        super().__init__(stack, "backend", "cloud")
        self._settings, self._workspace = settings, workspace

    @jsii.member(jsii_name="toTerraform")
    def to_terraform(self) -> Any:
        """Return the block."""
        project = {"project": self._settings.project} if self._settings.project else {}
        return {
            "terraform": {
                "cloud": {
                    "hostname": self._settings.hostname,
                    "organization": self._settings.organization,
                    "workspaces": {"name": self._workspace} | project,
                }
            }
        }

    @jsii.member(jsii_name="getRemoteStateDataSource")
    def get_remote_state_data_source(self, scope: Construct, name: str, from_stack: str) -> TerraformRemoteState:
        """Return how another stack reads this one's state: through the ``remote`` backend, which knows no projects."""
        del from_stack
        return DataTerraformRemoteState(
            scope,
            name,
            hostname=self._settings.hostname,
            organization=self._settings.organization,
            workspaces=NamedRemoteWorkspace(self._workspace),
        )
