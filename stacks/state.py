"""Where an environment's Terraform state is kept: one settings class for each backend.

Backend blocks cannot use variables, so what a backend needs is known when the Terraform is written.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from modules.markers import production
from modules.problems import Problem, format_value
from modules.regions import Region, arn_problems
from modules.settings import Settings

# Terraform runs in cdktf.out/stacks/<stack>; the project's folder is three levels up.
PROJECT_FOLDER = "../../.."
# What stands in an address for what comes with -backend-config.
UNNAMED = "…"
# No "..", no leading slash: below where it starts.
RELATIVE_PATH = r"^\.?[0-9A-Za-z_-][0-9A-Za-z_.-]*(/\.?[0-9A-Za-z_-][0-9A-Za-z_.-]*)*$"

TeamName = Annotated[str, Field(pattern=r"^[0-9A-Za-z_ -]+$", min_length=1, max_length=90)]


def state_url(backend: str, block: Mapping[str, Any]) -> str:
    """Return where a state is, from its block in Terraform: no two have one address."""
    match backend:
        case "local":
            return str(block["path"]).removeprefix(f"{PROJECT_FOLDER}/")
        case "s3":
            # A bucket has its name to itself in all regions.
            return f"s3://{block.get('bucket', UNNAMED)}/{block['key']}"
        case "cloud":
            # The projects of an organization share its names.
            return f"https://{block['hostname']}/app/{block['organization']}/workspaces/{block['workspaces']['name']}"
        case "http":
            return str(block["address"])
        case "gcs":
            return f"gs://{block.get('bucket', UNNAMED)}/{block['prefix']}/default.tfstate"
        case "azurerm":
            account = block.get("storage_account_name", UNNAMED)
            return f"https://{account}.blob.core.windows.net/{block.get('container_name', UNNAMED)}/{block['key']}"
    raise ValueError(f"{backend} is no backend of a state here")


class StateSettings(Settings, abstract=True):
    """Base of the backends. Projects that share one keep apart: the project leads every name."""

    def url(self, project: str, environment: str, stack: str) -> str:
        """Return where the state of a stack is; two stacks of one address overwrite each other."""
        raise NotImplementedError


class LocalState(StateSettings):
    """Files in the project's folder: for one person trying things out. Production refuses it."""

    directory: str = Field(default="state", pattern=RELATIVE_PATH)
    """a path inside the project's folder, e.g. state; an absolute one would differ between machines [default
    'state']"""

    def url(self, project: str, environment: str, stack: str) -> str:
        """Return the file, as seen from the project's folder."""
        return state_url("local", {"path": f"{self.directory}/{project}/{environment}/{stack}.tfstate"})

    def production_problems(self) -> Iterator[Problem]:
        """Refuse it as a whole."""
        rule, reason = "be another state in production", "a state on one machine is lost with it"
        yield Problem("", rule, format_value(self), reason)


class S3State(StateSettings):
    """An S3 bucket, encrypted, locked by S3 itself (no DynamoDB table). The bucket has to exist.

    Source: "Backend Type: s3" in the Terraform documentation.
    """

    bucket: str = Field(pattern=r"^[a-z0-9](-*\.?-*[a-z0-9])*$", min_length=3, max_length=63)
    """the bucket's name, e.g. acme-terraform-state [3 to 63 characters; required]"""
    region: Region
    """the bucket's region, e.g. us-east-1 [required]"""
    key_prefix: str | None = Field(default=None, pattern=RELATIVE_PATH)
    """states lie at <key_prefix>/<project>/<environment>/<stack>.tfstate [default None]"""
    # Narrower than KMS itself: Terraform's S3 backend takes nothing but this.
    kms_key_arn: str | None = Field(
        default=None,
        pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/"
        r"([0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$",
    )
    """None: the bucket's own encryption; else a key's ARN in lower case, not an alias [default None]"""
    role_arn: str | None = Field(default=None, pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[0-9A-Za-z_+=,.@/-]+$")
    """assumed to reach the bucket, e.g. arn:aws:iam::111122223333:role/terraform-state [default None]"""

    def key(self, project: str, environment: str, stack: str) -> str:
        """Return the key of the object."""
        return "/".join([*([self.key_prefix] if self.key_prefix else []), project, environment, f"{stack}.tfstate"])

    def url(self, project: str, environment: str, stack: str) -> str:
        """Return bucket and key."""
        return state_url("s3", {"bucket": self.bucket, "key": self.key(project, environment, stack)})

    def check_kms_key(self) -> Iterator[Problem]:
        """Check that the key is where the bucket is."""
        if self.kms_key_arn:
            reason = "S3 encrypts with keys of the bucket's own region only"
            yield from arn_problems(
                "kms_key_arn", self.kms_key_arn, self.region, thing="key", of="the bucket's region", reason=reason
            )

    def check_role(self) -> Iterator[Problem]:
        """Check that the role is in the same part of AWS."""
        if self.role_arn:
            yield from arn_problems("role_arn", self.role_arn, self.region)


class VcsRepository(Settings):
    """A repository whose pushes HCP Terraform plans, and applies after approval; its stacks are committed.

    Source: "UI- and VCS-driven runs" in HCP Terraform's documentation.
    """

    repository: str = Field(pattern=r"^[^/\s]+(/[^/\s]+)+$")
    """as its host names it, e.g. acme/platform [required]"""
    connection_id: str = Field(pattern=r"^(ot|ghain)-[0-9A-Za-z]+$")
    """how HCP Terraform reaches it: by the token of an OAuth client, e.g. ot-hmAyP66qk2AMVdbJ, or an installation of
    its GitHub App, ghain-… [required]"""
    branch: str | None = Field(default=None, pattern=r"^[^\s~^:?*\[\\]+$")
    """e.g. main; None: the repository's default branch [default None]"""
    directory: str = Field(default="cdktf.out/stacks", pattern=RELATIVE_PATH)
    """the folder with the stacks, or with the root modules of a bundle [default 'cdktf.out/stacks']"""
    auto_apply: Annotated[bool, production(False, "nobody has seen the plan of what a push replaces")] = False
    """True: pushes are applied without approval of the plan [default False; must be False in production]"""


class HcpTerraformState(StateSettings):
    """HCP Terraform or Terraform Enterprise: one workspace a stack, which must share its state with the others.

    Source: "Workspaces" and "Organizations" in the HCP Terraform API reference.
    """

    organization: str = Field(pattern=r"^[0-9A-Za-z_-]+$", min_length=3, max_length=40)
    """the organization's name, e.g. acme [3 to 40 characters; required]"""
    project: str | None = Field(default=None, pattern=r"^[0-9A-Za-z_ -]+$", min_length=3, max_length=40)
    """None: the organization's default project [3 to 40 characters; default None]"""
    hostname: str = Field(default="app.terraform.io", pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
    """another one for Enterprise, e.g. terraform.example.com [default 'app.terraform.io']"""
    # 90 characters in all, of which the longest <project>-<environment>-<stack> takes 50.
    workspace_prefix: str = Field(default="", pattern=r"^[0-9A-Za-z_-]*$", max_length=38)
    """workspaces are named <prefix><project>-<environment>-<stack>, e.g. ml-terrabatch-prod-queues [at most 38
    characters; default '']"""
    vcs: VcsRepository | None = None
    """None: runs are started from the command line [default None]"""
    terraform_version: str = Field(default="~> 1.10", pattern=r"^(~> )?1\.[1-9][0-9]+(\.[0-9]+)?$")
    """of the workspaces: one, e.g. 1.11.4, or the newest that is like it, ~> 1.11.0 [default '~> 1.10']"""
    outputs_only: bool = False
    """True: stacks read each other's outputs through the tfe provider, with a token that reads nothing else, and no
    state is shared [default False]"""
    team_access: dict[TeamName, Literal["admin", "plan", "read", "write"]] = Field(default_factory=dict)
    """what teams of the organization may do in the workspaces; write: start runs and approve them [each name 1 to 90
    characters; each value one of 'admin', 'plan', 'read', 'write'; default empty]"""

    def workspace(self, project: str, environment: str, stack: str) -> str:
        """Return the name of the workspace."""
        return f"{self.workspace_prefix}{project}-{environment}-{stack}"

    def url(self, project: str, environment: str, stack: str) -> str:
        """Return the page of the workspace."""
        workspaces = {"name": self.workspace(project, environment, stack)}
        return state_url(
            "cloud", {"hostname": self.hostname, "organization": self.organization, "workspaces": workspaces}
        )
