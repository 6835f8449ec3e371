"""The permissions to pull images from ECR, the same for every role. Plain data.

Source: "IAM permissions required to sync an upstream registry" in the ECR user guide, for what a cache asks for.
"""

from collections.abc import Iterable, Mapping, Sequence

from modules import arns
from modules.ecr.image import Image, image_uri
from modules.ecr.image_reference import is_cached, parse_image
from modules.iam.policy import Statement, allow
from modules.naming import AwsLocation

PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
IMPORT = ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")


def pull_statements(repository_arns: Sequence[str], cache_arns: Sequence[str] = ()) -> list[Statement]:
    """Return the permission to pull from these repositories, and to fill those of a pull-through cache."""
    if not repository_arns:
        return []
    return [
        # The token is for a whole registry and opens nothing by itself: the action takes no resource.
        allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], "*"),
        allow("PullImages", PULL, repository_arns),
        *([allow("ImportUpstreamImages", IMPORT, cache_arns)] if cache_arns else []),
    ]


def image_statements(
    images: Iterable[Image], repository_uris: Mapping[str, str], pull_through_prefixes: Iterable[str]
) -> list[Statement]:
    """Return the permission to pull these images; those outside of ECR need none.

    The environment's own repositories are there before anything is pulled: no cache fills them.
    """
    pulled, cached = set(), set()
    for image in images:
        reference = parse_image(image_uri(image, repository_uris))
        if reference.location is not None:
            arn = arns.repository(reference.location, reference.repository)
            pulled.add(arn)
            if isinstance(image, str) and is_cached(reference.repository, pull_through_prefixes):
                cached.add(arn)
    return pull_statements(sorted(pulled), sorted(cached))


def cache_statements(location: AwsLocation, prefixes: Iterable[str]) -> list[Statement]:
    """Return the permission to fill pull-through caches with anything, for nodes that pull whatever pods ask for."""
    names = ["*" if prefix == "ROOT" else f"{prefix.rstrip('/')}/*" for prefix in prefixes]
    repositories = [arns.repository(location, name) for name in names]
    return [allow("ImportUpstreamImages", IMPORT, repositories)] if repositories else []
