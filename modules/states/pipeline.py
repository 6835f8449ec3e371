"""A pipeline: ``aws_sfn_state_machine`` with its alias, role and log group."""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.sfn_alias import SfnAlias, SfnAliasRoutingConfiguration
from constructs import Construct

from modules.canonical_json import canonical_json
from modules.cloudwatch.log_group import define_log_group
from modules.defaults import default_location, default_name
from modules.iam.existing_role import define_chosen_role
from modules.iam.policy import Statement
from modules.iam.services import STATES
from modules.kms.encryption_key import define_key
from modules.names import require_name
from modules.naming import AwsLocation
from modules.states.document import Calls, pipeline_document
from modules.states.execution import LIVE, start_command
from modules.states.machine import define_state_machine
from modules.states.settings.pipelines import PipelineSettings


class Pipeline(Construct):
    """Define a state machine, each change of which is a version, and the alias that the newest is started by.

    ``calls``: what each stage calls; ``permissions``: what it needs for that, by the names of policies. ``from_pipe``:
    messages start it, too.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: PipelineSettings,
        calls: Calls,
        permissions: Mapping[str, Sequence[Statement]],
        name: str | None = None,
        location: AwsLocation | None = None,
        from_pipe: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self.name = name = default_name(scope, id_, name)
        self.location = location = default_location(scope, location)
        self.settings = settings
        require_name("state machine", name)
        self.role = define_chosen_role(
            self, settings, name=name, service=STATES, location=location, description=f"Executions of {name}"
        )
        for policy, statements in sorted(permissions.items()):
            self.role.add_policy(policy, statements)
        tags = settings.tags or None
        log_group = define_log_group(
            self,
            "log-group",
            name=settings.log_group_name(name),
            retention_days=settings.log_retention_days,
            key=define_key(self, settings.log_kms_key, name=f"pipelines/{name}", location=location),
            tags=tags,
        )
        self.log_group_name: str = log_group.name
        self.machine = define_state_machine(
            self,
            name=name,
            definition=canonical_json(pipeline_document(settings, calls, location, from_pipe=from_pipe)),
            role=self.role,
            log_group=log_group,
            log_level=settings.log_level,
            log_execution_data=settings.log_execution_data,
            publish=True,
            tags=tags,
        )
        self.alias = SfnAlias(
            self,
            "alias",
            name=LIVE,
            description="What is started",
            routing_configuration=[
                SfnAliasRoutingConfiguration(
                    state_machine_version_arn=self.machine.state_machine_version_arn, weight=100
                )
            ],
        )
        self.alias_arn: str = self.alias.arn

    @property
    def start_command(self) -> str:
        """The AWS CLI line that starts an execution and prints its ARN."""
        return start_command(self.location.region, self.alias_arn, self.settings)
