"""Where an environment's Terraform state is kept: one settings class for each backend.

Backend blocks cannot use variables, so what a backend needs is known when the Terraform is written.
"""

from pydantic import Field

from modules.settings import Settings


class StateSettings(Settings):
    """Base of the backends."""


class LocalState(StateSettings):
    """Files in the project's folder: for one person trying things out. Production refuses it."""

    directory: str = Field(
        "state",
        pattern=r"^[\w.-]+(/[\w.-]+)*$",
        description="a path inside the project's folder; an absolute one would differ from machine to machine",
    )


class S3State(StateSettings):
    """An S3 bucket, encrypted, locked by S3 itself (no DynamoDB table). The bucket has to exist."""

    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", description="the bucket's name")
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", description="the bucket's region")
    key_prefix: str = Field(
        "terrabatch", pattern=r"^[\w.-]+(/[\w.-]+)*$", description="states lie at <key_prefix>/<stack>.tfstate"
    )
    kms_key_arn: str | None = Field(
        None,
        pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-zA-Z-]+$",
        description="None: the bucket's own encryption",
    )
    role_arn: str | None = Field(
        None, pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$", description="assumed to reach the bucket"
    )


class HcpTerraformState(StateSettings):
    """HCP Terraform or Terraform Enterprise: one workspace a stack, which must share its state with the others."""

    organization: str = Field(pattern=r"^[\w-]{3,40}$", description="the organization's name")
    project: str | None = Field(
        None, min_length=3, max_length=40, description="None: the organization's default project"
    )
    hostname: str = Field("app.terraform.io", pattern=r"^[a-z0-9.-]+$", description="another one for Enterprise")
    workspace_prefix: str = Field("", pattern=r"^[\w-]*$", description="workspaces are named <prefix><stack>")
