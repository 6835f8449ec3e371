"""An ECR repository with its lifecycle policy, the policy for other accounts, and its key."""

from typing import Any

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy
from constructs import Construct

from modules import arns
from modules.canonical_json import canonical_json
from modules.defaults import default_location, default_name
from modules.ecr.image_reference import DIGEST, is_tag
from modules.ecr.pull import PULL, pull_statements
from modules.ecr.settings import RepositorySettings
from modules.iam.policy import policy_document
from modules.iam.workload_role import WorkloadRole
from modules.kms.encryption_key import define_key
from modules.names import require_name
from modules.naming import AwsLocation
from modules.problems import Problem, SettingsError


class Repository(Construct):
    """Define an ECR repository. ``repository_name``, ``repository_arn`` and ``repository_url`` are tokens.

    ``registry_uri`` is the text that the latter will be; ``expires_replaced_images`` is that of the settings.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: RepositorySettings,
        name: str | None = None,
        location: AwsLocation | None = None,
        prevent_destroy: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        name, location = default_name(scope, id_, name), default_location(scope, location)
        self.expires_replaced_images = settings.expires_replaced_images
        self.registry_uri = arns.repository_uri(location, name)
        require_name("repository", name)
        # The alias of a queue of the same short name is the name alone.
        key = define_key(
            self,
            settings.kms_key,
            name=f"ecr/{name}",
            location=location,
            prevent_destroy=prevent_destroy,
            outlived=False,  # with another key it is another repository
        )
        self.repository = EcrRepository(
            self,
            "Resource",
            name=name,
            image_tag_mutability="IMMUTABLE" if settings.immutable_tags else "MUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=settings.scan_on_push),
            encryption_configuration=[
                EcrRepositoryEncryptionConfiguration(
                    encryption_type="KMS" if key else "AES256", kms_key=key.key_arn if key else None
                )
            ],
            force_delete=settings.force_delete or None,
            tags=settings.tags or None,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if prevent_destroy else None,
        )
        self.repository_name, self.repository_arn = self.repository.name, self.repository.arn
        self.repository_url = self.repository.repository_url
        if rules := _expiry_rules(settings):
            policy = canonical_json({"rules": rules})
            EcrLifecyclePolicy(self, "lifecycle-policy", repository=self.repository_name, policy=policy)
        self._allow_pull(settings, location)

    def grant_pull(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` pull images of this repository."""
        grantee.add_policy(f"pull-{self.node.id}", pull_statements([self.repository_arn]))

    def image_uri(self, tag_or_digest: str) -> str:
        """Return how a container names an image of this repository: by its tag, or by its digest (``sha256:…``)."""
        if DIGEST.fullmatch(tag_or_digest):
            return f"{self.repository_url}@{tag_or_digest}"
        if is_tag(tag_or_digest):
            return f"{self.repository_url}:{tag_or_digest}"
        reason = "a digest always names the same image, an immutable tag as long as the image is kept"
        raise SettingsError(
            "repositories", [Problem("image", "be a tag or a sha256 digest", repr(tag_or_digest), reason)]
        )

    def _allow_pull(self, settings: RepositorySettings, location: AwsLocation) -> None:
        if settings.pull_accounts:
            accounts = [arns.account_root(location, account) for account in sorted(settings.pull_accounts)]
            principal = {"AWS": accounts[0] if len(accounts) == 1 else accounts}
            # The policy of a repository is about that repository: it has no resource element.
            statement = {
                "Sid": "PullFromOtherAccounts",
                "Effect": "Allow",
                "Principal": principal,
                "Action": list(PULL),
            }
            EcrRepositoryPolicy(self, "policy", repository=self.repository_name, policy=policy_document([statement]))


def _expiry_rules(settings: RepositorySettings) -> list[dict[str, Any]]:
    """Return the rules of the lifecycle policy; the one for any image must come last."""
    rules: list[dict[str, Any]] = []
    if settings.untagged_expire_after_days is not None:
        days = settings.untagged_expire_after_days
        rules.append(
            {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
        )
    if settings.keep_images is not None:
        rules.append({"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": settings.keep_images})
    return [
        {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}
        for priority, selection in enumerate(rules, start=1)
    ]
