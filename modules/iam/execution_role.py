"""The role that ECS and Batch start containers with: pull the image, write the logs, read the secrets.

The managed policy for this lets a role pull every image and write every log group of the account. This one names them.
"""

import re
from collections.abc import Iterable, Sequence

from modules.iam.policy import Statement, allow
from modules.iam.secret_settings import SecretSettings, secret_statements

# <account>.dkr.ecr.<region>.amazonaws.com[.cn]/<repository>[:tag][@digest]
ECR_IMAGE = re.compile(r"^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?/([^:@]+)")


def execution_statements(
    *, images: Iterable[str], log_group_arns: Sequence[str], secrets: Iterable[SecretSettings], partition: str
) -> list[Statement]:
    """Return what an execution role needs for these images (public ones need nothing), log groups and secrets."""
    repositories = sorted(_repository_arns(images, partition))
    logs = [f"{arn}:*" for arn in log_group_arns]
    return [
        *(_pull(repositories) if repositories else ()),
        *([allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], logs)] if logs else ()),
        *secret_statements(secrets),
    ]


def _pull(repositories: Sequence[str]) -> list[Statement]:
    actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    return [
        # A login token is for the whole registry: the action takes no resource.
        allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], "*"),
        allow("PullImages", actions, repositories),
    ]


def _repository_arns(images: Iterable[str], partition: str) -> set[str]:
    matches = filter(None, map(ECR_IMAGE.match, images))
    return {f"arn:{partition}:ecr:{match[2]}:{match[1]}:repository/{match[4]}" for match in matches}
