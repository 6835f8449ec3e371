import json
from typing import Any

import pytest
from cdktf import TerraformOutput, TerraformStack

from modules.ecr.repository import Repository
from modules.ecr.settings import RepositorySettings
from modules.iam.workload_role import WorkloadRole
from modules.kms.settings import NewKmsKey
from modules.naming import AwsLocation
from modules.problems import SettingsError
from tests.conftest import Synthesized
from tests.policies import findings, statements
from tests.problems import refused

NAME = "terrabatch-test-embedder"
DIGEST = "sha256:" + "0123456789abcdef" * 4
PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def made(stack: TerraformStack, location: AwsLocation, **settings: Any) -> Repository:
    return Repository(stack, "embedder", name=NAME, settings=RepositorySettings(**settings), location=location)


def reference(stack: TerraformStack, attribute: str) -> str:
    (id_,) = Synthesized(stack).document["resource"]["aws_ecr_repository"]
    return f"${{aws_ecr_repository.{id_}.{attribute}}}"


def test_by_default_a_repository_is_encrypted_scanned_and_immutable(
    stack: TerraformStack, location: AwsLocation
) -> None:
    made(stack, location)
    synthesized = Synthesized(stack)
    assert synthesized.types() == ["aws_ecr_lifecycle_policy", "aws_ecr_repository"]
    assert synthesized.one("aws_ecr_repository") == {
        "name": NAME,
        "encryption_configuration": [{"encryption_type": "AES256"}],
        "image_scanning_configuration": {"scan_on_push": True},
        "image_tag_mutability": "IMMUTABLE",
    }


def test_each_protection_can_be_taken_away(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, immutable_tags=False, scan_on_push=False, force_delete=True, tags={"team": "vision"})
    assert Synthesized(stack).one("aws_ecr_repository") == {
        "name": NAME,
        "encryption_configuration": [{"encryption_type": "AES256"}],
        "image_scanning_configuration": {"scan_on_push": False},
        "image_tag_mutability": "MUTABLE",
        "force_delete": True,
        "tags": {"team": "vision"},
    }


def test_a_protected_repository_and_its_key_cannot_be_destroyed(stack: TerraformStack, location: AwsLocation) -> None:
    settings = RepositorySettings(kms_key=NewKmsKey())
    Repository(stack, "embedder", name=NAME, settings=settings, location=location, prevent_destroy=True)
    synthesized = Synthesized(stack)
    for type_ in ("aws_ecr_repository", "aws_kms_key"):
        assert synthesized.one(type_)["lifecycle"] == {"prevent_destroy": True}


UNTAGGED = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 3}
ANY = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 7}


@pytest.mark.parametrize(
    ("keep", "days", "selections"), [(7, 3, [UNTAGGED, ANY]), (7, None, [ANY]), (None, 3, [UNTAGGED])]
)
def test_the_rule_for_any_image_comes_last(
    stack: TerraformStack, location: AwsLocation, keep: int | None, days: int | None, selections: list[dict[str, Any]]
) -> None:
    made(stack, location, keep_images=keep, untagged_expire_after_days=days)
    policy = Synthesized(stack).one("aws_ecr_lifecycle_policy")
    assert policy["repository"] == reference(stack, "name")
    expected = {
        "rules": [
            {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}
            for priority, selection in enumerate(selections, start=1)
        ]
    }
    assert policy["policy"] == json.dumps(expected, sort_keys=True, separators=(",", ":"))
    assert 100 <= len(policy["policy"]) <= 30_720


def test_every_image_can_be_kept(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, keep_images=None, untagged_expire_after_days=None)
    assert Synthesized(stack).types() == ["aws_ecr_repository"]


@pytest.mark.parametrize(
    ("accounts", "principals"),
    [
        (("444455556666",), "arn:aws:iam::444455556666:root"),
        (
            ("777788889999", "444455556666"),
            ["arn:aws:iam::444455556666:root", "arn:aws:iam::777788889999:root"],
        ),
    ],
)
def test_other_accounts_may_pull_and_do_nothing_else(
    stack: TerraformStack, location: AwsLocation, accounts: tuple[str, ...], principals: Any
) -> None:
    made(stack, location, pull_accounts=accounts)
    document = Synthesized(stack).one("aws_ecr_repository_policy")["policy"]
    assert statements(document) == {
        "PullFromOtherAccounts": {"Effect": "Allow", "Principal": {"AWS": principals}, "Action": PULL}
    }
    # A policy of a repository has no resource; parliament knows only policies that have.
    assert findings(document) == {"MALFORMED: Statement contains neither Resource nor NotResource"}


def test_a_grant_is_to_pull_from_this_repository(stack: TerraformStack, location: AwsLocation) -> None:
    role = WorkloadRole(
        stack, "role", name="role", services=["ecs-tasks.amazonaws.com"], account_id=None, description="a job"
    )
    made(stack, location).grant_pull(role)
    document = Synthesized(stack).one("aws_iam_role_policy")["policy"]
    assert statements(document) == {
        "PullImages": {"Effect": "Allow", "Action": PULL, "Resource": reference(stack, "arn")},
        "LogInToRegistry": {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
    }
    assert findings(document) == set()


@pytest.mark.parametrize(
    ("image", "suffix"), [("v1", ":v1"), ("_1.2-rc", ":_1.2-rc"), ("x" * 128, ":" + "x" * 128), (DIGEST, "@" + DIGEST)]
)
def test_an_image_is_named_by_tag_or_digest(
    stack: TerraformStack, location: AwsLocation, image: str, suffix: str
) -> None:
    TerraformOutput(stack, "image", value=made(stack, location).image_uri(image))
    assert Synthesized(stack).document["output"]["image"]["value"] == reference(stack, "repository_url") + suffix


@pytest.mark.parametrize("image", ["", "-v1", "v 1", "x" * 129, "sha256:abc", "a/b:v1", "größe"])
def test_what_is_neither_is_refused(stack: TerraformStack, location: AwsLocation, image: str) -> None:
    repository = made(stack, location)
    assert refused(repository.image_uri, tag_or_digest=image) == [f"image: got {image!r}"]


def test_a_key_of_its_own_has_an_alias_of_its_own(stack: TerraformStack, location: AwsLocation) -> None:
    made(stack, location, kms_key=NewKmsKey())
    synthesized = Synthesized(stack)
    (key,) = synthesized.document["resource"]["aws_kms_key"]
    assert synthesized.one("aws_ecr_repository")["encryption_configuration"] == [
        {"encryption_type": "KMS", "kms_key": f"${{aws_kms_key.{key}.arn}}"}
    ]
    assert synthesized.one("aws_kms_alias")["name"] == f"alias/ecr/{NAME}"


def test_a_name_that_ecr_refuses_is_refused_first(stack: TerraformStack, location: AwsLocation) -> None:
    with pytest.raises(SettingsError, match="at most 256 characters, got 257"):
        Repository(stack, "embedder", name="x" * 257, settings=RepositorySettings(), location=location)
