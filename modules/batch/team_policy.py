"""The IAM policy of one team, to be attached to whatever role the team's people and services use."""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from constructs import Construct

from modules.batch.permissions import team_statements
from modules.batch.settings.teams import TeamAccess, team_tag_problems
from modules.iam.account_rules import iam_rules
from modules.iam.policy import policy_document
from modules.names import require_name
from modules.naming import AwsLocation
from modules.problems import SettingsError


class TeamPolicy(Construct):
    """Define the policy of a team that must tag what it submits and may end only what carries its tag.

    ``platform_tags``: those that all jobs of the platform carry; ``team_tag_keys``: of those that tell jobs of teams.
    ``policy_arn`` is a token.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: TeamAccess,
        shared_definition_names: Sequence[str],
        shared_queue_arns: Sequence[str],
        location: AwsLocation,
        platform_tags: Mapping[str, str],
        team_tag_keys: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id_)
        require_name("policy", name)
        if problems := list(team_tag_problems(settings, platform_tags)):
            raise SettingsError(name, problems)
        statements = team_statements(
            location,
            settings,
            shared_definition_names=shared_definition_names,
            shared_queue_arns=shared_queue_arns,
            platform_tags=platform_tags,
            team_tag_keys=team_tag_keys,
        )
        policy = IamPolicy(
            self,
            "Resource",
            name=name,
            path=iam_rules(self).path,
            # Another description replaces the policy, which IAM refuses while it is attached: nothing of the tag in it.
            description=f"What {name} may do in Batch",
            policy=policy_document(statements),
        )
        self.policy_arn: str = policy.arn
