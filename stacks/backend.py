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

from stacks.state import HcpTerraformState, LocalState, S3State, StateSettings

# Terraform runs in cdktf.out/stacks/<stack>; the project's folder is three levels up.
PROJECT_FOLDER = "../../.."


def attach_backend(stack: TerraformStack, name: str, settings: StateSettings) -> None:
    """Give ``stack`` its backend; references from other stacks read the state from the same place."""
    match settings:
        case LocalState():
            LocalBackend(stack, path=f"{PROJECT_FOLDER}/{settings.directory}/{name}.tfstate")
        case S3State():
            _attach_s3(stack, name, settings)
        case HcpTerraformState():
            HcpTerraformBackend(stack, f"{settings.workspace_prefix}{name}", settings)


def _attach_s3(stack: TerraformStack, name: str, settings: S3State) -> None:
    S3Backend(
        stack,
        bucket=settings.bucket,
        key=f"{settings.key_prefix}/{name}.tfstate",
        region=settings.region,
        encrypt=True,
        kms_key_id=settings.kms_key_arn,
        assume_role=S3BackendAssumeRoleConfig(role_arn=settings.role_arn) if settings.role_arn else None,
    )
    # cdktf 0.21 has no name for S3's own lock. It belongs to the backend alone: who reads a state takes no lock.
    stack.add_override("terraform.backend.s3.use_lockfile", True)


class HcpTerraformBackend(TerraformBackend):
    """Define the ``cloud`` block of a stack. cdktf's own class for it starts Terraform when it synthesizes."""

    def __init__(self, stack: TerraformStack, workspace: str, settings: HcpTerraformState) -> None:
        super().__init__(stack, "backend", "cloud")
        self._workspace, self._settings = workspace, settings

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
