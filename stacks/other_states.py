"""Backends that are not AWS's: over HTTP as GitLab has it, at Google, at Azure, or named only when Terraform starts.

Source: "Backend Type: http", "gcs" and "azurerm", and "Partial configuration", in the Terraform documentation.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from modules.markers import Production, given_in_production
from modules.problems import Problem, format_value
from modules.settings import Settings
from stacks.state import RELATIVE_PATH, StateSettings, state_url

UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
ENCRYPTED = Production(
    lambda address: str(address).startswith("https://"), "begin with https://", "states hold secrets, in plain text"
)


class HttpLock(Settings):
    """How a state over HTTP is locked while somebody writes it; the defaults are GitLab's."""

    path: str = Field(default="lock", pattern=RELATIVE_PATH)
    """what follows the address of the state [default 'lock']"""
    method: Literal["LOCK", "POST", "PUT"] = "POST"
    """that takes the lock [one of 'LOCK', 'POST', 'PUT'; default 'POST']"""
    unlock_method: Literal["DELETE", "POST", "PUT", "UNLOCK"] = "DELETE"
    """that gives it back [one of 'DELETE', 'POST', 'PUT', 'UNLOCK'; default 'DELETE']"""


class HttpState(StateSettings):
    """States over HTTP, such as GitLab keeps them. TF_HTTP_USERNAME and TF_HTTP_PASSWORD say who asks."""

    address: Annotated[str, ENCRYPTED] = Field(pattern=r"^https?://[^\s/?#]+(/[^\s/?#]+)*$")
    """states lie at <address>/<project>-<environment>-<stack>, e.g.
    https://gitlab.example.com/api/v4/projects/42/terraform/state [required; must begin with https:// in production]"""
    lock: Annotated[HttpLock | None, given_in_production("two at a time would overwrite each other's state")] = Field(
        default_factory=HttpLock
    )
    """None: nothing keeps two from writing at once [default HttpLock(); must be given in production]"""

    def url(self, project: str, environment: str, stack: str) -> str:
        """Return the address of the state."""
        return state_url("http", {"address": f"{self.address}/{project}-{environment}-{stack}"})


class GcsState(StateSettings):
    """A bucket of Google Cloud Storage, which locks by itself. The bucket has to exist."""

    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*[a-z0-9]$", min_length=3, max_length=63)
    """the bucket's name, e.g. acme-terraform-state [3 to 63 characters; required]"""
    key_prefix: str | None = Field(default=None, pattern=RELATIVE_PATH)
    """states lie at <key_prefix>/<project>/<environment>/<stack>/default.tfstate [default None]"""
    kms_encryption_key: str | None = Field(
        default=None, pattern=r"^projects/[^/\s]+/locations/[^/\s]+/keyRings/[^/\s]+/cryptoKeys/[^/\s]+$"
    )
    """None: the bucket's own encryption; e.g. projects/acme/locations/eu/keyRings/terraform/cryptoKeys/state [default
    None]"""
    impersonate_service_account: str | None = Field(
        default=None, pattern=r"^[a-z0-9-]+@[a-z0-9.-]+\.iam\.gserviceaccount\.com$"
    )
    """used to reach the bucket, e.g. terraform@acme.iam.gserviceaccount.com [default None]"""

    def prefix(self, project: str, environment: str, stack: str) -> str:
        """Return the folder of the state."""
        return _joined(self.key_prefix, project, environment, stack)

    def url(self, project: str, environment: str, stack: str) -> str:
        """Return bucket and object."""
        return state_url("gcs", {"bucket": self.bucket, "prefix": self.prefix(project, environment, stack)})


class AzureState(StateSettings):
    """A container of Azure Blob Storage, which locks by itself. Storage account and container have to exist."""

    storage_account_name: str = Field(pattern=r"^[a-z0-9]+$", min_length=3, max_length=24)
    """e.g. acmeterraform [3 to 24 characters; required]"""
    container_name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=3, max_length=63)
    """of the storage account, e.g. states [3 to 63 characters; required]"""
    key_prefix: str | None = Field(default=None, pattern=RELATIVE_PATH)
    """states lie at <key_prefix>/<project>/<environment>/<stack>.tfstate [default None]"""
    use_entra_id: bool = True
    """False: with the access key of the storage account, which opens all of it [default True]"""
    resource_group_name: str | None = Field(default=None, pattern=r"^[0-9A-Za-z_().-]*[0-9A-Za-z_()-]$", max_length=90)
    """of the storage account, whose access key is looked up there, e.g. platform [at most 90 characters; default
    None]"""
    subscription_id: str | None = Field(default=None, pattern=UUID)
    """of the resource group; None: as ARM_SUBSCRIPTION_ID says [default None]"""
    tenant_id: str | None = Field(default=None, pattern=UUID)
    """None: as ARM_TENANT_ID or the Azure CLI says [default None]"""

    def check_resource_group(self) -> Iterator[Problem]:
        """Check that the resource group is there where it is used, and nowhere else."""
        if not self.use_entra_id and self.resource_group_name is None:
            reason = "the access key of the storage account is looked up in it"
            yield Problem("resource_group_name", "be given where use_entra_id is False", None, reason)
        for name in ("resource_group_name", "subscription_id"):
            if self.use_entra_id and (given := getattr(self, name)) is not None:
                reason = "with Microsoft Entra ID it is not used"
                yield Problem(name, "be left out where use_entra_id is True", format_value(given), reason)

    def key(self, project: str, environment: str, stack: str) -> str:
        """Return the name of the blob."""
        return f"{_joined(self.key_prefix, project, environment, stack)}.tfstate"

    def url(self, project: str, environment: str, stack: str) -> str:
        """Return account, container and blob."""
        place = {"storage_account_name": self.storage_account_name, "container_name": self.container_name}
        return state_url("azurerm", place | {"key": self.key(project, environment, stack)})


class NoState(StateSettings):
    """A backend of which only the place of each state is written down; the rest comes with -backend-config.

    Stacks that read others take the same values in the variable ``state``. ``TF_CLI_ARGS_init`` and ``TF_VAR_state``
    hand both to ``main.py deploy``.
    """

    backend: Literal["azurerm", "gcs", "s3"] = "s3"
    """what kind it is [one of 'azurerm', 'gcs', 's3'; default 's3']"""
    key_prefix: str | None = Field(default=None, pattern=RELATIVE_PATH)
    """states lie at <key_prefix>/<project>/<environment>/<stack> [default None]"""

    def block(self, project: str, environment: str, stack: str) -> Mapping[str, str]:
        """Return the argument that tells the state of one stack from those of others."""
        place = _joined(self.key_prefix, project, environment, stack)
        return {"prefix": place} if self.backend == "gcs" else {"key": f"{place}.tfstate"}

    def url(self, project: str, environment: str, stack: str) -> str:
        """Return the place, in whatever is named then."""
        return state_url(self.backend, self.block(project, environment, stack))


def _joined(*parts: str | None) -> str:
    return "/".join(filter(None, parts))
