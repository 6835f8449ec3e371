"""Secrets that a container gets as environment variables, and the permission to read exactly these.

ECS and Batch take the same references, and both read them with the execution role before the container starts.

Source: Secret in the ECS and Batch API references.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules import arns
from modules.arn_parts import arn_parts
from modules.checks import never_with
from modules.iam.policy import Statement, allow
from modules.kms.permissions import DECRYPT, through_service
from modules.kms.settings import KmsKeyArn
from modules.markers import ArnOf
from modules.naming import AwsLocation
from modules.settings import Settings


class SecretSettings(Settings, abstract=True):
    """Base of the kinds of secret."""

    kms_key_arn: Annotated[KmsKeyArn | None, ArnOf("key")] = None
    """None: the service's own key; else the key that encrypts it, not its alias [default None]"""

    @abstractmethod
    def value_from(self) -> str:
        """Return the reference as ``valueFrom`` takes it."""


SecretArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[0-9A-Za-z_/+=.@-]+-[0-9A-Za-z]{6}$"
    ),
    ArnOf("secret"),
]


class SecretsManagerSecret(SecretSettings):
    """A secret of Secrets Manager, or one key of it where it is a JSON document."""

    secret_arn: SecretArn
    """the whole ARN, with the six characters that Secrets Manager appends [required]"""
    json_key: str | None = Field(default=None, min_length=1, pattern=r"^[^:]+$")
    """None: the whole text, else the value of this key [at least 1 character; default None]"""
    version_stage: str | None = Field(default=None, pattern=r"^[^:]{1,256}$")
    """e.g. AWSPREVIOUS; None: AWSCURRENT when the container starts [default None]"""
    version_id: str | None = Field(default=None, pattern=r"^[0-9A-Za-z-]{32,64}$")
    """pins one version; a rotation then changes nothing [default None]"""

    check_version: ClassVar = never_with("version_id", "version_stage", "each of the two chooses a version")

    def value_from(self) -> str:
        """Return ``<arn>``, or ``<arn>:<key>:<stage>:<id>`` where any of the three is given."""
        parts = (self.json_key, self.version_stage, self.version_id)
        return ":".join((self.secret_arn, *(part or "" for part in parts))) if any(parts) else self.secret_arn


class SsmParameterSecret(SecretSettings):
    """A parameter of Systems Manager, usually a SecureString."""

    parameter_arn: Annotated[str, ArnOf("parameter")] = Field(
        pattern=r"^arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter/[0-9A-Za-z_./-]+$"
    )
    """the parameter's ARN [required]"""

    def value_from(self) -> str:
        """Return the ARN."""
        return self.parameter_arn


class NamedSsmParameter(SecretSettings):
    """A parameter of Systems Manager in the environment's own account and region, by its name."""

    parameter_name: str = Field(pattern=r"^/?[0-9A-Za-z_.-]+(/[0-9A-Za-z_.-]+)*$", max_length=1_011)
    """e.g. /ml/prod/session-key [at most 1,011 characters; required]"""

    def value_from(self) -> str:
        """Return the name."""
        return self.parameter_name


class RepositoryCredentials(Settings):
    """User name and password of a private registry, as a secret of Secrets Manager with these two keys.

    Source: RepositoryCredentials in the ECS and Batch API references.
    """

    secret_arn: SecretArn
    """the whole ARN, with the six characters that Secrets Manager appends [required]"""
    kms_key_arn: Annotated[KmsKeyArn | None, ArnOf("key")] = None
    """None: the service's own key; else the key that encrypts it, not its alias [default None]"""

    def secret(self) -> SecretsManagerSecret:
        """Return the secret that AWS reads before it pulls the image."""
        return SecretsManagerSecret(secret_arn=self.secret_arn, kms_key_arn=self.kms_key_arn)


def secret_statements(secrets: Iterable[SecretSettings], location: AwsLocation) -> list[Statement]:
    """Return the statements that let an execution role read exactly ``secrets``; none for no secrets."""
    kept = list(secrets)
    managed = [(item.secret_arn, item.kms_key_arn) for item in kept if isinstance(item, SecretsManagerSecret)]
    parameters = [(item.parameter_arn, item.kms_key_arn) for item in kept if isinstance(item, SsmParameterSecret)]
    parameters += [
        (arns.parameter(location, item.parameter_name.removeprefix("/")), item.kms_key_arn)
        for item in kept
        if isinstance(item, NamedSsmParameter)
    ]
    return [
        *_read_statements("Secrets", "secretsmanager", "secretsmanager:GetSecretValue", managed),
        *_read_statements("Parameters", "ssm", "ssm:GetParameters", parameters),
    ]


def _read_statements(
    things: str, service: str, action: str, arns: Sequence[tuple[str, str | None]]
) -> Iterator[Statement]:
    """Yield the permission to ``action`` on each of ``arns``, and to have ``service`` decrypt with its key."""
    if arns:
        yield allow(f"Read{things}", [action], sorted({arn for arn, _ in arns}))
    if keys := sorted({key for _, key in arns if key}):
        yield allow(
            f"Decrypt{things}",
            DECRYPT,
            keys,
            condition=through_service(service, (arn_parts(key).region for key in keys)),
        )
