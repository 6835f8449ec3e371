"""Attach the backend of an environment's state settings to a stack."""

from cdktf import CloudBackend, LocalBackend, NamedCloudWorkspace, S3Backend, S3BackendAssumeRoleConfig, TerraformStack

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
            workspace = NamedCloudWorkspace(f"{settings.workspace_prefix}{name}", settings.project)
            CloudBackend(stack, hostname=settings.hostname, organization=settings.organization, workspaces=workspace)


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
