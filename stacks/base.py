"""What every stack has in common: provider, default tags, backend, Terraform version, names, outputs."""

from collections.abc import Mapping
from typing import Any

from cdktf import TerraformLocal, TerraformOutput
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderAssumeRole, AwsProviderDefaultTags
from constructs import Construct

from modules.iam.account_rules import AccountStack, IamRules
from modules.iam.existing_role import required_policies
from modules.naming import AwsLocation
from modules.terraform_literal import terraform_literal
from stacks.backend import attach_backend, outputs_of, read_outputs
from stacks.environment import Environment
from stacks.manifest import APPLIED_AFTER, WAIVERS
from stacks.state import HcpTerraformState

# S3's own state lock is there since 1.10; OpenTofu counts alike.
TERRAFORM_VERSION = ">= 1.10.0, < 2.0.0"


class PlatformStack(AccountStack):
    """Define one Terraform root module of an environment, named ``<environment>-<name>``."""

    def __init__(self, scope: Construct, environment: Environment, name: str) -> None:
        super().__init__(scope, f"{environment.name}-{name}")
        self.environment = environment
        self.location: AwsLocation = environment.location
        self.iam = IamRules(environment.iam_path, environment.permissions_boundary_arn)
        self.log_kms_key_arn = environment.log_kms_key_arn
        self._name = name
        self._scopes: dict[str, Construct] = {}
        self._sources: list[PlatformStack] = []
        self._applied_after: set[str] = set()
        self._read_values: dict[str, str] = {}
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
        self._backend = attach_backend(self, environment.state, (environment.project, environment.name, name))
        self.add_override("terraform.required_version", TERRAFORM_VERSION)
        if environment.production_waivers:
            self.add_override(f"//.{WAIVERS}", dict(sorted(environment.production_waivers.items())))

    def map_scope(self, name: str) -> Construct:
        """Return the scope of one of the environment's maps: a construct's path is the path of its setting."""
        if name not in self._scopes:
            self._scopes[name] = Construct(self, name)
        return self._scopes[name]

    def add_output(self, name: str, description: str, value: Mapping[str, Any] | str) -> None:
        """Define an output, unless there is nothing in it."""
        if value:
            scope = self.map_scope("outputs")  # which are called like maps themselves
            TerraformOutput(scope, name, description=description, value=terraform_literal(value), static_id=True)

    def add_role_policies(self) -> None:
        """Put out what the roles need that somebody else makes; the last, since all that is defined may grant."""
        required = required_policies(self.iam.needs)
        self.add_output("role_policies", "What roles need that others make, by ARN: hand it on to them", required)

    def read(self, source: "PlatformStack", output: str, *steps: str | int) -> str:
        """Return a token for the text at ``steps`` inside an output of ``source``, which is then applied before this.

        All that a stack reads stands together in its ``locals``, named after where it comes from.
        """
        name = "_".join(map(str, (output, *steps)))
        if name not in self._read_values:
            self._read_state_of(source)
            whole = f"{outputs_of(source.environment.state, source._name)}.{output}"
            inside = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
            # What is not there ends in an error, since the whole is no text; a check of this stack alone, which has
            # text in place of what others put out, goes through.
            local = TerraformLocal(self, name, f"${{try({whole}{inside}, {whole})}}")
            self._read_values[name] = local.as_string
        return self._read_values[name]

    def apply_after(self, other: "PlatformStack") -> None:
        """Have ``other`` applied before this and destroyed after it: something here starts what is there."""
        self.add_dependency(other)
        self._applied_after.add(other.node.id)
        self.add_override(f"//.{APPLIED_AFTER}", sorted(self._applied_after))

    def _read_state_of(self, source: "PlatformStack") -> None:
        if source not in self._sources:
            self._sources.append(source)
            self.add_dependency(source)
            settings = source.environment.state
            if isinstance(settings, HcpTerraformState) and settings.outputs_only:
                workspace = settings.workspace(source.environment.project, source.environment.name, source._name)
                read_outputs(self, settings, source._name, workspace)
                return
            name = f"{source.environment.name}-{source._name}"
            state = source._backend.get_remote_state_data_source(self, f"state-of-{source._name}", name)
            state.override_logical_id(source._name)
