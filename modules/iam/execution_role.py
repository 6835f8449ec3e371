"""The role that ECS and Batch start containers with: pull the image, write the logs, read the secrets.

The managed policy for this lets a role pull every image and write every log group of the account. This one names them.
"""

from collections.abc import Iterable, Mapping, Sequence

from modules.ecr.image import Image
from modules.ecr.pull import image_statements
from modules.iam.policy import Statement, allow
from modules.iam.secret_settings import SecretSettings, secret_statements
from modules.naming import AwsLocation


def execution_statements(
    *,
    images: Iterable[Image],
    repository_uris: Mapping[str, str],
    pull_through_prefixes: Sequence[str],
    log_group_arns: Sequence[str],
    secrets: Iterable[SecretSettings],
    location: AwsLocation,
) -> list[Statement]:
    """Return what an execution role needs for these images, log groups and secrets."""
    logs = [f"{arn}:*" for arn in log_group_arns]
    return [
        *image_statements(images, repository_uris, pull_through_prefixes),
        *([allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], logs)] if logs else ()),
        *secret_statements(secrets, location),
    ]
