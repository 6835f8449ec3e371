"""The IAM policy of one team, to be attached to whatever role the team's people and services use."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from constructs import Construct

from modules.batch.rights import (
    describe_statement,
    end_statement,
    submit_statement,
    submit_tagged_statement,
    tag_jobs_statement,
)
from modules.batch.settings.teams import TeamAccess
from modules.iam.policy import policy_document
from modules.naming import AwsLocation, require_name


class TeamPolicy(Construct):
    """Define the policy of a team that must tag what it submits and may end only what carries its tag."""

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
    ) -> None:
        super().__init__(scope, id_)
        require_name("batch", name)
        tags = {settings.tag_key: settings.tag_value}
        must_tag = {"StringEquals": {f"aws:RequestTag/{key}": value for key, value in tags.items()}}
        if settings.share_identifier:
            # A queue without shares is asked for none; where one is missing that is needed, Batch refuses the job.
            must_tag["StringLikeIfExists"] = {"batch:ShareIdentifier": settings.share_identifier}
        shared = [
            submit_statement(location, shared_definition_names, shared_queue_arns, condition=must_tag),
        ]
        self.policy = IamPolicy(
            self,
            "Resource",
            name=name,
            description=f"Batch for whatever is tagged {settings.tag_key}={settings.tag_value}",
            policy=policy_document(
                [
                    submit_tagged_statement(location, tags, condition=must_tag),
                    *(shared if shared_definition_names or shared_queue_arns else ()),
                    tag_jobs_statement(location, tags),
                    end_statement(location, tags),
                    describe_statement(),
                ]
            ),
        )
        self.policy_arn: str = self.policy.arn
