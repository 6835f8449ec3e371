import re

import botocore.session
import pytest

from modules.ecr.image import RepositoryImage
from modules.ecr.image_reference import REPOSITORY, ImageReference, is_cached, parse_image
from modules.ecs.settings.containers import FargateContainer
from modules.naming import AwsLocation
from modules.regions import REGIONS
from tests.problems import refused

DIGEST = f"sha256:{'0a' * 32}"
PRIVATE = "111122223333.dkr.ecr.us-east-1.amazonaws.com"


def hub(repository: str, tag: str | None = None, digest: str | None = None) -> ImageReference:
    return ImageReference("docker.io", repository, tag, digest, None)


@pytest.mark.parametrize(
    ("image", "reference"),
    [
        ("python", hub("library/python")),
        ("python:3.13", hub("library/python", "3.13")),
        ("docker.io/python", hub("library/python")),
        ("index.docker.io/team/embed", hub("team/embed")),
        ("team/embed:1", hub("team/embed", "1")),
        # What has neither dot nor port is no host, but for localhost.
        ("registry/team/embed", hub("registry/team/embed")),
        ("localhost/embed", ImageReference("localhost", "embed", None, None, None)),
        ("registry:5000/embed", ImageReference("registry:5000", "embed", None, None, None)),
        ("[::1]:5000/embed:1", ImageReference("[::1]:5000", "embed", "1", None, None)),
        ("embed:5000", hub("library/embed", "5000")),
        (f"a/b.c/d__e/f--g:1@{DIGEST}", hub("a/b.c/d__e/f--g", "1", DIGEST)),
        (f"embed@{DIGEST}", hub("library/embed", None, DIGEST)),
        (f"embed:{'x' * 128}", hub("library/embed", "x" * 128)),
        ("quay.io/a/b:_1.2-rc", ImageReference("quay.io", "a/b", "_1.2-rc", None, None)),
        ("public.ecr.aws/a/b", ImageReference("public.ecr.aws", "a/b", None, None, None)),
    ],
)
def test_an_image_has_the_parts_that_docker_finds_in_it(image: str, reference: ImageReference) -> None:
    assert parse_image(image) == reference


@pytest.mark.parametrize(
    ("registry", "region"),
    [
        (PRIVATE, "us-east-1"),
        ("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("111122223333.dkr-ecr.us-east-1.on.aws", "us-east-1"),
        ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1"),
        ("111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        ("111122223333.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
        ("111122223333.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"),
    ],
)
def test_a_private_registry_of_ecr_is_one_of_an_account_in_a_region(registry: str, region: str) -> None:
    assert parse_image(f"{registry}/team/embed:1") == ImageReference(
        registry, "team/embed", "1", None, AwsLocation(region, "111122223333")
    )


@pytest.mark.parametrize("region", REGIONS)
def test_the_registry_of_every_region_is_known(region: str) -> None:
    location = AwsLocation(region, "111122223333")
    reference = parse_image(f"111122223333.dkr.ecr.{region}.{location.domain}/embed")
    assert reference.location == location
    assert reference.is_behind_endpoint(region)


@pytest.mark.parametrize(
    ("image", "behind"),
    [
        (f"{PRIVATE}/embed", True),
        ("999999999999.dkr.ecr.us-east-1.amazonaws.com/embed", True),
        ("111122223333.dkr.ecr.us-west-2.amazonaws.com/embed", False),
        ("111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/embed", False),
        ("111122223333.dkr-ecr.us-east-1.on.aws/embed", False),
        ("public.ecr.aws/a/embed", False),
        ("embed", False),
    ],
)
def test_the_endpoint_answers_for_private_registries_of_its_region(image: str, behind: bool) -> None:
    assert parse_image(image).is_behind_endpoint("us-east-1") is behind


@pytest.mark.parametrize(
    ("image", "rule"),
    [
        ("", "repository"),
        ("/embed", "repository"),
        ("embed/", "repository"),
        ("a//b", "repository"),
        ("a..b", "repository"),
        ("a_-b", "repository"),
        ("a___b", "repository"),
        ("-a", "repository"),
        ("a-", "repository"),
        ("em bed", "repository"),
        ("größe", "repository"),
        ("Team/Embed", "lower case"),
        (f"{PRIVATE}/Embed:1", "lower case"),
        ("https://quay.io/a", "registry"),
        ("exa_mple.com/a", "registry"),
        ("-quay.io/a", "registry"),
        ("quay.io:x/a", "registry"),
        ("embed:", "tag"),
        ("embed:-1", "tag"),
        ("embed:.1", "tag"),
        (f"embed:{'x' * 129}", "tag"),
        ("embed:1 ", "tag"),
        ("embed@", "digest"),
        ("embed@sha256:0a", "digest"),
        (f"embed@{DIGEST.upper()}", "digest"),
        (f"embed@{DIGEST}0", "digest"),
        ("public.ecr.aws/python", "alias"),
        ("11112222333.dkr.ecr.us-east-1.amazonaws.com/embed", "account of 12 digits"),
        ("1111222233334.dkr.ecr.us-east-1.amazonaws.com/embed", "account of 12 digits"),
        (f"{PRIVATE.upper()}/embed", "account of 12 digits"),
        (f"{PRIVATE}:443/embed", "account of 12 digits"),
        ("111122223333.dkr.ecr.us-est-1.amazonaws.com/embed", "region"),
        ("111122223333.dkr.ecr.cn-north-1.amazonaws.com/embed", "domain amazonaws.com.cn"),
        ("111122223333.dkr.ecr.us-east-1.amazonaws.com.cn/embed", "domain amazonaws.com"),
        ("111122223333.dkr-ecr.us-east-1.amazonaws.com/embed", "domain on.aws"),
    ],
)
def test_an_image_that_nothing_could_pull_is_refused(image: str, rule: str) -> None:
    with pytest.raises(ValueError, match=re.escape(rule)):
        parse_image(image)


def test_a_container_says_what_is_wrong_with_its_image() -> None:
    assert refused(FargateContainer, image="Team/Embed:1") == ["image: got 'Team/Embed:1'"]


def test_an_image_has_as_many_characters_as_batch_and_ecs_take() -> None:
    longest = "quay.io/a/" + "b" * 245
    assert FargateContainer(image=longest).image == longest
    assert refused(FargateContainer, image=f"{longest}b")[0].startswith("image: 255, got ")


def test_a_repository_is_named_as_in_the_model_of_ecr() -> None:
    model = botocore.session.get_session().get_service_model("ecr")
    theirs = re.compile(model.shape_for("RepositoryName").metadata["pattern"])
    for name in ("a", "a/b", "a.b", "a_b", "a__b", "a--b", "a___b", "a..b", "A", "a/", "/a", "-a", "a-", "a._b", "1"):
        assert bool(REPOSITORY.fullmatch(name)) is bool(theirs.fullmatch(name)), name


@pytest.mark.parametrize("tag", ["1", "_x", "a" * 128, "1.2-rc_3"])
def test_a_tag_of_an_own_repository_is_one_of_the_grammar(tag: str) -> None:
    assert RepositoryImage(repository="embed", tag=tag).tag == tag


@pytest.mark.parametrize("tag", ["", "-x", ".x", "a" * 129, "a b", "ä"])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    assert refused(RepositoryImage, repository="embed", tag=tag)[0].startswith("tag: ")


@pytest.mark.parametrize(
    ("repository", "prefixes", "cached"),
    [
        ("docker-hub/library/python", ["docker-hub"], True),
        ("docker-hub/library/python", ["docker-hub/"], True),
        ("docker-hub/library/python", ["docker-hub/library"], True),
        ("docker-hub-of-ours/python", ["docker-hub"], False),
        ("docker-hub", ["docker-hub"], False),
        ("embed", ["ROOT"], True),
        ("embed", [], False),
    ],
)
def test_a_cache_fills_what_is_below_its_prefix(repository: str, prefixes: list[str], cached: bool) -> None:
    assert is_cached(repository, prefixes) is cached
