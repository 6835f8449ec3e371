"""Attach the backend of an environment's state settings to a stack."""

from collections.abc import Mapping
from typing import Any

import jsii
from cdktf import (
    AzurermBackend,
    DataTerraformRemoteState,
    DataTerraformRemoteStateS3,
    GcsBackend,
    HttpBackend,
    LocalBackend,
    NamedRemoteWorkspace,
    S3Backend,
    S3BackendAssumeRoleConfig,
    TerraformBackend,
    TerraformRemoteState,
    TerraformStack,
    TerraformVariable,
)
from constructs import Construct

from stacks.hcp_terraform import companion
from stacks.manifest import HCP_TERRAFORM
from stacks.other_states import AzureState, GcsState, HttpState, NoState
from stacks.state import PROJECT_FOLDER, HcpTerraformState, LocalState, S3State, StateSettings

# The variable with what a NoState leaves out.
REST = "state"
TFE_PROVIDER = {"source": "hashicorp/tfe", "version": "0.71.0"}
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
            stack.add_override(f"//.{HCP_TERRAFORM}", companion(settings, *names))
            return HcpTerraformBackend(stack, settings, settings.workspace(*names))
        case HttpState():
            return _attach_http(stack, settings, settings.url(*names))
        case GcsState():
            return GcsBackend(
                stack,
                bucket=settings.bucket,
                prefix=settings.prefix(*names),
                kms_encryption_key=settings.kms_encryption_key,
                impersonate_service_account=settings.impersonate_service_account,
            )
        case AzureState():
            return AzurermBackend(
                stack,
                storage_account_name=settings.storage_account_name,
                container_name=settings.container_name,
                key=settings.key(*names),
                use_azuread_auth=settings.use_entra_id,
                resource_group_name=settings.resource_group_name,
                subscription_id=settings.subscription_id,
                tenant_id=settings.tenant_id,
            )
        case NoState():
            return PartialBackend(stack, settings, settings.block(*names))
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


def _attach_http(stack: TerraformStack, settings: HttpState, address: str) -> HttpBackend:
    lock = settings.lock
    return HttpBackend(
        stack,
        address=address,
        lock_address=f"{address}/{lock.path}" if lock else None,
        unlock_address=f"{address}/{lock.path}" if lock else None,
        lock_method=lock.method if lock else None,
        unlock_method=lock.unlock_method if lock else None,
    )


def outputs_of(settings: StateSettings, name: str) -> str:
    """Return what has the outputs of another stack."""
    if isinstance(settings, HcpTerraformState) and settings.outputs_only:
        return f"data.tfe_outputs.{name}.nonsensitive_values"
    return f"data.terraform_remote_state.{name}.outputs"


def read_outputs(stack: TerraformStack, settings: HcpTerraformState, name: str, workspace: str) -> None:
    """Have ``stack`` read the outputs in another workspace, and nothing else of its state."""
    stack.add_override(f"data.tfe_outputs.{name}", {"organization": settings.organization, "workspace": workspace})
    stack.add_override("provider.tfe", [{"hostname": settings.hostname}])
    stack.add_override("terraform.required_providers.tfe", TFE_PROVIDER)


class PartialBackend(TerraformBackend):
    """Define a backend that is told the rest when Terraform is initialized."""

    def __init__(self, stack: TerraformStack, settings: NoState, block: Mapping[str, str]) -> None:
        super().__init__(stack, "backend", settings.backend)
        self._kind, self._block = settings.backend, dict(block)

    @jsii.member(jsii_name="toTerraform")
    def to_terraform(self) -> Any:
        """Return the block."""
        return {"terraform": {"backend": {self._kind: self._block}}}

    @jsii.member(jsii_name="getRemoteStateDataSource")
    def get_remote_state_data_source(self, scope: Construct, name: str, from_stack: str) -> TerraformRemoteState:
        """Return how another stack reads this one's state: what the backends are told, it is told in a variable."""
        del from_stack
        if scope.node.try_find_child(REST) is None:
            TerraformVariable(
                scope, REST, type="map(string)", description="What -backend-config says of the states that are read"
            )
        # Of no kind that has its arguments checked: some of them come later.
        state = DataTerraformRemoteStateS3(scope, name, bucket="", key="", workspace="${terraform.workspace}")
        state.add_override("backend", self._kind)
        place = ", ".join(f'"{key}" = "{value}"' for key, value in self._block.items())
        state.add_override("config", f"${{merge(var.{REST}, {{{place}}})}}")
        return state


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
