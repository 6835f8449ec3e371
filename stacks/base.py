"""What every stack has in common: provider, default tags, backend, Terraform version, names, outputs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from cdktf import TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderAssumeRole, AwsProviderDefaultTags
from constructs import Construct

from modules.naming import AwsLocation
from modules.terraform_literal import terraform_literal
from stacks.backend import attach_backend
from stacks.environment import Environment

# S3's own state lock is there since 1.10; OpenTofu counts alike.
TERRAFORM_VERSION = ">= 1.10.0, < 2.0.0"


class PlatformStack(TerraformStack):
    """Define one Terraform root module of an environment, named ``<environment>-<part>``."""

    part: ClassVar[str]

    def __init__(self, scope: Construct, environment: Environment) -> None:
        name = f"{environment.name}-{self.part}"
        super().__init__(scope, name)
        self.environment = environment
        self.location: AwsLocation = environment.location
        role = environment.deployment_role_arn
        AwsProvider(
            self,
            "aws",
            region=environment.region,
            # A deployment with another account's credentials stops before it changes anything.
            allowed_account_ids=[environment.account_id],
            assume_role=[AwsProviderAssumeRole(role_arn=role)] if role else None,
            default_tags=[AwsProviderDefaultTags(tags=dict(sorted(environment.all_tags.items())))],
        )
        attach_backend(self, name, environment.state)
        self.add_override("terraform.required_version", TERRAFORM_VERSION)

    def add_output(self, name: str, description: str, value: Mapping[str, Any] | str) -> None:
        """Define an output, unless there is nothing in it."""
        if value:
            TerraformOutput(self, name, description=description, value=terraform_literal(value))
