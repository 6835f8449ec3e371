"""The grammar of image references, and where one of ECR leads. Pure: no constructs.

Source: the grammar of the Distribution project's package "reference", which Docker and containerd read images with;
RepositoryName in the ECR API model; "Private registries" and "Public registries" in the ECR user guides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from modules import arns
from modules.naming import AwsLocation
from modules.regions import region_fix

COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
REPOSITORY = re.compile(rf"{COMPONENT}(?:/{COMPONENT})*")
TAG = re.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*")
MAX_TAG_LENGTH = 128
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
REGISTRY = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?")
IMAGE = rf"^(?:{REGISTRY.pattern}/)?{REPOSITORY.pattern}(?::{TAG.pattern})?(?:@{DIGEST.pattern})?$"

DOCKER_HUB = "docker.io"
ECR_PUBLIC = "public.ecr.aws"
# Hosts of the two kinds: of IPv4 alone in the domain of the partition, and dual-stack in a domain of its own.
ECR_HOST = re.compile(r"([0-9]{12})\.dkr(?:\.ecr|-ecr)(?:-fips)?\.([a-z0-9-]+)\.([a-z0-9.-]+)")
DUAL_STACK = {"aws-cn": "on.amazonwebservices.com.cn"}
ECR_EXAMPLE = "e.g. 111122223333.dkr.ecr.us-east-1.amazonaws.com/embed:1"


@dataclass(frozen=True)
class ImageReference:
    """An image by its parts. ``location`` is that of the ECR registry it is in, None where it is in none."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None
    location: AwsLocation | None

    def is_behind_endpoint(self, region: str) -> bool:
        """Return whether the endpoint ``ecr.dkr`` of a VPC in ``region`` answers under the registry's name."""
        if self.location is None or self.location.region != region:
            return False
        return arns.repository_uri(self.location, self.repository) == f"{self.registry}/{self.repository}"


def parse_image(text: str) -> ImageReference:
    """Return the parts of ``[registry[:port]/]repository[:tag][@digest]``.

    Raises ValueError with the rule that it breaks, and how to fix it.
    """
    name, at, digest = text.partition("@")
    folder, slash, last = name.rpartition("/")
    last, colon, tag = last.partition(":")
    registry, repository = _split(f"{folder}{slash}{last}")
    if not REGISTRY.fullmatch(registry):
        raise ValueError("name a registry by its host, and by its port where it has one", f"{registry!r} is not one")
    if not REPOSITORY.fullmatch(repository):
        if REPOSITORY.fullmatch(repository.lower()):
            raise ValueError(
                "have a repository in lower case", f"registries allow no upper case; did you mean {repository.lower()}?"
            )
        raise ValueError("be [registry[:port]/]repository[:tag][@digest]", ECR_EXAMPLE)
    if colon and not is_tag(tag):
        rule = f"have a tag of at most {MAX_TAG_LENGTH} letters, digits, _, . and -"
        raise ValueError(rule, "it begins with a letter, a digit or _")
    if at and not DIGEST.fullmatch(digest):
        raise ValueError("have a digest of sha256: and 64 hexadecimal digits in lower case", f"{digest!r} is not one")
    if registry == ECR_PUBLIC and "/" not in repository:
        raise ValueError("name the alias of a public registry", f"e.g. {ECR_PUBLIC}/docker/library/{repository}")
    return ImageReference(registry, repository, tag or None, digest or None, _location(registry))


def is_tag(text: str) -> bool:
    """Return whether ``text`` can be the tag of an image."""
    return len(text) <= MAX_TAG_LENGTH and TAG.fullmatch(text) is not None


def is_cached(repository: str, prefixes: Iterable[str]) -> bool:
    """Return whether a pull-through cache rule of one of ``prefixes`` fills ``repository``; ROOT fills any."""
    return any(prefix == "ROOT" or repository.startswith(f"{prefix.rstrip('/')}/") for prefix in prefixes)


def _split(path: str) -> tuple[str, str]:
    """Return registry and repository; what Docker takes for a host has a dot or a port, or is localhost."""
    host, slash, rest = path.partition("/")
    if slash and (host == "localhost" or not {".", ":"}.isdisjoint(host)):
        registry, repository = DOCKER_HUB if host == "index.docker.io" else host, rest
    else:
        registry, repository = DOCKER_HUB, path
    return registry, f"library/{repository}" if registry == DOCKER_HUB and "/" not in repository else repository


def _location(registry: str) -> AwsLocation | None:
    """Return the region and account of a private ECR registry; what only looks like one is refused."""
    if not re.search(r"\bdkr[.-]ecr", registry, re.IGNORECASE):
        return None
    match = ECR_HOST.fullmatch(registry)
    if match is None:
        raise ValueError("name a registry of ECR by its account of 12 digits, in lower case, without port", ECR_EXAMPLE)
    location = AwsLocation(region=match[2], account_id=match[1])
    if fix := region_fix(location.region):
        raise ValueError("name a region of AWS", fix)
    domain = DUAL_STACK.get(location.partition, "on.aws") if ".dkr-ecr" in registry else location.domain
    if match[3] != domain:
        raise ValueError(f"name ECR in {location.region} in the domain {domain}", f"{match[3]!r} is of another part")
    return location
